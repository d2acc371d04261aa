"""One event that was read, against one schema and the rules."""

from __future__ import annotations

from functools import cache
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules import Context, event_rules, rule_breaches
from vpc_backup_events.checking.schema import schema_breaches
from vpc_backup_events.reading import NOTHING, Reading
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.values.breach import INSIDE, Breach
from vpc_backup_events.values.levels import Profile

__all__ = ["details_uri", "event_breaches"]


def event_breaches(reading: Reading, profile: Profile) -> list[Breach]:
    """Every breach in one event that the profile judges, and perhaps others, in no particular order."""
    breaches = list(reading.breaches)
    event, details = reading.event, reading.details
    if event is NOTHING:
        return breaches
    event_type = _type_of(event)
    breaches += schema_breaches(_event_uri(event_type.name if event_type else ""), event, (), profile)
    if details is not NOTHING:
        uri = details_uri(event_type.name if event_type else "", reading.prose)
        breaches += schema_breaches(uri, details, (LONG, INSIDE), profile)
    if isinstance(event, dict):
        breaches += rule_breaches(Context.of(reading, event_type), event_rules(profile))
    return breaches


@cache
def _spellings() -> dict[str, EventType]:
    spellings: dict[str, EventType] = {}
    for event_type in catalog.event_types.values():
        spellings.update(dict.fromkeys((event_type.type, *event_type.aliases), event_type))
    return spellings


def _type_of(event: Any) -> EventType | None:
    name = event.get("type") if isinstance(event, dict) else None
    return _spellings().get(name) if isinstance(name, str) else None


@cache
def _event_uri(event_type: str) -> str:
    return f"{PREFIX}event:strict:{event_type or 'envelope'}"


@cache
def details_uri(event_type: str, prose: bool) -> str:
    """The schema of the details: of the JSON in the email's prose, or of that in the long text.

    `event_type` is the name of one, or empty where there is none.
    """
    if event_type:
        return f"{_event_uri(event_type)}#/$defs/{'email' if prose else 'details'}"
    return f"{PREFIX}details:strict:{'email' if prose else 'long-text'}"
