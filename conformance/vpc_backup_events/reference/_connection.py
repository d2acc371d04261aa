"""Who may connect Backup for VPC to an instance (position P33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.reference._answers import refuse
from vpc_backup_events.reference._instances import Instance

__all__ = ["Access", "require_connectable"]


@dataclass(slots=True)
class Access:
    """What the account allows; a test may change it at any time."""

    #: account of the instances; None takes it from the CRN of the instance in the request
    account_id: str | None = None
    #: whether the IAM authorization with the Event Source Manager role exists
    authorized: bool = True


def require_connectable(body: Mapping[str, Any], access: Access, instances: Iterable[Instance]) -> None:
    """Refuses a source of Backup for VPC that the account does not allow, or that is connected to an instance."""
    region, owner = _registration(body["source"])
    crn = body.get(INSTANCE_CRN, "")
    account = f"a/{access.account_id}" if access.account_id else crn and crn.split(":")[6]
    if not access.authorized:
        raise refuse(403, "authorization_error", "No authorization with the Event Source Manager role exists.")
    if account and account != owner and not (_is_placeholder(account) or _is_placeholder(owner)):
        raise refuse(403, "authorization_error", "The source belongs to another account.")
    for instance in instances:
        for source in instance.sources.values():
            # whether sources of two regions may be connected to one instance is open (position P33): they are
            if "source" in source and _registration(source["source"]) == (region, owner):
                raise refuse(409, "conflict", "Backup for VPC is connected already, to this instance or to another.")


def _registration(crn: str) -> tuple[str, str]:
    """Region and account of a CRN."""
    segments = crn.split(":")
    return segments[5], segments[6]


def _is_placeholder(account: str) -> bool:
    """Whether it is one that the documentation leaves to the reader: `{{account_id}}`, `<account-id>`."""
    return "{" in account or "<" in account
