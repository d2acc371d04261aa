"""A filter that was read, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vpc_backup_events.authoring.filters.tree import Condition, Node

__all__ = ["Condition", "Filter"]


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
        return self.decide(event)

    def __str__(self) -> str:
        return self.expression
