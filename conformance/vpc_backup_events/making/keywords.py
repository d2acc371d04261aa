"""The schema keywords that carry requirements, and which of them an event breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from vpc_backup_events.making import find
from vpc_backup_events.reading import NOTHING, read_event
from vpc_backup_events.spec.schemas import PREFIX, schemas, validator


class Keyword(NamedTuple):
    """One keyword that carries a requirement."""

    # `$id` of the schema and JSON Pointer
    place: str
    keyword: str
    # of `required`: the member
    member: str
    requirement: str

    def __str__(self) -> str:
        return f"{self.place}/{self.keyword}{f' ({self.member})' if self.member else ''}: {self.requirement}"


@cache
def _by_schema() -> Mapping[tuple[int, str, str], Keyword]:
    """Keywords by the identity of the schema that has them."""
    keywords: dict[tuple[int, str, str], Keyword] = {}
    for uri, schema in schemas().items():
        keywords.update(_annotated(schema, f"{uri}#"))
    return keywords


def _annotated(node: Any, place: str) -> Iterator[tuple[tuple[int, str, str], Keyword]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _annotated(item, f"{place}/{index}")
    elif isinstance(node, dict):
        for keyword, carried in node.get("x-requirements", {}).items():
            for member, requirement in carried.items() if isinstance(carried, dict) else [("", carried)]:
                yield (id(node), keyword, member), Keyword(place, keyword, member, requirement)
        for name, value in node.items():
            if name not in ("x-requirements", "examples"):
                yield from _annotated(value, f"{place}/{name}")


def keywords() -> tuple[Keyword, ...]:
    """Every keyword of an event's, its details' and its reason's schemas that carries a requirement."""
    return tuple(_by_schema().values())


def broken_by(event: Any, reason: str) -> set[Keyword]:
    """The keywords that an event fails, in its own and every other schema; `reason` names a reason schema."""
    reading = read_event(event)
    broken: set[Keyword] = set()
    if reading.event is NOTHING:
        return broken
    for profile in ("", "strict:"):
        for name in ("envelope", *(e.name for e in find.event_types())):
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
            if key in _by_schema() and (keyword != "required" or member not in value):
                broken.add(_by_schema()[key])
    return broken
