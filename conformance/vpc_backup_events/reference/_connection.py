"""Who may connect Backup for VPC to an instance (position P33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.reference._answers import RefusedError, refuse

__all__ = ["Access", "Connection", "refusal", "registration"]


@dataclass(slots=True)
class Access:
    """What the account allows; a test may change it at any time."""

    #: account of the instances; None takes it from the CRN of the instance in the request
    account_id: str | None = None
    #: whether the IAM authorization with the Event Source Manager role exists
    authorized: bool = True


class Connection(NamedTuple):
    """A Backup source that is connected."""

    instance_id: str
    #: region and account of the registration CRN
    registration: tuple[str, str]


def registration(crn: str) -> tuple[str, str]:
    """Region and account of a CRN."""
    segments = crn.split(":")
    return segments[5], segments[6]


def refusal(body: Mapping[str, Any], access: Access, there: Iterable[Connection]) -> RefusedError | None:
    """Why the source of a request may not be connected to the instance, or None where it may."""
    mine = registration(body["source"])
    crn = body.get(INSTANCE_CRN, "")
    account = f"a/{access.account_id}" if access.account_id else crn and crn.split(":")[6]
    if not access.authorized:
        return refuse(403, "authorization_error", "No authorization with the Event Source Manager role exists.")
    if account and account != mine[1] and not (_is_placeholder(account) or _is_placeholder(mine[1])):
        return refuse(403, "authorization_error", "The source belongs to another account.")
    for other in there:
        # whether sources of two regions may be connected to one instance is open (position P33): they are
        if other.registration == mine:
            return refuse(409, "conflict", "Backup for VPC is connected already, to this instance or to another.")
    return None


def _is_placeholder(account: str) -> bool:
    """Whether it is one that the documentation leaves to the reader: `{{account_id}}`, `<account-id>`."""
    return "{" in account or "<" in account
