"""Rules for the envelope: time, names, sizes, id, short text (P02, P03, P09, P10, P19)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, MAX_BYTES, MAX_LONG, MAX_SHORT, SHORT
from vpc_backup_events.checking.rules.registry import Context, rule, string
from vpc_backup_events.values.breach import Breach

__all__ = ["MAX_NAME", "MINUTES_A_DAY", "attributes", "documented_type", "identifier", "short_text", "sizes", "time"]

MAX_NAME = 20
MINUTES_A_DAY = 24 * 60
# how a time in UTC ends, and how a leap second is written
_UTC = ("Z", "z")
_LEAP = ":60"

_TEXTS = (("P09-short-length", SHORT, MAX_SHORT), ("P09-long-length", LONG, MAX_LONG))

_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))\Z", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


@rule("P02-time-format", "P02-time-utc")
def time(context: Context) -> Iterator[Breach]:
    """An offset other than zero; second 60 where it is not 23:59:60 in UTC. The rest of the format is the schema's."""
    value = string(context.event, "time")
    if value[-1:] in _UTC and _LEAP not in value:
        return
    match = _TIME.match(value)
    if not match:
        return
    second, sign, hours, minutes = match[6], match[7], match[8], match[9]
    if sign and (hours, minutes) != ("00", "00"):
        yield Breach("P02-time-utc", ("time",), {"value": match[0]})
    if second == "60":
        offset = int(f"{sign}1") * (int(hours) * 60 + int(minutes)) if sign else 0
        if (int(match[4]) * 60 + int(match[5]) - offset) % MINUTES_A_DAY != MINUTES_A_DAY - 1:
            yield Breach("P02-time-format", ("time",), {"value": match[0]})


@rule("P03-attribute-value", "P03-attribute-name-length")
def attributes(context: Context) -> Iterator[Breach]:
    """Names over 20 characters, and numbers with a fraction or an exponent: none is an integer, not even 1.0."""
    for name, value in context.event.items():
        if type(value) is float and name != "data":
            yield Breach("P03-attribute-value", (name,), {"value": value, "name": name})
        if len(name) > MAX_NAME:
            yield Breach("P03-attribute-name-length", (name,), {"name": name, "count": len(name)})


@rule("P05-type-documented")
def documented_type(context: Context) -> Iterator[Breach]:
    """Another name for the one failure whose event type the documentation spells."""
    name = string(context.event, "type")
    if name in catalog.event_types:
        return
    for event_type in catalog.event_types.values():
        facts = (string(context.details, "match_resource_type"), string(context.details, "job_type"))
        is_about = event_type.kind == "documented" and facts == (event_type.resource_type, event_type.job_type)
        below = event_type.type.rpartition(".")[0] + "."
        if is_about and name.startswith(below):
            yield Breach("P05-type-documented", ("type",), {"value": name, "expected": event_type.type})


@rule("P09-size", "P09-short-length", "P09-long-length")
def sizes(context: Context) -> Iterator[Breach]:
    """More bytes than a request to Event Notifications may have; a short or a long text that is too long."""
    if context.size > MAX_BYTES:
        yield Breach("P09-size", (), {"count": context.size})
    for requirement, name, most in _TEXTS:
        count = len(string(context.event, name))
        if count > most:
            yield Breach(requirement, (name,), {"count": count})


@rule("P10-id-uuid", "P10-id-lower-case", "P10-id-example")
def identifier(context: Context) -> Iterator[Breach]:
    """An id that is no UUID, has upper-case digits, or stands in the documentation's examples."""
    id = string(context.event, "id")
    if not id:
        return
    lower = id.lower()
    if not _UUID.match(id):
        yield Breach("P10-id-uuid", ("id",), {"value": id})
    elif id != lower:
        yield Breach("P10-id-lower-case", ("id",))
    if lower == catalog.examples.event_id:
        yield Breach("P10-id-example", ("id",))


@cache
def _short_texts() -> frozenset[str]:
    return frozenset((catalog.examples.short_text, *(e.title for e in catalog.event_types.values())))


@rule("P19-short-text")
def short_text(context: Context) -> Iterator[Breach]:
    """A short text that the documentation does not show."""
    text = string(context.event, SHORT)
    if text and text not in _short_texts():
        expected = context.event_type.title if context.event_type else catalog.examples.short_text
        yield Breach("P19-short-text", (SHORT,), {"value": text, "expected": json.dumps(expected)})
