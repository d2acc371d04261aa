"""What an engine gives: for an instance, where which keyword of which subschema failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Protocol

__all__ = ["CARRIED", "Engine", "Schema", "Validator", "Violation"]

Schema = dict[str, Any]
# the keyword that names the requirement of each other keyword
CARRIED = "x-requirements"


class Violation(NamedTuple):
    """One keyword that failed at one place."""

    path: tuple[str | int, ...]
    keyword: str
    # the schema object that has the keyword
    schema: Schema

    @property
    def requirement(self) -> Any:
        """The requirement that the keyword carries, or None; of `required` one for each member."""
        return self.schema.get(CARRIED, {}).get(self.keyword)

    def value_in(self, instance: Any) -> Any:
        """The value at the place, in the instance that was judged."""
        for step in self.path:
            instance = instance[step]
        return instance


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

    def finder(self, patterns: Iterable[str]) -> Callable[[str], bool]:
        """What says of a text whether one of the patterns, which are such as schemas have, stands in it."""
