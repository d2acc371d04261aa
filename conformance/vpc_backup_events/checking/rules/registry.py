"""How a rule is written: a generator of breaches over a context, registered under the requirements that it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.catalog.model import EventType
from vpc_backup_events.reading import Reading
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.breach import Breach, Path

__all__ = ["RULES", "Context", "Rule", "rule", "string"]


@dataclass(slots=True, eq=False)
class Context:
    """One event as the rules see it.

    Attributes:
        event: The event's members.
        text: The JSON of the event, empty where there is none.
        size: Bytes of that in UTF-8.
        details: The members of the details, empty where they could not be read.
        has_details: The details were read, and are an object.
        prose: The details stand in the prose of an email.
        event_type: The event type that `type` names, by any accepted spelling.
        shadowed: Members that a later one of the same name hides: path and value.
    """

    event: Mapping[str, Any]
    text: str
    size: int
    details: Mapping[str, Any]
    has_details: bool
    prose: bool
    event_type: EventType | None = None
    shadowed: Sequence[tuple[Path, Any]] = ()

    @classmethod
    def of(cls, reading: Reading, event_type: EventType | None = None) -> Context:
        """What was read, in the words of an event."""
        event = reading.event if isinstance(reading.event, dict) else {}
        is_object = isinstance(reading.details, dict)
        details = reading.details if is_object else {}
        facts = event, reading.text, reading.size, details, is_object, reading.prose, event_type, reading.shadowed
        return cls(*facts)


Rule = Callable[[Context], Iterator[Breach]]

# by requirement; a rule may judge several
RULES: dict[str, Rule] = {}


def rule(*requirements: str) -> Callable[[Rule], Rule]:
    """Registers the function as what judges the requirements."""

    def register(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(requirements, function))
        return function

    return register


def string(members: Mapping[str, Any], name: str) -> str:
    """The member where it is a string that is not blank, else an empty string."""
    value = members.get(name)
    return value if isinstance(value, str) and not is_blank(value) else ""
