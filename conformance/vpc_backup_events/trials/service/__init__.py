"""How a service of the API is judged: one module a part of the API, each trial one requirement."""

from __future__ import annotations

from vpc_backup_events.trials.service import (
    connection,
    deliveries,
    errors,
    fuzz,
    jobs,
    lists,
    notifications,
    operations,
    refusals,
    sources,
)
from vpc_backup_events.trials.service.run import FUZZ, ServiceFacts, ServiceRun
from vpc_backup_events.trials.service.trials import SERVICE

__all__ = [
    "FUZZ",
    "SERVICE",
    "ServiceFacts",
    "ServiceRun",
    "connection",
    "deliveries",
    "errors",
    "fuzz",
    "jobs",
    "lists",
    "notifications",
    "operations",
    "refusals",
    "sources",
]
