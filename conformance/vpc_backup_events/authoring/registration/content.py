"""What an input holds, or a part of one: registrations, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field

from vpc_backup_events.authoring.registration import bodies
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.needs import Policy
from vpc_backup_events.authoring.registration.registrations import LineBreach

__all__ = ["Content", "of_body"]


@dataclass(slots=True)
class Content:
    """Registrations of an input, a command, a body."""

    #: how many parts of a registration there are
    items: int = 0
    breaches: list[LineBreach] = field(default_factory=list)
    authorizations: list[Authorization] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)

    def add(self, part: Content, line: int = 0) -> None:
        """Takes in a part that begins after a line; a backup policy in a page is no configuration."""
        self.items += part.items
        self.breaches += [breach._replace(line=breach.line + line) for breach in part.breaches]
        self.authorizations += part.authorizations


def of_body(body: Body) -> Content:
    """What a body makes, and what is wrong with it."""
    authorizations = [] if body.authorization is None else [body.authorization]
    return Content(int(body.is_policy or body.is_source), list(bodies.breaches(body)), authorizations)
