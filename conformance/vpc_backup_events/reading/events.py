"""Dict, text, bytes, or an HTTP message to one event and its details, never with an uncaught exception."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.reading.json_values import TooDeepError, as_json, is_blank, surrogates
from vpc_backup_events.reading.messages import Message, headers_and_body, read_message
from vpc_backup_events.reading.model import Reading
from vpc_backup_events.reading.tolerant import details_value, event_value
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.json_text import NotJsonError, decode, duplicates, shadowed

__all__ = ["read_event"]


def read_event(event: Any) -> Reading:
    """An event from a dict, str, bytes, (headers, body), or an object with headers and a body; never an email."""
    reading = Reading()
    try:
        value = _value(event, reading)
    except (NotJsonError, TooDeepError) as error:
        reading.breaches.append(Breach("P11-event-json", (), {"reason": f"The event is no JSON: {error}"}))
        return reading
    reading.event = surrogates(value, (), reading.breaches)
    if isinstance(value, dict) and isinstance(value.get(LONG), str):
        _read_details(reading, value[LONG])
    return reading


def _value(event: Any, reading: Reading) -> Any:
    if isinstance(event, bytearray | memoryview):
        event = bytes(event)
    if isinstance(event, bytes | str):
        return _read_text(event, reading)
    parts = list(headers_and_body(event))
    if parts:
        try:
            message = event if isinstance(event, Message) else Message.of(*parts)
        except (TypeError, ValueError) as error:
            raise NotJsonError(f"the message can't be read ({error}).") from None
        value, text, breaches = read_message(message)
        reading.breaches += breaches
        if text is not None:
            return _read_text(text, reading)
        _note_duplicates(reading, value, "P11-event-duplicate-member", ())
        reading.size = _size(value)
        return value
    if not isinstance(event, Mapping) and not isinstance(event, list | tuple | int | float) and event is not None:
        raise NotJsonError(
            f"a {type(event).__name__} was given; give a dict, str, bytes, or a pair of headers and body."
        )
    value = as_json(event, (), reading.breaches)
    reading.size = _size(value)
    return value


def _read_text(data: bytes | str, reading: Reading) -> Any:
    text = decode(data) if isinstance(data, bytes) else data
    reading.size = len(data) if isinstance(data, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if text.startswith("\ufeff"):
        reason = "The event begins with a byte order mark, which JSON forbids."
        reading.breaches.append(Breach("P11-event-json", (), {"reason": reason}))
        text = text[1:]
    value, repairs = event_value(text)
    reading.breaches += repairs
    _note_duplicates(reading, value, "P11-event-duplicate-member", ())
    return value


def _note_duplicates(reading: Reading, value: Any, requirement: str, prefix: Path) -> None:
    for path, name, count in duplicates(value, prefix):
        reading.breaches.append(Breach(requirement, path, {"name": name, "count": count}))
    reading.shadowed += shadowed(value, prefix)


def _size(value: Any) -> int:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def _read_details(reading: Reading, text: str) -> None:
    if is_blank(text):
        return
    try:
        value, reading.prose, repairs = details_value(text)
    except NotJsonError as error:
        reading.breaches.append(Breach("P11-details-json", (LONG,), {"reason": str(error)}))
        return
    repaired = any(breach.requirement == "P11-raw-line-break" for breach in reading.breaches)
    reading.breaches += (b for b in repairs if not (repaired and b.requirement == "P11-line-break"))
    _note_duplicates(reading, value, "P11-details-duplicate-member", (LONG, INSIDE))
    reading.details = surrogates(value, (LONG, INSIDE), reading.breaches)
