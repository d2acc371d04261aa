"""Rules for the envelope: time, names, sizes, id, short text (P02, P03, P09, P10, P19)."""

from __future__ import annotations

import json
import re
from functools import cache

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, MAX_BYTES, MAX_LONG, MAX_SHORT, SHORT
from vpc_backup_events.checking.rules.registry import Context, Places, rule, string

MAX_NAME = 20

_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))\Z", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


@rule("P02-time-format")
def leap_second(context: Context) -> Places:
    """Second 60 stands only where it is 23:59:60 in UTC; the rest of the format is the schema's."""
    match = _TIME.match(string(context.event, "time"))
    if not match or match[6] != "60":
        return
    offset = 0 if not match[7] else int(match[7] + "1") * (int(match[8]) * 60 + int(match[9]))
    if (int(match[4]) * 60 + int(match[5]) - offset) % 1440 != 1439:
        yield ("time",), {"value": context.event["time"]}


@rule("P02-time-utc")
def time_utc(context: Context) -> Places:
    """An offset other than zero."""
    match = _TIME.match(string(context.event, "time"))
    if match and match[7] and (match[8], match[9]) != ("00", "00"):
        yield ("time",), {"value": context.event["time"]}


@rule("P03-attribute-value")
def whole_float(context: Context) -> Places:
    """A number with a fraction or an exponent is no integer, even where its value is whole (1.0)."""
    for name, value in context.event.items():
        if isinstance(value, float) and name != "data":
            yield (name,), {"value": value, "name": name}


@rule("P03-attribute-name-length")
def name_length(context: Context) -> Places:
    """Names over 20 characters."""
    for name in context.event:
        if len(name) > MAX_NAME:
            yield (name,), {"name": name, "count": len(name)}


@rule("P05-type-documented")
def documented_type(context: Context) -> Places:
    """Another name for the one failure whose event type the documentation spells."""
    named = string(context.event, "type")
    for event_type in catalog.event_types.values():
        facts = (string(context.details, "match_resource_type"), string(context.details, "job_type"))
        is_about = event_type.kind == "documented" and facts == (event_type.resource_type, event_type.job_type)
        below = event_type.type.rpartition(".")[0] + "."
        if is_about and named.startswith(below) and named not in catalog.event_types:
            yield ("type",), {"value": named, "expected": event_type.type}


@rule("P09-size")
def size(context: Context) -> Places:
    """More bytes than a request to Event Notifications may have."""
    if context.size > MAX_BYTES:
        yield (), {"count": context.size}


@rule("P09-short-length")
def short_length(context: Context) -> Places:
    """A short text over 1,000 characters."""
    count = len(string(context.event, SHORT))
    if count > MAX_SHORT:
        yield (SHORT,), {"count": count}


@rule("P09-long-length")
def long_length(context: Context) -> Places:
    """A long text over 3,000 characters."""
    count = len(string(context.event, LONG))
    if count > MAX_LONG:
        yield (LONG,), {"count": count}


@rule("P10-id-uuid")
def id_uuid(context: Context) -> Places:
    """An id that is no UUID."""
    id = string(context.event, "id")
    if id and not _UUID.match(id):
        yield ("id",), {"value": id}


@rule("P10-id-lower-case")
def id_lower_case(context: Context) -> Places:
    """A UUID with upper-case digits."""
    id = string(context.event, "id")
    if _UUID.match(id) and id != id.lower():
        yield ("id",), {}


@rule("P10-id-example")
def id_example(context: Context) -> Places:
    """The id that stands in the documentation's examples."""
    if string(context.event, "id").lower() == catalog.examples["event_id"]:
        yield ("id",), {}


@cache
def _short_texts() -> tuple[str, ...]:
    return (catalog.examples["short_text"], *(event_type.title for event_type in catalog.event_types.values()))


@rule("P19-short-text")
def short_text(context: Context) -> Places:
    """A short text that the documentation does not show."""
    text = string(context.event, SHORT)
    if text and text not in _short_texts():
        expected = context.event_type.title if context.event_type else _short_texts()[0]
        yield (SHORT,), {"value": text, "expected": json.dumps(expected)}
