"""How a mutation is written: a function that changes a canonical draft, registered under what it breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, compact
from vpc_backup_events.reading import Message
from vpc_backup_events.values.scenario import Scenario

# object: a dict; text: str or bytes; message: headers and body; batch: a list of events that only together break it;
# email: an email about the job, its bytes
Form = Literal["object", "text", "message", "batch", "email"]
Change = Callable[[Draft, Choices], Any]

MISSING = object()


@dataclass(frozen=True, slots=True)
class Mutation:
    """One named way to turn a canonical event into another."""

    # `<requirement>/<what>`, or `<ledger entry>/<what>` where no requirement is broken
    name: str
    # the requirement that it breaks, or an empty string
    requirement: str
    # contradictions of the documentation that it shows
    ledger: tuple[str, ...]
    form: Form
    # what else is found, because the form can't be without it
    also: tuple[str, ...]
    # the change; what it returns, if anything, is the event
    change: Change
    # scenarios that can be changed so
    fits: Callable[[Scenario], bool]

    def apply(self, draft: Draft, choices: Choices) -> Any:
        """The changed event; the draft is used up."""
        changed = self.change(draft, choices)
        return draft.event() if changed is None else changed

    def expected(self, profile: str) -> frozenset[str]:
        """The exact set of requirement ids that `check` finds in the result."""
        ids = {*self.also, self.requirement} - {""}
        return frozenset(id for id in ids if catalog.requirements[id].profiles[profile] != "none")

    def errors(self, profile: str) -> frozenset[str]:
        """Those of them that make the event not ok."""
        return frozenset(id for id in self.expected(profile) if catalog.requirements[id].profiles[profile] == "error")


MUTATIONS: dict[str, Mutation] = {}


class Marks(TypedDict, total=False):
    """What is said of a mutation beside its name, as the fields of `Mutation` have it."""

    ledger: tuple[str, ...]
    also: tuple[str, ...]
    fits: Callable[[Scenario], bool]


def mutation(
    name: str,
    *,
    ledger: tuple[str, ...] = (),
    form: Form = "object",
    also: tuple[str, ...] = (),
    fits: Callable[[Scenario], bool] = lambda _: True,
) -> Callable[[Change], Change]:
    """Registers the function under `<requirement>/<what>`."""

    def register(change: Change) -> Change:
        breaks = name.partition("/")[0]
        requirement = breaks if breaks in catalog.requirements else ""
        entries = ledger if requirement else (breaks, *ledger)
        assert name not in MUTATIONS, name
        assert all(entry in catalog.ledger for entry in entries), name
        MUTATIONS[name] = Mutation(name, requirement, entries, form, also, change, fits)
        return change

    return register


def attribute(requirement: str, attribute: str, values: dict[str, Any], **marks: Unpack[Marks]) -> None:
    """One mutation for each value that breaks the requirement in an attribute; MISSING removes it."""
    for what, value in values.items():
        _set(f"{requirement}/{what}", lambda draft: draft.attributes, attribute, value, **marks)


def member(requirement: str, member: str, values: dict[str, Any], **marks: Unpack[Marks]) -> None:
    """One mutation for each value that breaks the requirement in a member of the details; MISSING removes it."""
    for what, value in values.items():
        _set(f"{requirement}/{what}", lambda draft: draft.details, member, value, **marks)


def _set(
    name: str, members: Callable[[Draft], dict[str, Any]], member: str, value: Any, **marks: Unpack[Marks]
) -> None:
    @mutation(name, **marks)
    def change(draft: Draft, choices: Choices) -> None:
        content = value(draft, choices) if callable(value) else value
        if content is MISSING:
            del members(draft)[member]
        else:
            members(draft)[member] = content


def with_member(members: dict[str, Any], member: str, value: Any) -> dict[str, Any]:
    """The members with another value of one; MISSING leaves it out."""
    changed = {**members, member: value}
    if value is MISSING:
        del changed[member]
    return changed


def text_of(draft: Draft) -> str:
    """The sealed event as compact JSON."""
    return compact(draft.event())


def message(headers: dict[str, str], body: str) -> Message:
    """An HTTP message."""
    return Message.of(headers, body)
