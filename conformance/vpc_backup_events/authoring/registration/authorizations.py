"""Authorizations of IAM, judged alike however they are written: in Terraform, on a command line, as a body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from vpc_backup_events.authoring.registration.configuration import Resource, Setting, Template, Unknown, is_plain
from vpc_backup_events.authoring.registration.iam import facts, letters
from vpc_backup_events.authoring.registration.registrations import FILLED, LineBreach, placeholder
from vpc_backup_events.values.breach import Verbatim

__all__ = ["Authorization", "Form", "attribute_breaches", "breaches", "is_known_as", "of_terraform", "unknown"]

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

    @property
    def is_towards_event_notifications(self) -> bool:
        """Whether it lets Backup for VPC, and nobody else, reach Event Notifications."""
        target = str(self.value("resource", "serviceName"))
        return self._is_of_backup() and _EVENT_NOTIFICATIONS.search(target) is not None

    @property
    def is_for_own_work(self) -> bool:
        """Whether it lets Backup for VPC reach what it backs up."""
        if self.value("subject", "resourceType") != facts().subject["resourceType"]:
            return False
        return bool(self.value("resource", "serviceName") == facts().subject["serviceName"])

    @property
    def is_ours(self) -> bool:
        """Whether Backup for VPC is on one of its sides, and the kit counts it."""
        backup = facts().subject["resourceType"]
        is_towards_backup = self.value("resource", "resourceType") == backup
        return self.is_towards_event_notifications or self.is_for_own_work or is_towards_backup

    def value(self, side: Literal["subject", "resource"], attribute: str) -> Any:
        """The value of an attribute; None where it is not set."""
        fact = (self.subject if side == "subject" else self.resource).get(attribute)
        return None if fact is None else fact.value

    def _is_of_backup(self) -> bool:
        subject = facts().subject
        is_service = self.value("subject", "serviceName") == subject["serviceName"]
        # of the resource types of this service, only this one is a source of Event Notifications
        return bool(is_service or self.value("subject", "resourceType") == subject["resourceType"])


class _Requirements(NamedTuple):
    """Which requirement says it of one form."""

    service: str
    role: str
    subject: str
    instance: str


_REQUIREMENTS: Mapping[Form, _Requirements] = {
    "terraform": _Requirements(
        "P37-tf-iam-service", "P37-tf-iam-role", "P37-tf-iam-subject", "P37-tf-iam-source-instance"
    ),
    "cli": _Requirements(
        "P37-cli-iam-service", "P37-cli-iam-role", "P37-cli-iam-subject", "P37-cli-iam-source-instance"
    ),
    "body": _Requirements("P37-iam-target", "P37-iam-role-id", "P37-iam-subject", "P37-iam-source-instance"),
}


def breaches(authorization: Authorization) -> Iterator[LineBreach]:
    """What is wrong with an authorization towards Event Notifications; nothing of what is known only later."""
    if not authorization.is_towards_event_notifications:
        return
    requirements = _REQUIREMENTS[authorization.form]
    service = authorization.resource["serviceName"]
    if not is_known_as(service.value, facts().event_notifications.service):
        values = {"value": service.value, "expected": Verbatim(facts().event_notifications.answer)}
        yield LineBreach(requirements.service, service.line, values, service.name)
    yield from _roles(authorization, requirements.role)
    yield from _subject(authorization, requirements.subject)
    instance = authorization.subject.get("serviceInstance")
    if instance is not None:
        value = instance.value.text if isinstance(instance.value, Unknown) else instance.value
        yield LineBreach(requirements.instance, instance.line, {"value": value, "name": instance.name}, instance.name)


def _subject(authorization: Authorization, requirement: str) -> Iterator[LineBreach]:
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
        elif not is_known_as(fact.value, wanted):
            yield LineBreach(requirement, fact.line, {"name": fact.name, "value": fact.value}, fact.name)


def attribute_breaches(authorization: Authorization, subject_line: int, resource_line: int) -> Iterator[LineBreach]:
    """What is wrong with the attributes of an authorization that is written by attributes.

    `subject_line` and `resource_line` are those of the sections, for what is missing in them.
    """
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


def _is_written(account: Any) -> bool:
    """Whether an account stands there, and is not filled in later."""
    return is_plain(account) and not placeholder(account) and not FILLED.search(account)


def _roles(authorization: Authorization, requirement: str) -> Iterator[LineBreach]:
    target = facts().event_notifications
    wanted = target.role_id if authorization.form == "body" else target.role
    roles = authorization.roles
    if any(is_known_as(role.value, wanted) for role in roles) or (authorization.is_open and not roles):
        return
    if not roles:
        name = "roles"
        yield LineBreach("P37-other-role", authorization.line, {"value": _MISSING}, name)
    for role in roles:
        is_spelling = letters(role.value) == letters(target.role)
        id = requirement if is_spelling else "P37-other-role"
        yield LineBreach(id, role.line, {"value": role.value, "expected": Verbatim(target.answer)}, role.name)


def is_known_as(value: Any, wanted: str) -> bool:
    """Whether a value is what is wanted, or is known only later."""
    if isinstance(value, (Unknown, Template)):
        return True
    return value == wanted or (isinstance(value, str) and FILLED.fullmatch(value) is not None)


# ---------------------------------------------------------------------------------------------------- Terraform

_BLOCKS: Mapping[str, Literal["subject", "resource"]] = {
    "subject_attributes": "subject",
    "resource_attributes": "resource",
}


def of_terraform(resource: Resource) -> Authorization:
    """The authorization that a resource of Terraform makes."""
    sides: dict[str, dict[str, Setting]] = {"subject": {}, "resource": {}}
    body = resource.body
    is_open = False
    for argument, (side, attribute) in facts().arguments.items():
        setting = body.setting(argument)
        if setting is not None and setting.value != "":
            sides[side][attribute] = Setting(argument, setting.value, setting.line)
    for type, side in _BLOCKS.items():
        for block in body.of_type(type):
            attribute = block.value("name")
            is_open = is_open or block.is_dynamic or not isinstance(attribute, str)
            if isinstance(attribute, str):
                value = block.value("value")
                # the id of an account is a number to Terraform, too
                sides[side].setdefault(attribute, Setting(type, value, block.line_of("value")))
    roles = body.setting("roles")
    written = () if roles is None else _written(roles.value)
    facts_of_roles = tuple(Setting("roles", role, body.line_of("roles")) for role in written)
    return Authorization("terraform", body.line, sides["subject"], sides["resource"], facts_of_roles, is_open)


def _written(roles: Any) -> Sequence[Any]:
    if isinstance(roles, list):
        return roles
    # the type of what is no list is another finding
    return (roles,)


def unknown(line: int) -> Authorization:
    """An authorization of Backup for VPC for its own work, of which nothing else is known."""
    service = Setting("", facts().subject["serviceName"], line)
    subject = {"serviceName": service, "resourceType": Setting("", facts().subject["resourceType"], line)}
    return Authorization("terraform", line, subject, {"serviceName": service}, (), is_open=True)
