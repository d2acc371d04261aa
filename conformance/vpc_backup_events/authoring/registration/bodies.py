"""Bodies of the sources API and of IAM policies, in both versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from vpc_backup_events.authoring.registration.registrations import (
    ABOUT,
    FILLED,
    ROLE_ID,
    SERVICE,
    SUBJECT,
    Found,
    line_of,
    placeholder,
    registration,
)
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, contract

CRN = "event_notifications_instance_crn"
# members of a source that the contract judges
_MEMBERS = ("P31-name", "P31-enabled", "P31-description", "P31-store-notifications")
# a name and its value without the colon between them
_NO_COLON = re.compile(r'("[\w-]+")(\s+)(?=")')
_POLICY = ("subjects", "subject", "roles", "control", "resources")


class Body:
    """One JSON body, where it stands in a file."""

    def __init__(self, text: str, line: int, url: str = "") -> None:
        self.text = text
        # of its first character
        self.line = line
        # it is sent to, where that is known
        self.url = url
        self.problem = ""
        self.value = self._parse()

    def _parse(self) -> Any:
        try:
            return json.loads(self.text)
        except RecursionError:
            self.problem = "it is nested too deep"
            return None
        except ValueError as error:
            self.problem = str(error)
        try:
            # the documentation's own example lacks a colon
            return json.loads(_NO_COLON.sub(r"\1:\2", self.text))
        except (ValueError, RecursionError):
            return None

    @property
    def is_policy(self) -> bool:
        """Whether it is an IAM policy about Event Notifications."""
        if not ABOUT.search(self.text):
            return False
        if "/policies" in self.url:
            return True
        return isinstance(self.value, dict) and any(name in self.value for name in _POLICY)

    @property
    def is_source(self) -> bool:
        """Whether it registers a source."""
        if self.url.split("?")[0].rstrip("/").endswith("/sources"):
            return True
        return isinstance(self.value, dict) and (CRN in self.value or {"name", "source"} <= set(self.value))

    def at(self, name: str, after: str = "") -> int:
        """The line on which a member stands, the first one after another."""
        begin = max(self.text.find(f'"{after}"'), 0) if after else 0
        position = self.text.find(f'"{name}"', begin)
        return self.line + line_of(self.text, position) - 1

    def line_with(self, part: str) -> int:
        """The line on which a text stands."""
        return self.line + line_of(self.text, self.text.find(part)) - 1


def judge(body: Body) -> Iterator[Found]:
    """What is wrong with a body; nothing where it is of something else."""
    if body.is_policy:
        if body.problem:
            yield Found("P37-iam-json", body.line, {"value": body.problem})
        if isinstance(body.value, dict):
            yield from _policy(body, body.value)
            yield from _placeholders(body)
    elif body.is_source:
        if isinstance(body.value, dict):
            yield from _source(body, body.value)
            yield from _placeholders(body)
        else:
            yield Found("P31-body-object", body.line, {"value": body.problem or "no object"})


def _placeholders(body: Body) -> Iterator[Found]:
    for left in dict.fromkeys(_texts(body.value)):
        # one finding a line is enough
        yield Found("P37-body-placeholders", body.line_with(left), {"value": left})


def _texts(value: Any) -> Iterator[str]:
    """The first placeholder of each text."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif left := placeholder(value):
        yield left


def _source(body: Body, members: Mapping[str, Any]) -> Iterator[Found]:
    operation = contract(EVENT_NOTIFICATIONS).operations["create_sources"]
    for problem in operation.body_problems("application/json", members):
        if problem.requirement in _MEMBERS:
            name = str(problem.path[0])
            yield Found(problem.requirement, body.at(name), {"name": name, "value": members.get(name)}, name)
    if "source" in members:
        yield from registration(members["source"], body.at("source"))


def _policy(body: Body, policy: Mapping[str, Any]) -> Iterator[Found]:
    version = "v2" if "control" in policy or "subject" in policy else "v1"
    asked = re.search(r"/(v[12])/policies", body.url)
    if asked and asked[1] != version:
        yield Found("P37-iam-version", body.line, {"value": version, "name": f"/{asked[1]}/policies"})
    if policy.get("type") != "authorization":
        yield Found("P37-iam-type", body.at("type"), {"value": policy.get("type")}, "type")
    yield from _roles(body, policy, version)
    subjects = _attributes(policy.get("subject" if version == "v2" else "subjects"))
    plural = "resource" if version == "v2" else "resources"
    if version == "v1" and "resource" in policy and "resources" not in policy:
        plural = "resource"
        yield Found("P37-iam-resources", body.at("resource"), {"value": "resource"}, "resource")
    resources = _attributes(policy.get(plural))
    wrong, right = ("key", "name") if version == "v1" else ("name", "key")
    for each in (*subjects, *resources):
        if right not in each and wrong in each:
            yield Found("P37-iam-attribute-name", body.at(wrong), {"value": wrong}, wrong)
            break
    mine, other = _by_name(subjects), _by_name(resources)
    section = "subject" if version == "v2" else "subjects"
    for fact, wanted in SUBJECT.items():
        if not _is(mine.get(fact), wanted):
            values = {"name": fact, "value": mine.get(fact, "missing")}
            yield Found("P37-iam-subject", body.at(section), values, fact)
    if not _is(other.get("serviceName"), SERVICE):
        values = {"value": other.get("serviceName", "missing")}
        yield Found("P37-iam-target", body.at("serviceName", plural), values, "serviceName")
    if "accountId" not in mine:
        yield Found("P37-iam-account-subject", body.at(section), {}, "accountId")
    if "accountId" not in other:
        yield Found("P37-iam-account-resource", body.at(plural), {}, "accountId")
    accounts = [each.get("accountId") for each in (mine, other)]
    known = [each for each in accounts if isinstance(each, str) and not placeholder(each) and not FILLED.search(each)]
    if len(known) == 2 and known[0] != known[1]:
        values = {"value": known[0], "expected": known[1]}
        yield Found("P37-iam-same-account", body.at("accountId", plural), values, "accountId")
    for name in other:
        if "instance" in str(name).lower() and name != "serviceInstance":
            yield Found("P37-iam-service-instance", body.line_with(f'"{name}"'), {"value": name}, str(name))


def _roles(body: Body, policy: Mapping[str, Any], version: str) -> Iterator[Found]:
    control = policy.get("control")
    grant = control.get("grant") if isinstance(control, dict) else None
    holder = grant if version == "v2" else policy
    roles = holder.get("roles") if isinstance(holder, dict) else None
    entries = roles if isinstance(roles, list) else [roles] if isinstance(roles, dict) else []
    if not entries:
        yield Found("P37-iam-roles", body.line, {}, "roles")
    for role in entries:
        id = role.get("role_id") if isinstance(role, dict) else role
        if not _is(id, ROLE_ID):
            yield Found("P37-iam-role-id", body.at("role_id"), {"value": id}, "role_id")


def _is(value: Any, wanted: str) -> bool:
    return value == wanted or (isinstance(value, str) and bool(FILLED.fullmatch(value)))


def _attributes(section: Any) -> list[Mapping[str, Any]]:
    """The attributes of subjects, resources, or of one of them."""
    sections = section if isinstance(section, list) else [section]
    found: list[Mapping[str, Any]] = []
    for each in sections:
        if not isinstance(each, dict):
            continue
        inside = each.get("attributes", [each] if "value" in each else [])
        found += [one for one in inside if isinstance(one, dict)] if isinstance(inside, list) else []
    return found


def _by_name(attributes: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(each.get("name", each.get("key"))): each.get("value") for each in attributes}
