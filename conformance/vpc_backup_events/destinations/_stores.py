"""Event Streams, Cloud Object Storage and Code Engine jobs: the event as JSON, in a message, an object, a variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vpc_backup_events.catalog.names import JOB_VARIABLE
from vpc_backup_events.destinations._rendering import Options, Parts, pretty
from vpc_backup_events.making.draft import compact
from vpc_backup_events.values.errors import UsageError


def event_streams(event: Mapping[str, Any], options: Options) -> Parts:
    """One message of Kafka."""
    text = compact(event)
    return Parts({"value": text}, text, "json")


def cos(event: Mapping[str, Any], options: Options) -> Parts:
    """One object and its key."""
    for what, name in (
        ("name of a destination", options.destination_name),
        ("notification id", options.notification_id),
    ):
        if not name or "/" in name or name in (".", "..") or not name.isprintable():
            raise UsageError(f"{name!r} can't be the {what} in a key.", "Give a name without slashes.")
    text = compact(event)
    return Parts({"key": f"{options.destination_name}/{options.notification_id}.json", "object": text}, text, "json")


def code_engine(event: Mapping[str, Any], options: Options) -> Parts:
    """The environment of the job."""
    environment = {JOB_VARIABLE: compact(event)}
    return Parts({"environment": environment}, pretty(environment), "json")
