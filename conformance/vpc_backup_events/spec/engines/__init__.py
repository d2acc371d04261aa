"""What an engine gives: for an instance, where which keyword of which subschema failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

__all__ = ["Engine", "Schema", "Validator", "Violation"]

Schema = dict[str, Any]


class Violation(NamedTuple):
    """One keyword that failed at one place."""

    path: tuple[str | int, ...]
    keyword: str
    # the schema object that has the keyword
    schema: Schema


class Validator(Protocol):
    """A compiled schema."""

    def is_valid(self, instance: Any) -> bool:
        """Whether the instance has no violation."""

    def violations(self, instance: Any) -> Iterator[Violation]:
        """Every keyword that failed, in no particular order, some more than once."""


class Engine(Protocol):
    """A library that compiles schemas."""

    def validator(self, uri: str) -> Validator:
        """The compiled schema at `uri`."""
