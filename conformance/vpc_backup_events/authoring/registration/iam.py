"""What IAM asks of the authorizations of Backup for VPC, from `schemas/registration/authorizations.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from vpc_backup_events.authoring.facts import load
from vpc_backup_events.authoring.shell import Attribute
from vpc_backup_events.values.records import record

__all__ = ["Facts", "Need", "facts"]


@dataclass(frozen=True, slots=True)
class Need:
    """An authorization that Backup for VPC needs for its own work."""

    #: resource type of the target
    resource_type: str
    #: the attribute that names such a target
    attribute: str
    roles: tuple[str, ...]
    #: resource types of the backup policies that need it
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What an authorization towards Event Notifications names."""

    service: str
    role: str
    role_id: str
    #: of IAM, where the service has no such role
    answer: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What `schemas/registration/authorizations.json` says."""

    #: attributes of Backup for VPC as a source
    subject: Mapping[str, str]
    event_notifications: Target
    #: what its own jobs need
    own: tuple[Need, ...]
    #: role -> the roles that it includes
    includes: Mapping[str, tuple[str, ...]]
    #: the reason of a job that fails as an authorization is missing
    missing: str
    #: argument of Terraform's authorization policy -> the attribute that it sets
    arguments: Mapping[str, Attribute]
    #: form -> attribute of the subject -> what it is called there
    names: Mapping[str, Mapping[str, str]]


@cache
def facts() -> Facts:
    """The facts about authorizations, read once."""
    return record(Facts, load("authorizations"))
