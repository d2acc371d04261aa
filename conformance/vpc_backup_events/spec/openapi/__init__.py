"""The descriptions of the APIs in `schemas/api/` as something that finds operations and judges requests and answers."""

from __future__ import annotations

from vpc_backup_events.spec.openapi.bodies import parse_body
from vpc_backup_events.spec.openapi.descriptions import (
    BACKUP_JOBS,
    EVENT_NOTIFICATIONS,
    PREFIX,
    ApiDescription,
    Match,
    Operation,
    Parameter,
    description,
    value_of,
)
from vpc_backup_events.spec.openapi.problems import Problem
from vpc_backup_events.spec.openapi.references import with_event_schemas

__all__ = [
    "BACKUP_JOBS",
    "EVENT_NOTIFICATIONS",
    "PREFIX",
    "ApiDescription",
    "Match",
    "Operation",
    "Parameter",
    "Problem",
    "description",
    "parse_body",
    "value_of",
    "with_event_schemas",
]
