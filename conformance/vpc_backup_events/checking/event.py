"""One event that was read, against one schema and the rules."""

from __future__ import annotations

from functools import cache
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules import Context, rule_breaches
from vpc_backup_events.checking.schema import schema_breaches
from vpc_backup_events.reading import NOTHING, Reading
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.values.breach import INSIDE, Breach

__all__ = ["details_uri", "event_breaches"]


def event_breaches(reading: Reading) -> list[Breach]:
    """Every breach in one event that was read, in no particular order."""
    breaches = list(reading.breaches)
    event, details = reading.event, reading.details
    if event is NOTHING:
        return breaches
    event_type = _type_of(event)
    breaches += schema_breaches(_uri(event_type), event, ())
    if details is not NOTHING:
        breaches += schema_breaches(details_uri(event_type, reading.prose), details, (LONG, INSIDE))
    if isinstance(event, dict):
        is_object = isinstance(details, dict)
        members = details if is_object else {}
        context = Context(event, reading.size, members, is_object, reading.prose, event_type, reading.shadowed)
        breaches += rule_breaches(context)
    return breaches


@cache
def _spellings() -> dict[str, EventType]:
    return {spelling: e for e in catalog.event_types.values() for spelling in (e.type, *e.aliases)}


def _type_of(event: Any) -> EventType | None:
    named = event.get("type") if isinstance(event, dict) else None
    return _spellings().get(named) if isinstance(named, str) else None


def _uri(event_type: EventType | None) -> str:
    return f"{PREFIX}event:strict:{event_type.name if event_type else 'envelope'}"


def details_uri(event_type: EventType | None, prose: bool) -> str:
    """The schema of the details: of the JSON in the email's prose, or of that in the long text."""
    if event_type:
        return f"{_uri(event_type)}#/$defs/{'email' if prose else 'details'}"
    return f"{PREFIX}details:strict:{'email' if prose else 'long-text'}"
