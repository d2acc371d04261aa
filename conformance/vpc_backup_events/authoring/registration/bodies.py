"""Bodies of the sources API and of IAM policies, in both versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from vpc_backup_events.authoring.registration import authorizations
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.configuration import Setting
from vpc_backup_events.authoring.registration.registrations import (
    FILLED,
    LineBreach,
    is_about_backup,
    line_of,
    placeholder,
    registration,
)
from vpc_backup_events.reading.json_lines import lines
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description
from vpc_backup_events.values.breach import Path

__all__ = ["Body", "breaches"]

CRN = "event_notifications_instance_crn"
# members of a source that the contract judges
_MEMBERS = ("P31-name", "P31-enabled", "P31-description", "P31-store-notifications")
# a name and its value without the colon between them
_NO_COLON = re.compile(r'("[\w-]+")(\s+)(?=")')
_SOURCES = re.compile(r"(?:/(?:instances|apps)/[^/?]+|event-notifications[^?]*)/sources/?(?:\?|\Z)")
_POLICIES = re.compile(r"/(v[12])/policies")
# a text that has to do with the authorization
_EVENT_NOTIFICATIONS = re.compile(r"event[-_ ]?notification|event ?source ?manager", re.IGNORECASE)


class Body:
    """One JSON body, where it stands in a file."""

    def __init__(self, text: str, line: int, url: str = "") -> None:
        self.text = text
        # of its first character
        self.line = line
        # it is sent to, where that is known
        self.url = url
        # why it is no JSON, and on which line, where it is none
        self.problem = ""
        self.problem_line = line
        # what is read, where a colon is missing with the colon
        self._read = text
        self.value = self._parse()

    def _parse(self) -> Any:
        try:
            return json.loads(self.text)
        except RecursionError:
            self.problem = "it is nested too deep"
            return None
        except json.JSONDecodeError as error:
            self.problem = str(error)
            self.problem_line = self.line + error.lineno - 1
        try:
            # the documentation's own example lacks a colon
            self._read = _NO_COLON.sub(r"\1:\2", self.text)
            return json.loads(self._read)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def authorization(self) -> Authorization | None:
        """The authorization that it makes; None where it makes none."""
        if not isinstance(self.value, dict) or not _Policy.is_one(self.value):
            return None
        return _Policy(self, self.value).authorization()

    @property
    def is_policy(self) -> bool:
        """Whether it authorizes Backup for VPC."""
        if self.authorization is not None:
            return self.authorization.is_ours
        is_read = isinstance(self.value, dict)
        if is_read or not ("/policies" in self.url or '"subject' in self.text):
            return False
        return is_about_backup(self.text) and _EVENT_NOTIFICATIONS.search(self.text) is not None

    @property
    def is_source(self) -> bool:
        """Whether it registers a source at Event Notifications."""
        if _SOURCES.search(self.url):
            return True
        if not isinstance(self.value, dict) or "name" not in self.value or "source" not in self.value:
            return False
        return CRN in self.value or is_about_backup(self.value["source"])

    def at(self, *path: str | int) -> int:
        """The line on which a member or an element stands; that of what is around it, where it is not there."""
        steps = path
        while steps not in self._lines:
            steps = steps[:-1]
        return self.line + self._lines[steps] - 1

    @cached_property
    def _lines(self) -> Mapping[Path, int]:
        first = len(self._read) - len(self._read.lstrip())
        return {(): line_of(self._read, first)} if self.value is None else lines(self._read)


def breaches(body: Body) -> Iterator[LineBreach]:
    """What is wrong with a body; nothing where it is of something else."""
    if body.is_policy:
        if body.problem:
            yield LineBreach("P37-iam-json", body.problem_line, {"value": body.problem})
        authorization = body.authorization
        if authorization is not None and authorization.is_towards_event_notifications:
            yield from _Policy(body, body.value).breaches(authorization)
            yield from _placeholders(body)
    elif body.is_source:
        if isinstance(body.value, dict):
            yield from _source(body, body.value)
            yield from _placeholders(body)
        else:
            yield LineBreach("P31-body-object", body.problem_line, {"value": body.problem or "no object"})


def _placeholders(body: Body) -> Iterator[LineBreach]:
    places: dict[tuple[str, int], LineBreach] = {}
    for path, text in _texts(body.value, ()):
        if left := placeholder(text):
            line = body.at(*path)
            # one finding a line is enough
            places.setdefault((left, line), LineBreach("P37-body-placeholders", line, {"value": left}))
    yield from places.values()


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text in a value, and where it stands."""
    open_values = [(path, value)]
    while open_values:
        path, value = open_values.pop()
        if isinstance(value, dict):
            open_values += [((*path, name), member) for name, member in value.items()]
        elif isinstance(value, list):
            open_values += [((*path, index), element) for index, element in enumerate(value)]
        elif isinstance(value, str):
            yield path, value


def _source(body: Body, members: Mapping[str, Any]) -> Iterator[LineBreach]:
    operation = description(EVENT_NOTIFICATIONS).operations["create_sources"]
    for problem in operation.body_problems("application/json", members):
        if problem.requirement in _MEMBERS:
            name = str(problem.path[0])
            if _is_filled(members.get(name)):
                continue
            yield LineBreach(problem.requirement, body.at(name), {"name": name, "value": members.get(name)}, name)
    if "source" in members:
        yield from registration(members["source"], body.at("source"))


class _Policy:
    """A policy of IAM in either version: subjects and resources (v1), or subject, control and resource (v2)."""

    def __init__(self, body: Body, policy: Mapping[str, Any]) -> None:
        self._body = body
        self._policy = policy
        self._version = "v2" if "control" in policy or "subject" in policy else "v1"
        self._subject = "subject" if self._version == "v2" else "subjects"
        self._resource = "resource" if self._version == "v2" else "resources"
        # the page's example has the one of v2 in a body of v1
        self._is_singular = self._version == "v1" and "resource" in policy and "resources" not in policy
        if self._is_singular:
            self._resource = "resource"

    @staticmethod
    def is_one(policy: Mapping[str, Any]) -> bool:
        """Whether a body has the members of a policy."""
        return any(name in policy for name in ("subjects", "subject")) and any(
            name in policy for name in ("resources", "resource", "roles", "control")
        )

    def authorization(self) -> Authorization:
        subject = self._facts(self._subject)
        resource = self._facts(self._resource)
        return Authorization("body", self._body.at(self._subject), subject, resource, tuple(self._roles()))

    def breaches(self, authorization: Authorization) -> Iterator[LineBreach]:
        """What is wrong with one that lets Backup for VPC reach Event Notifications."""
        body, policy = self._body, self._policy
        asked = _POLICIES.search(body.url)
        if asked and asked[1] != self._version:
            values = {"value": self._version, "name": f"/{asked[1]}/policies"}
            yield LineBreach("P37-iam-version", body.line, values)
        if policy.get("type") != "authorization":
            yield LineBreach("P37-iam-type", body.at("type"), {"value": policy.get("type")}, "type")
        if self._is_singular:
            yield LineBreach("P37-iam-resources", body.at("resource"), {"value": "resource"}, "resource")
        yield from self._attribute_names()
        if authorization.roles:
            yield from authorizations.breaches(authorization)
        else:
            yield LineBreach("P37-iam-roles", body.at(*self._path_of_roles()), {}, "roles")
            yield from (b for b in authorizations.breaches(authorization) if b.requirement != "P37-other-role")
        lines = body.at(self._subject), body.at(self._resource)
        yield from authorizations.attribute_breaches(authorization, *lines)

    def _attribute_names(self) -> Iterator[LineBreach]:
        wrong, right = ("key", "name") if self._version == "v1" else ("name", "key")
        for section in (self._subject, self._resource):
            for path, attribute in self._attributes(section):
                if right not in attribute and wrong in attribute:
                    yield LineBreach("P37-iam-attribute-name", self._body.at(*path, wrong), {"value": wrong}, wrong)
                    return

    def _facts(self, section: str) -> dict[str, Setting]:
        facts: dict[str, Setting] = {}
        for path, attribute in self._attributes(section):
            name = str(attribute.get("name", attribute.get("key")))
            facts.setdefault(name, Setting(name, attribute.get("value"), self._body.at(*path, "value")))
        return facts

    def _attributes(self, section: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """The attributes of a section, and where each stands; the section is an object or an array of them."""
        for path, holder in _each(self._policy.get(section), (section,)):
            if "attributes" in holder:
                yield from _each(holder["attributes"], (*path, "attributes"))
            elif "value" in holder:
                yield path, holder

    def _path_of_roles(self) -> tuple[str, ...]:
        is_controlled = self._version == "v2" and isinstance(self._policy.get("control"), dict)
        return ("control", "grant", "roles") if is_controlled else ("roles",)

    def _roles(self) -> Iterator[Setting]:
        path = self._path_of_roles()
        roles: Any = self._policy
        for step in path:
            roles = roles.get(step) if isinstance(roles, dict) else None
        elements = roles if isinstance(roles, list) else [] if roles is None else [roles]
        for index, role in enumerate(elements):
            id = role.get("role_id") if isinstance(role, dict) else role
            yield Setting("role_id", id, self._body.at(*path, index, "role_id"))


def _is_filled(value: Any) -> bool:
    """Whether the shell fills in a value, or a part of it."""
    return isinstance(value, str) and FILLED.search(value) is not None


def _each(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The value, or where it is an array its elements, as far as they are objects."""
    if isinstance(value, dict):
        yield path, value
    for index, element in enumerate(value) if isinstance(value, list) else ():
        if isinstance(element, dict):
            yield (*path, index), element
