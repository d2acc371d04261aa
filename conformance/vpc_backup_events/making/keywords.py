"""The schema keywords that carry requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from vpc_backup_events.spec.schemas import schemas

__all__ = ["Keyword", "by_schema", "keywords"]


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
def by_schema() -> Mapping[tuple[int, str, str], Keyword]:
    """Keywords by the identity of the schema that has them, the keyword and the member."""
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
    return tuple(by_schema().values())
