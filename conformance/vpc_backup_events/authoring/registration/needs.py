"""Authorizations that the jobs of a backup policy need, looked for among those that are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from vpc_backup_events.authoring.registration.authorizations import Authorization, is_known_as
from vpc_backup_events.authoring.registration.configuration import is_plain
from vpc_backup_events.authoring.registration.iam import Need, facts, letters
from vpc_backup_events.authoring.registration.registrations import FILLED

__all__ = ["Policy", "missing"]


class Policy(NamedTuple):
    """A backup policy, and where it is declared."""

    #: what it backs up; None where that is known later
    resource_type: str | None
    file: str | None
    line: int


def missing(authorizations: Sequence[Authorization]) -> list[Need]:
    """The authorizations that Backup for VPC needs for its own work, and none of these gives."""
    for_own_work = [authorization for authorization in authorizations if authorization.is_for_own_work]
    return [need for need in facts().own if not _is_met(need, for_own_work)]


def _is_met(need: Need, authorizations: Sequence[Authorization]) -> bool:
    roles: list[str | None] = []
    for authorization in authorizations:
        if authorization.is_open:
            return True
        if _reaches(authorization, need):
            for fact in authorization.roles:
                roles += _single_roles(fact.value)
    return None in roles or all(_has(roles, role) for role in need.roles)


def _reaches(authorization: Authorization, need: Need) -> bool:
    """Whether its target is what the need is about, or all of the service."""
    type = authorization.value("resource", "resourceType")
    attributes = {other.attribute for other in facts().own} & set(authorization.resource)
    if type is None and not attributes:
        return True
    return need.attribute in attributes or (type is not None and is_known_as(type, need.resource_type))


def _single_roles(value: Any) -> list[str | None]:
    """The roles that a value names; None for one that is known later."""
    if not is_plain(value) or FILLED.search(value):
        return [None]
    # the page gives two in one text
    return list(value.split(","))


def _has(roles: Sequence[str | None], wanted: str) -> bool:
    held = {letters(role) for role in roles}
    enough = [wanted]
    enough += [role for role, included in facts().includes.items() if wanted in included]
    return any(letters(role) in held for role in enough)
