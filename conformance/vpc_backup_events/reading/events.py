"""Dict, text, bytes, or an HTTP message to one event and its details, never with an uncaught exception."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vpc_backup_events.catalog.names import LONG, MAX_BYTES
from vpc_backup_events.reading.json_values import TooDeepError, as_json, is_blank, may_have_surrogates, surrogates
from vpc_backup_events.reading.messages import Message, headers_and_body, read_message
from vpc_backup_events.reading.model import Reading
from vpc_backup_events.reading.tolerant import details_value, event_value
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.json_text import NotJsonError, decode, duplicates, has_duplicates, shadowed

__all__ = ["read_event"]


def read_event(event: Any) -> Reading:
    """An event from a dict, str, bytes, (headers, body), or an object with headers and a body; never an email."""
    reading = Reading()
    try:
        value, is_plain = _value(event, reading)
    except (NotJsonError, TooDeepError) as error:
        reading.breaches.append(Breach("P11-event-json", (), {"reason": f"The event is no JSON: {error}"}))
        return reading
    is_safe = is_plain and not may_have_surrogates(reading.text)
    if reading.size > MAX_BYTES:
        # what is looked for in a text is looked for in the values then; nothing needs one more copy of them
        reading.text = ""
    reading.event = value if is_safe else surrogates(value, (), reading.breaches)
    long = value.get(LONG) if isinstance(value, dict) else None
    if isinstance(long, str):
        _read_details(reading, long, is_safe)
    return reading


def _value(event: Any, reading: Reading) -> tuple[Any, bool]:
    """The JSON value of the event, and whether it surely consists of plain objects; its text is noted."""
    if isinstance(event, (bytes, str)):
        return _read_text(event, reading)
    if isinstance(event, (bytearray, memoryview)):
        return _read_text(bytes(event), reading)
    if type(event) is not dict:
        parts = list(headers_and_body(event))
        if parts:
            return _read_message(event, parts, reading)
        if not isinstance(event, Mapping) and not isinstance(event, list | tuple | int | float) and event is not None:
            raise NotJsonError(
                f"a {type(event).__name__} was given; give a dict, str, bytes, or a pair of headers and body."
            )
    value = event.copy() if _is_plain(event) else as_json(event, (), reading.breaches)
    _keep_text(reading, _ENCODER.encode(value))
    return value, True


def _is_plain(event: Any) -> bool:
    """Whether the event is a dict of strings alone, which is what most programs hand over."""
    return type(event) is dict and set(map(type, event)) == set(map(type, event.values())) == {str}


def _read_message(event: Any, parts: list[Any], reading: Reading) -> tuple[Any, bool]:
    try:
        message = event if isinstance(event, Message) else Message.of(*parts)
    except (TypeError, ValueError) as error:
        raise NotJsonError(f"the message can't be read ({error}).") from None
    value, text, breaches = read_message(message)
    reading.breaches += breaches
    if text is not None:
        return _read_text(text, reading)
    _note_duplicates(reading, value, "P11-event-duplicate-member", ())
    _keep_text(reading, _ENCODER.encode(value))
    return value, False


def _read_text(data: bytes | str, reading: Reading) -> tuple[Any, bool]:
    if isinstance(data, bytes):
        text = reading.text = decode(data)
        reading.size = len(data)
    else:
        text = data
        _keep_text(reading, text)
    if text.startswith("\ufeff"):
        reason = "The event begins with a byte order mark, which JSON forbids."
        reading.breaches.append(Breach("P11-event-json", (), {"reason": reason}))
        text = text[1:]
    value, repairs = event_value(text)
    reading.breaches += repairs
    if has_duplicates(value):
        _note_duplicates(reading, value, "P11-event-duplicate-member", ())
    return value, type(value) is dict


def _note_duplicates(reading: Reading, value: Any, requirement: str, prefix: Path) -> None:
    for path, name, count in duplicates(value, prefix):
        reading.breaches.append(Breach(requirement, path, {"name": name, "count": count}))
    for path, member in shadowed(value, prefix):
        reading.shadowed.append((path, surrogates(member, path, reading.breaches)))


def _keep_text(reading: Reading, text: str) -> None:
    """Notes a text of a program, in which raw surrogates may stand; U+FFFD takes their place."""
    data = text.encode("utf-8", "surrogatepass")
    reading.text = data.decode("utf-8", "replace")
    reading.size = len(data)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _read_details(reading: Reading, text: str, is_safe: bool) -> None:
    """Reads the long text; `is_safe` says that no unpaired surrogate stands in it as such."""
    if is_blank(text):
        return
    try:
        value, reading.prose, repairs = details_value(text)
    except NotJsonError as error:
        reading.breaches.append(Breach("P11-details-json", (LONG,), {"reason": str(error)}))
        return
    if repairs:
        if any(breach.requirement == "P11-raw-line-break" for breach in reading.breaches):
            repairs = tuple(breach for breach in repairs if breach.requirement != "P11-line-break")
        reading.breaches += repairs
    if has_duplicates(value):
        _note_duplicates(reading, value, "P11-details-duplicate-member", (LONG, INSIDE))
    # an escape of the long text may itself be written with escapes, so that the text of the event does not show it
    if not is_safe or type(value) is not dict or may_have_surrogates(text):
        value = surrogates(value, (LONG, INSIDE), reading.breaches)
    reading.details = value
