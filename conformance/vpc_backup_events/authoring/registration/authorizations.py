"""Authorizations of IAM, judged alike however they are written: in Terraform, on a command line, as a body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vpc_backup_events.authoring.registration.configuration import Setting, Template, Unknown, is_plain
from vpc_backup_events.authoring.registration.iam import Need, facts
from vpc_backup_events.authoring.registration.registrations import FILLED, LineBreach, placeholder
from vpc_backup_events.values.breach import Verbatim

__all__ = ["Authorization", "breaches", "missing"]

Form = Literal["terraform", "cli", "body"]

# a service that is Event Notifications, however it is misspelt
_EVENT_NOTIFICATIONS = re.compile(r"event[-_ ]?notification", re.IGNORECASE)
_MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Authorization:
    """Who is authorized (`subject`), for what (`resource`), by IAM's names of attributes."""

    form: Form
    line: int
    subject: Mapping[str, Setting]
    resource: Mapping[str, Setting]
    roles: tuple[Setting, ...]
    #: parts of it are known later, so that nothing can be said to be missing
    is_open: bool = False
    #: lines of its two sections, where it is written by attributes
    sections: tuple[int, int] | None = None

    @property
    def is_towards_event_notifications(self) -> bool:
        """Whether it lets Backup for VPC, and nobody else, reach Event Notifications."""
        # of the resource types of the service, only that of the policies is a source of Event Notifications
        is_of_backup = any(_value(self.subject, name) == wanted for name, wanted in facts().subject.items())
        return is_of_backup and _EVENT_NOTIFICATIONS.search(str(_value(self.resource, "serviceName"))) is not None

    @property
    def is_for_own_work(self) -> bool:
        """Whether it lets Backup for VPC reach what it backs up."""
        backup = facts().subject
        is_of_backup = _value(self.subject, "resourceType") == backup["resourceType"]
        return bool(is_of_backup and _value(self.resource, "serviceName") == backup["serviceName"])

    @property
    def is_ours(self) -> bool:
        """Whether Backup for VPC is on one of its sides, and the kit counts it."""
        is_towards_backup = _value(self.resource, "resourceType") == facts().subject["resourceType"]
        return self.is_towards_event_notifications or self.is_for_own_work or is_towards_backup


def _value(side: Mapping[str, Setting], attribute: str) -> Any:
    return side[attribute].value if attribute in side else None


# which requirement says of each form what is wrong with
_SERVICE = {"terraform": "P37-tf-iam-service", "cli": "P37-cli-iam-service", "body": "P37-iam-target"}
_ROLE = {"terraform": "P37-tf-iam-role", "cli": "P37-cli-iam-role", "body": "P37-iam-role-id"}
_SUBJECT = {"terraform": "P37-tf-iam-subject", "cli": "P37-cli-iam-subject", "body": "P37-iam-subject"}
_SOURCE_INSTANCE = {
    "terraform": "P37-tf-iam-source-instance",
    "cli": "P37-cli-iam-source-instance",
    "body": "P37-iam-source-instance",
}


def breaches(authorization: Authorization) -> Iterator[LineBreach]:
    """What is wrong with an authorization towards Event Notifications; nothing of what is known only later."""
    if not authorization.is_towards_event_notifications:
        return
    form = authorization.form
    service = authorization.resource["serviceName"]
    if not _is_known_as(service.value, facts().event_notifications.service):
        values = {"value": service.value, "expected": Verbatim(facts().event_notifications.answer)}
        yield LineBreach(_SERVICE[form], service.line, values, service.name)
    yield from _roles(authorization)
    yield from _subject(authorization)
    instance = authorization.subject.get("serviceInstance")
    if instance is not None:
        value = instance.value.text if isinstance(instance.value, Unknown) else instance.value
        values = {"value": value, "name": instance.name}
        yield LineBreach(_SOURCE_INSTANCE[form], instance.line, values, instance.name)
    if authorization.sections is not None:
        yield from _attributes(authorization, *authorization.sections)


def _subject(authorization: Authorization) -> Iterator[LineBreach]:
    requirement = _SUBJECT[authorization.form]
    has_blocks = any(fact.name == "subject_attributes" for fact in authorization.subject.values())
    for attribute, wanted in facts().subject.items():
        fact = authorization.subject.get(attribute)
        if fact is None and authorization.is_open:
            continue
        if attribute == "serviceName" and fact is None and authorization.form == "terraform" and not has_blocks:
            # the provider itself asks for one of several arguments
            continue
        if fact is None or fact.value is None:
            name = facts().names[authorization.form][attribute]
            yield LineBreach(requirement, authorization.line, {"name": name, "value": _MISSING}, name)
        elif not _is_known_as(fact.value, wanted):
            yield LineBreach(requirement, fact.line, {"name": fact.name, "value": fact.value}, fact.name)


def _attributes(authorization: Authorization, subject_line: int, resource_line: int) -> Iterator[LineBreach]:
    mine, other = authorization.subject.get("accountId"), authorization.resource.get("accountId")
    if mine is None and not authorization.is_open:
        yield LineBreach("P37-iam-account-subject", subject_line, {}, "accountId")
    if other is None and not authorization.is_open:
        yield LineBreach("P37-iam-account-resource", resource_line, {}, "accountId")
    if mine and other and _is_written(mine.value) and _is_written(other.value) and mine.value != other.value:
        values = {"value": mine.value, "expected": other.value}
        yield LineBreach("P37-iam-same-account", other.line, values, "accountId")
    for attribute, fact in authorization.resource.items():
        if "instance" in attribute.lower() and attribute != "serviceInstance":
            yield LineBreach("P37-iam-service-instance", fact.line, {"value": attribute}, attribute)


def _roles(authorization: Authorization) -> Iterator[LineBreach]:
    target = facts().event_notifications
    wanted = target.role_id if authorization.form == "body" else target.role
    roles = authorization.roles
    if any(_is_known_as(role.value, wanted) for role in roles):
        return
    # of a body without roles another requirement says it
    if not roles and not authorization.is_open and authorization.form != "body":
        yield LineBreach("P37-other-role", authorization.line, {"value": _MISSING}, "roles")
    for role in roles:
        is_spelling = _letters(role.value) == _letters(target.role)
        id = _ROLE[authorization.form] if is_spelling else "P37-other-role"
        yield LineBreach(id, role.line, {"value": role.value, "expected": Verbatim(target.answer)}, role.name)


def _is_known_as(value: Any, wanted: str) -> bool:
    """Whether a value is what is wanted, or is known only later."""
    if isinstance(value, (Unknown, Template)):
        return True
    return value == wanted or (isinstance(value, str) and FILLED.fullmatch(value) is not None)


def _is_written(value: Any) -> bool:
    """Whether a text stands there, and nothing of it is filled in later."""
    return is_plain(value) and not placeholder(value) and not FILLED.search(value)


def _letters(role: object) -> str:
    """A role's letters without case; of an id those of its last segment."""
    return "".join(filter(str.isalpha, str(role).rpartition(":")[2])).lower()


# ------------------------------------------------------------------------------------------- for the jobs themselves


def missing(authorizations: Sequence[Authorization]) -> list[Need]:
    """The authorizations that Backup for VPC needs for the jobs of its policies, and none of these gives."""
    for_own_work = [authorization for authorization in authorizations if authorization.is_for_own_work]
    return [need for need in facts().own if not _is_met(need, for_own_work)]


def _is_met(need: Need, authorizations: Sequence[Authorization]) -> bool:
    held: set[str] = set()
    for authorization in authorizations:
        if authorization.is_open:
            return True
        for role in authorization.roles if _reaches(authorization, need) else ():
            if not is_plain(role.value) or FILLED.search(role.value):
                return True
            # the page gives two in one text
            held.update(_letters(part) for part in role.value.split(","))
    return all(held & set(map(_letters, _enough(role))) for role in need.roles)


def _enough(role: str) -> list[str]:
    """The roles of which one is enough."""
    return [role, *(other for other, included in facts().includes.items() if role in included)]


def _reaches(authorization: Authorization, need: Need) -> bool:
    """Whether its target is what the need is about, or all of the service."""
    type = _value(authorization.resource, "resourceType")
    attributes = {other.attribute for other in facts().own} & set(authorization.resource)
    if type is None and not attributes:
        return True
    return need.attribute in attributes or (type is not None and _is_known_as(type, need.resource_type))
