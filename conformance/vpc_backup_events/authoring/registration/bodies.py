"""Bodies of the sources API and of IAM policies, in both versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from vpc_backup_events.authoring.registration import authorizations
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.configuration import Setting
from vpc_backup_events.authoring.registration.content import Content
from vpc_backup_events.authoring.registration.places import Place
from vpc_backup_events.authoring.registration.registrations import (
    FILLED,
    LineBreach,
    is_about_backup,
    placeholder,
    registration,
)
from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.reading.json_lines import lines
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description

__all__ = ["Body"]

# members of a source that the contract judges
_MEMBERS = ("P31-name", "P31-enabled", "P31-description", "P31-store-notifications")
# a name and its value without the colon between them
_NO_COLON = re.compile(r'("[\w-]+")(\s+)(?=")')
_SOURCES = re.compile(r"(?:/(?:instances|apps)/[^/?]+|event-notifications[^?]*)/sources/?(?:\?|\Z)")
_POLICIES = re.compile(r"/(v[12])/policies")
# a text that has to do with the authorization
_EVENT_NOTIFICATIONS = re.compile(r"event[-_ ]?notification|event ?source ?manager", re.IGNORECASE)


class Body:
    """One JSON body; `url` is where it is sent to, if that is known."""

    def __init__(self, text: str, url: str = "") -> None:
        self._text = text
        self._url = url
        #: why it is no JSON, where it is none
        self.problem = ""
        self._problem_line = 1
        self.value = self._parse()

    def _parse(self) -> Any:
        try:
            return json.loads(self._text)
        except RecursionError:
            self.problem = "it is nested too deep"
            return None
        except json.JSONDecodeError as error:
            self.problem = str(error)
            self._problem_line = error.lineno
        # the documentation's own example lacks a colon
        repaired = _NO_COLON.sub(r"\1:\2", self._text)
        try:
            return json.loads(repaired)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def _root(self) -> Place:
        # a colon that is missing changes no line
        return Place(self.value, lines(self._text))

    @cached_property
    def _policy(self) -> _Policy | None:
        names = set(self.value) if isinstance(self.value, dict) else set()
        is_one = names & {"subjects", "subject"} and names & {"resources", "resource", "roles", "control"}
        return _Policy(self._root) if is_one else None

    @property
    def is_policy(self) -> bool:
        """Whether it authorizes Backup for VPC."""
        if self._policy is not None:
            return self._policy.authorization.is_ours
        if isinstance(self.value, dict) or not ("/policies" in self._url or '"subject' in self._text):
            return False
        return is_about_backup(self._text) and _EVENT_NOTIFICATIONS.search(self._text) is not None

    @property
    def is_source(self) -> bool:
        """Whether it registers a source at Event Notifications."""
        if _SOURCES.search(self._url):
            return True
        if not isinstance(self.value, dict) or "name" not in self.value or "source" not in self.value:
            return False
        return INSTANCE_CRN in self.value or is_about_backup(self.value["source"])

    def content(self) -> Content:
        """What it makes, and what is wrong with it; nothing where it is of something else."""
        authorizations = [] if self._policy is None else [self._policy.authorization]
        return Content(int(self.is_policy or self.is_source), list(self._breaches()), authorizations)

    def _breaches(self) -> Iterator[LineBreach]:
        if self.is_policy:
            if self.problem:
                yield LineBreach("P37-iam-json", self._problem_line, {"value": self.problem})
            if self._policy is not None and self._policy.authorization.is_towards_event_notifications:
                yield from self._policy.breaches(self._url)
                yield from self._placeholders()
        elif self.is_source:
            if isinstance(self.value, dict):
                yield from self._source()
                yield from self._placeholders()
            else:
                yield LineBreach("P31-body-object", self._problem_line, {"value": self.problem or "no object"})

    def _placeholders(self) -> Iterator[LineBreach]:
        # one finding a line is enough
        places: dict[tuple[str, int], None] = {}
        for text in self._root.texts():
            if left := placeholder(text.value):
                places.setdefault((left, text.line))
        for left, line in places:
            yield LineBreach("P37-body-placeholders", line, {"value": left})

    def _source(self) -> Iterator[LineBreach]:
        operation = description(EVENT_NOTIFICATIONS).operations["create_sources"]
        for problem in operation.body_problems("application/json", self.value):
            if problem.requirement in _MEMBERS:
                name = str(problem.path[0])
                member = self._root.member(name)
                # what the shell fills in is not judged
                if not (isinstance(member.value, str) and FILLED.search(member.value)):
                    yield LineBreach(problem.requirement, member.line, {"name": name, "value": member.value}, name)
        if "source" in self.value:
            source = self._root.member("source")
            yield from registration(source.value, source.line)


class _Policy:
    """A policy of IAM in either version: subjects and resources (v1), or subject, control and resource (v2)."""

    def __init__(self, root: Place) -> None:
        self._root = root
        self._version = "v2" if {"control", "subject"} & root.value.keys() else "v1"
        plural = "" if self._version == "v2" else "s"
        # the page's example has the one of v2 in a body of v1
        self._is_singular = self._version == "v1" and "resource" in root.value and "resources" not in root.value
        self._subject = root.member(f"subject{plural}")
        self._resource = root.member("resource" if self._is_singular else f"resource{plural}")
        control = root.member("control")
        is_controlled = self._version == "v2" and isinstance(control.value, dict)
        self._roles = (control.member("grant") if is_controlled else root).member("roles")
        self.authorization = Authorization(
            "body",
            self._subject.line,
            _facts(self._subject),
            _facts(self._resource),
            tuple(_role(role) for role in self._roles.elements()),
            sections=(self._subject.line, self._resource.line),
        )

    def breaches(self, url: str) -> Iterator[LineBreach]:
        """What is wrong with one that lets Backup for VPC reach Event Notifications."""
        asked = _POLICIES.search(url)
        if asked and asked[1] != self._version:
            yield LineBreach("P37-iam-version", 1, {"value": self._version, "name": asked[0]})
        type = self._root.member("type")
        if type.value != "authorization":
            yield LineBreach("P37-iam-type", type.line, {"value": type.value}, "type")
        if self._is_singular:
            yield LineBreach("P37-iam-resources", self._resource.line, {"value": "resource"}, "resource")
        yield from self._attribute_names()
        if not self.authorization.roles:
            yield LineBreach("P37-iam-roles", self._roles.line, {}, "roles")
        yield from authorizations.breaches(self.authorization)

    def _attribute_names(self) -> Iterator[LineBreach]:
        wrong, right = ("key", "name") if self._version == "v1" else ("name", "key")
        for section in (self._subject, self._resource):
            for attribute in _attributes(section):
                if right not in attribute.value and wrong in attribute.value:
                    yield LineBreach("P37-iam-attribute-name", attribute.member(wrong).line, {"value": wrong}, wrong)
                    return


def _attributes(section: Place) -> Iterator[Place]:
    """The attributes of a section, which is an object or an array of them."""
    for holder in section.objects():
        if "attributes" in holder.value:
            yield from holder.member("attributes").objects()
        elif "value" in holder.value:
            yield holder


def _facts(section: Place) -> dict[str, Setting]:
    facts: dict[str, Setting] = {}
    for attribute in _attributes(section):
        name = str(attribute.value.get("name", attribute.value.get("key")))
        value = attribute.member("value")
        facts.setdefault(name, Setting(name, value.value, value.line))
    return facts


def _role(role: Place) -> Setting:
    id = role.member("role_id")
    return Setting("role_id", id.value if isinstance(role.value, dict) else role.value, id.line)
