"""Commands of `ibmcloud` and `curl` that make a registration, and bodies that a script writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from vpc_backup_events.authoring import shell
from vpc_backup_events.authoring.registration import authorizations
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.configuration import Setting
from vpc_backup_events.authoring.registration.content import Content, of_body
from vpc_backup_events.authoring.registration.curl import Curl, readable
from vpc_backup_events.authoring.registration.provider import routing
from vpc_backup_events.authoring.registration.registrations import (
    FILLED,
    PLACEHOLDER,
    LineBreach,
    is_about_backup,
    registration,
)
from vpc_backup_events.authoring.registration.topics import FILTERS, Filters
from vpc_backup_events.authoring.shell import Command, Invocation, Option, Word
from vpc_backup_events.values.breach import Verbatim

__all__ = ["parts"]

# a variable whose name seems to go on after a hyphen
_HYPHEN = re.compile(r"\$(?P<name>\w+)(?P<rest>(?:-\w+)+)")
_INSTANCE = "--instance-id"
_TARGET = "--target-service-instance-id"


def parts(text: str, filters: Filters) -> Iterator[Content]:
    """What is in a script, a command at a time; raises `UsageError` where the library for scripts is missing."""
    script = shell.read(text)
    invocations = [shell.invocation(command) for command in script.commands]
    # the instance of the commands after it
    is_set = any(_sets_instance(command) for command in script.commands)
    for command, invocation in zip(script.commands, invocations, strict=True):
        if command.program == "curl":
            part = Curl(command).content()
        elif invocation is None:
            continue
        elif invocation.synopsis.words:
            part = _Authorize(command, invocation).content()
        else:
            part = _Create(command, invocation, filters, is_set).content()
        if part.items:
            part.breaches += [LineBreach("P37-curl-continued", line, {}) for line in command.broken]
        yield part
    for document in script.documents:
        yield of_body(Body(readable(document), document.line))


def _sets_instance(command: Command) -> bool:
    """Whether it is `ibmcloud en init`, which the page says will go."""
    words = [word.text for word in command.words if not word.text.startswith("-")]
    return words[:2] in (["en", "init"], ["event-notifications", "init"])


class _Create:
    """A command of `ibmcloud event-notifications` that makes something."""

    def __init__(self, command: Command, invocation: Invocation, filters: Filters, is_set: bool) -> None:
        self._command = command
        self._invocation = invocation
        self._filters = filters
        self._is_set = is_set

    def content(self) -> Content:
        return Content(1, list(self._breaches()))

    def _breaches(self) -> Iterator[LineBreach]:
        invocation = self._invocation
        verb = invocation.verb
        if verb.text == "sources-create":
            yield LineBreach("P37-cli-command", verb.line, {"value": verb.text})
        for name, (word, value) in invocation.options.items():
            option = invocation.synopsis.options.get(name)
            if option is not None:
                if value is not None:
                    yield from self._value(name, option, value)
            elif name == "--source" and "source-create" in invocation.synopsis.verbs:
                yield LineBreach("P37-cli-source", word.line, {}, "source")
                if value is not None and value.text.startswith("crn:"):
                    yield from registration(value.text, value.line)
            else:
                values = {"value": name, "name": verb.text}
                yield LineBreach("P37-cli-option", word.line, values, name.lstrip("-"))
        for name in invocation.missing():
            if name != _INSTANCE or not self._is_set:
                yield LineBreach("P37-cli-required", self._command.line, {"name": name}, name.lstrip("-"))
        if invocation.words:
            stray = invocation.words[0]
            yield LineBreach("P37-cli-quoted", stray.line, {"value": stray.text})

    def _value(self, name: str, option: Option, value: Word) -> Iterator[LineBreach]:
        text = _unbracketed(value.text)
        if _is_named_like(name, text) or FILLED.fullmatch(text) or PLACEHOLDER.fullmatch(text):
            return
        if _is_open(text):
            if option.content:
                yield from self._content(name, option, value)
            return
        if problem := option.problem(text):
            yield self._breach(name, value, text, problem)
        elif option.content:
            yield from self._content(name, option, value)

    def _breach(self, name: str, word: Word, value: Any, expected: str, part: str = "") -> LineBreach:
        line = word.line_of(part) if part else word.line
        values = {"name": name, "value": value, "expected": Verbatim(expected)}
        return LineBreach("P37-cli-value", line, values, name.lstrip("-"))

    def _content(self, name: str, option: Option, word: Word) -> Iterator[LineBreach]:
        """What is wrong with JSON in an option."""
        if word.text.startswith("@"):
            return
        try:
            value = json.loads(readable(word))
        except (ValueError, RecursionError):
            if word.is_known and not PLACEHOLDER.search(word.text):
                yield self._breach(name, word, word.text, "JSON")
            return
        if option.content == "topic-sources":
            yield from self._sources(word, value)
        elif option.content == "destination-config":
            yield from self._config(name, word, value)

    def _config(self, name: str, word: Word, value: Any) -> Iterator[LineBreach]:
        """What is wrong with the configuration of a webhook, as in Terraform."""
        if self._invocation.value("--type") != "webhook" or not isinstance(value, dict):
            return
        params = value.get("params")
        url, verb = (params.get(member) if isinstance(params, dict) else None for member in ("url", "verb"))
        if isinstance(url, str) and not url.startswith("https://") and not _is_open(url):
            yield self._breach(f"url of {name}", word, url, "a URL that begins with https://", f'"{url}"')
        if isinstance(verb, str) and verb.upper() not in routing().verbs and not _is_open(verb):
            yield self._breach(f"verb of {name}", word, verb, "one of " + ", ".join(routing().verbs), f'"{verb}"')

    def _sources(self, word: Word, value: Any) -> Iterator[LineBreach]:
        """What is wrong with the filters of a topic."""
        for index, source in enumerate(_objects(value)):
            is_backup = is_about_backup(source.get("id"))
            for number, rule in enumerate(_objects(source.get("rules"))):
                for name in FILTERS:
                    text = rule.get(name)
                    if not isinstance(text, str) or not text or FILLED.search(text):
                        continue
                    if is_backup or is_about_backup(text):
                        setting = Setting(name, text, word.line_of(json.dumps(text)))
                        yield from self._filters.of(setting, ("sources", index, "rules", number))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []


def _is_open(text: str) -> bool:
    return FILLED.search(text) is not None or PLACEHOLDER.search(text) is not None


def _unbracketed(text: str) -> str:
    return text[:-1] if text.endswith("]") and "[" not in text else text


def _is_named_like(option: str, text: str) -> bool:
    """Whether a value is the word that stands for it in a synopsis, such as `INSTANCE-ID`."""
    return text.isupper() and text.replace("_", "-").lower() == option.lstrip("-")


class _Authorize:
    """`ibmcloud iam authorization-policy-create`."""

    def __init__(self, command: Command, invocation: Invocation) -> None:
        self._command = command
        self._invocation = invocation

    def content(self) -> Content:
        options = self._invocation.synopsis.options
        if any(options[name].alone for name in self._invocation.options if name in options):
            # a file says what it authorizes
            return Content()
        authorization = self._authorization()
        content = Content(int(authorization.is_ours), authorizations=[authorization])
        if authorization.is_towards_event_notifications:
            content.breaches += authorizations.breaches(authorization)
            content.breaches += self._breaches()
        return content

    def _authorization(self) -> Authorization:
        sides: dict[str, dict[str, Setting]] = {"subject": {}, "resource": {}}
        words = self._invocation.words
        for side, name, word in zip(sides, self._invocation.synopsis.words, words, strict=False):
            sides[side]["serviceName"] = Setting(name, word.text, word.line)
        for name, option in self._invocation.synopsis.options.items():
            if name in self._invocation.options and option.attribute is not None:
                word, _ = self._invocation.options[name]
                fact = Setting(name, self._invocation.value(name), word.line)
                sides[option.attribute.side][option.attribute.name] = fact
        roles = tuple(self._roles())
        line, is_open = self._command.line, self._invocation.is_open
        return Authorization("cli", line, sides["subject"], sides["resource"], roles, is_open)

    def _roles(self) -> Iterator[Setting]:
        """Roles, with commas between them; words that lack their quotes are one role."""
        words = self._invocation.words[2:]
        if words:
            written = " ".join(word.text for word in words)
            for role in written.split(","):
                yield Setting("ROLE_NAME", role.strip(), words[0].line)

    def _breaches(self) -> Iterator[LineBreach]:
        strays = self._invocation.words[3:]
        if strays:
            yield LineBreach("P37-cli-quoted", strays[0].line, {"value": strays[0].text})
        for name, (word, value) in self._invocation.options.items():
            if name not in self._invocation.synopsis.options:
                is_target = name.startswith("--target-") and "instance" in name
                values = {"value": name, "name": self._invocation.verb.text}
                id = "P37-cli-iam-target" if is_target else "P37-cli-option"
                yield LineBreach(id, word.line, values, name.lstrip("-"))
            if value is not None and (variable := _HYPHEN.fullmatch(value.source)):
                reading = f"${variable['name']} and {variable['rest']!r}"
                values = {"value": value.source, "name": reading}
                yield LineBreach("P37-cli-iam-variable", value.line, values, name.lstrip("-"))
