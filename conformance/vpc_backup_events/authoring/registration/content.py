"""What an input holds, or a part of one: registrations, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.registrations import LineBreach

__all__ = ["Content", "Policy"]


class Policy(NamedTuple):
    """A backup policy, and the line on which it is declared."""

    #: what it backs up; None where that is known later
    resource_type: str | None
    line: int


@dataclass(slots=True)
class Content:
    """Registrations of an input, a command, a body."""

    #: how many parts of a registration there are
    items: int = 0
    breaches: list[LineBreach] = field(default_factory=list)
    authorizations: list[Authorization] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)

    def add(self, part: Content, line: int = 0) -> None:
        """Takes in a part that begins after a line."""
        self.items += part.items
        self.breaches += [breach._replace(line=breach.line + line) for breach in part.breaches]
        self.authorizations += part.authorizations
        self.policies += part.policies
