"""The verdict of the oracle: from an event as text, bytes or parsed, to requirements with levels."""

from __future__ import annotations

import json

from oracle.details import judge_details
from oracle.envelope import judge_envelope, surrogates
from oracle.jsontext import Broken, Members, Number, Reader, from_python, twice
from oracle.levels import LEVELS

LONG = "ibmendefaultlong"


def judge(event, profile="documented"):
    """The set of (requirement, level) that the positions say of an event."""
    found = broken(event)
    column = {"documented": 0, "strict": 1}[profile]
    return {(one, LEVELS[one][column]) for one in found if LEVELS[one][column]}


def broken(event):
    """The requirements that the event breaks, whatever the profile makes of them."""
    found = set()
    if isinstance(event, (bytes, bytearray)):
        try:
            event = bytes(event).decode("utf-8")
        except UnicodeDecodeError:
            return {"P11-event-json"}
    raw_breaks = 0
    if isinstance(event, str):
        size = len(event.encode("utf-8", "surrogatepass"))
        if event.startswith("\ufeff"):
            found.add("P11-event-json")
            event = event[1:]
        reader = Reader(event, broken_member=LONG)
        try:
            value = reader.read()
        except Broken:
            return found | {"P11-event-json"}
        raw_breaks = reader.raw_breaks
    else:
        value = from_python(event)
        size = len(compact(value).encode("utf-8", "surrogatepass"))
    if size > 65536:
        found.add("P09-size")
    if not isinstance(value, Members):
        found |= {"P11-event-duplicate-member"} if twice(value) else set()
        return found | {"P11-event-object"} | surrogates(value)
    if twice(value):
        found.add("P11-event-duplicate-member")
    if raw_breaks:
        found.add("P11-raw-line-break")
    found |= judge_envelope(value)
    found |= judge_details(value, raw_breaks)
    if "P05-type-documented" in found:
        # one name is wrong in one way
        found -= {"P05-type", "P05-type-retention"}
    return found


def compact(value):
    """Compact JSON without escapes for characters outside ASCII."""
    if isinstance(value, Members):
        return "{" + ",".join(f"{compact(name)}:{compact(inner)}" for name, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, Number):
        return value.text
    return json.dumps(value, ensure_ascii=False)
