"""How a mutation is written: a function that changes a canonical draft, registered under what it breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, TypedDict, Unpack

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft
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


def attribute(breaks: str, name: str, values: Mapping[str, Any], **marks: Unpack[Marks]) -> None:
    """One mutation for each value of an attribute, called `<breaks>/<what>`.

    A function is asked for the value, with the draft and the choices; MISSING removes the attribute.
    """
    _assign(breaks, attrgetter("attributes"), name, values, marks)


def member(breaks: str, name: str, values: Mapping[str, Any], **marks: Unpack[Marks]) -> None:
    """The same for a member of the details."""
    _assign(breaks, attrgetter("details"), name, values, marks)


def _assign(
    breaks: str, members: Callable[[Draft], dict[str, Any]], name: str, values: Mapping[str, Any], marks: Marks
) -> None:
    for what, value in values.items():

        @mutation(f"{breaks}/{what}", **marks)
        def change(draft: Draft, choices: Choices, value: Any = value) -> None:
            content = value(draft, choices) if callable(value) else value
            if content is MISSING:
                del members(draft)[name]
            else:
                members(draft)[name] = deepcopy(content)


def required_attributes() -> list[str]:
    """Attributes that the register asks for by name, in P01."""
    return [id.removeprefix("P01-") for id in catalog.requirements if id.startswith("P01-")]


def required_members(area: str) -> list[str]:
    """Members of the details that the area of the register asks for by name: P12 in the long text, P23 in the email."""
    names = [id.removeprefix(f"{area}-").replace("-", "_") for id in catalog.requirements]
    return [name for name in names if name in catalog.examples.details_members]


def with_member(members: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The members with another value of one; MISSING leaves it out."""
    others = {**members, name: value}
    if value is MISSING:
        del others[name]
    return others
