"""Which schema keywords that carry a requirement an event breaks."""

from __future__ import annotations

from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.making.keywords import Keyword, by_schema
from vpc_backup_events.reading import NOTHING, read_event
from vpc_backup_events.spec.schemas import PREFIX, validator


def broken_by(event: Any, reason: str) -> set[Keyword]:
    """The keywords that an event fails, in its own and every other schema; `reason` names a reason schema."""
    reading = read_event(event)
    broken: set[Keyword] = set()
    if reading.event is NOTHING:
        return broken
    for profile in ("", "strict:"):
        for name in ("envelope", *(e.name for e in catalog.event_types.values())):
            broken |= _failed(f"{PREFIX}event:{profile}{name}", reading.event)
            if name != "envelope" and reading.details is not NOTHING:
                form = "email" if reading.prose else "details"
                broken |= _failed(f"{PREFIX}event:{profile}{name}#/$defs/{form}", reading.details)
        if reading.details is not NOTHING:
            for name in ("details:{}long-text", "details:{}email", f"reason:{{}}{reason}"):
                broken |= _failed(PREFIX + name.format(profile), reading.details)
    return broken


def _failed(uri: str, instance: Any) -> set[Keyword]:
    compiled = validator(uri)
    if compiled.is_valid(instance):
        return set()
    broken: set[Keyword] = set()
    for path, keyword, schema in compiled.violations(instance):
        value = instance
        for step in path:
            value = value[step]
        for member in schema.get("required", [""]) if keyword == "required" else [""]:
            key = (id(schema), keyword, member)
            if key in by_schema() and (keyword != "required" or member not in value):
                broken.add(by_schema()[key])
    return broken
