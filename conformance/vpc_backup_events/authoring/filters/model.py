"""A filter that was read, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """One path of a filter, and what it is compared with."""

    # names of the members that lead to it, as far as they are names
    names: tuple[str, ...]
    # whether that is the whole path
    whole: bool
    # ==, !=, <, <=, >, >=, =~, or empty where the path stands alone
    operator: str
    # what it is compared with, None for nothing, null or another path
    value: str | int | float | bool | None
    # whether it stands in an odd number of not( )
    negated: bool
    # index of its $ in the expression
    position: int

    @property
    def path(self) -> str:
        """The path, as far as it is made of names."""
        return ".".join(("$", *self.names))


@dataclass(frozen=True, slots=True)
class Filter:
    """A topic filter."""

    expression: str
    decide: Callable[[object], bool] = field(repr=False, compare=False)
    # its paths and comparisons, from left to right
    conditions: tuple[Condition, ...] = field(repr=False, compare=False)
    # Event Notifications can't read one of its regular expressions; it then takes nothing
    refused: bool = field(default=False, repr=False, compare=False)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the filter lets the event through; never raises."""
        return self.decide(event)

    def __str__(self) -> str:
        return self.expression
