"""How a rule is written: a generator over a context, registered under its requirement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.catalog.model import EventType
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.breach import Path


# compared by identity, so that what was told of one can be remembered
@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """One event as the rules see it."""

    # the event's members
    event: Mapping[str, Any]
    # bytes
    size: int
    # the members of the details, empty where they could not be read
    details: Mapping[str, Any]
    # the details were read, and are an object
    has_details: bool
    # the details stand in the prose of an email
    prose: bool
    # the event type that `type` names, by any accepted spelling
    event_type: EventType | None
    # members that a later one of the same name hides: path and value
    shadowed: Sequence[tuple[Path, Any]] = ()


Places = Iterator[tuple[Path, Mapping[str, Any]]]
Rule = Callable[[Context], Places]

RULES: dict[str, Rule] = {}


def rule(requirement: str) -> Callable[[Rule], Rule]:
    """Registers the function as the judge of `requirement`."""

    def register(function: Rule) -> Rule:
        RULES[requirement] = function
        return function

    return register


def string(members: Mapping[str, Any], name: str) -> str:
    """The member where it is a string that is not blank, else an empty string."""
    value = members.get(name)
    return value if isinstance(value, str) and not is_blank(value) else ""
