"""What a breach of a requirement is made of: data, of which `words` makes text and reports make exhibits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vpc_backup_events.catalog.model import Requirement

__all__ = ["Breached", "Evidence"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing by which a subject broke a requirement: an event, a delivery, a request, a registration."""

    #: what was sent or asked, or of what it was made, in words
    title: str = ""
    #: what is wrong with it; empty where the message of the requirement says it
    message: str = ""
    #: what to do instead; empty where the hint of the requirement says it
    hint: str = ""
    #: what the message of the requirement is filled with, by name
    values: Mapping[str, str] = field(default_factory=dict)
    #: the event as it was made or sent; None where there is none, or where it is hidden
    event: Any = None
    #: the place in the event, or None where it is the event as a whole
    pointer: str | None = None
    #: the event may hold a secret, and is not shown
    hidden: bool = False
    #: what came of it in a few words, for a list of several
    outcome: str = ""
    #: what a person is shown of it: a word such as `sent` or `answered`, and a text of any length
    exhibits: tuple[tuple[str, str], ...] = ()
    #: a command or an expression that does it again
    reproduce: str = ""

    @property
    def is_event(self) -> bool:
        """It is an event, which a report can show."""
        return self.hidden or self.event is not None

    def of(self, requirement: Requirement) -> Evidence:
        """The same with message and hint, those of the requirement where it has none of its own."""
        message = self.message or requirement.message.format_map(_Values(self.values))
        return replace(self, message=message, hint=self.hint or requirement.hint)

    def masked(self, mask: Callable[[str], str]) -> Evidence:
        """The same with each text as `mask` gives it."""
        return replace(
            self,
            title=mask(self.title),
            message=mask(self.message),
            outcome=mask(self.outcome),
            exhibits=tuple((word, mask(text)) for word, text in self.exhibits),
            reproduce=mask(self.reproduce),
        )


class Breached(Exception):
    """The subject broke the requirement that a trial is about."""

    def __init__(self, *evidence: Evidence, among: str = "") -> None:
        # everything by which it is broken, in the order in which it was found
        self.evidence = evidence
        # of how many cases these are, as a sentence; empty where it is the only one
        self.among = among
        super().__init__(*(piece.message for piece in evidence))

    def of(self, requirement: Requirement) -> Breached:
        """The same as a breach of the requirement: each piece of evidence has a message and a hint."""
        return Breached(*(piece.of(requirement) for piece in self.evidence), among=self.among)


class _Values(dict[str, str]):
    """The values of a message; one that is not known is named."""

    def __missing__(self, name: str) -> str:
        return f"({name})"
