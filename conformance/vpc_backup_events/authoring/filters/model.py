"""A filter that was read, as a value, and the error of an expression that is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from vpc_backup_events.authoring.filters.tree import Condition, Node
from vpc_backup_events.values.errors import KitError

__all__ = ["Condition", "Filter", "FilterError"]

# characters of the expression that are shown on each side of the place
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Filter:
    """A topic filter."""

    #: as it was written
    expression: str
    decide: Callable[[object], bool] = field(repr=False, compare=False)
    #: its conditions, and what joins them
    tree: Node = field(repr=False, compare=False)
    #: its paths and comparisons, from left to right
    conditions: tuple[Condition, ...] = field(repr=False, compare=False)
    #: Event Notifications can't read one of its regular expressions; it then takes nothing
    refused: bool = field(default=False, repr=False, compare=False)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the filter lets the event through; never raises.

        What takes more steps than `MOST_STEPS` of the evaluation, as filters within filters of filters do, lets
        nothing through.
        """
        return not self.refused and self.decide(event)

    def __str__(self) -> str:
        return self.expression


class FilterError(KitError):
    """The expression is no filter in the language of Event Notifications."""

    code: ClassVar[str] = "filter"

    def __init__(self, message: str, hint: str, expression: str, position: int) -> None:
        super().__init__(message, hint)
        self.expression = expression
        # index of the character from which on it is none, from 0; the length of the expression for its end
        self.position = min(max(position, 0), len(expression))

    @property
    def pointed(self) -> tuple[str, str]:
        """The expression on one line, cut around the place, and a line with a caret under the place."""
        start = max(0, self.position - _AROUND)
        cut = self.expression[start : self.position + _AROUND]
        line = "".join(c if c.isprintable() else " " for c in cut)
        return line, " " * (self.position - start) + "^"
