"""Commands of `ibmcloud` and `curl` that make a registration, and bodies that a script writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.authoring import shell
from vpc_backup_events.authoring.registration import authorizations
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.configuration import Block, Setting, Template
from vpc_backup_events.authoring.registration.content import Content
from vpc_backup_events.authoring.registration.curl import Curl, readable
from vpc_backup_events.authoring.registration.places import Place
from vpc_backup_events.authoring.registration.provider import routing
from vpc_backup_events.authoring.registration.registrations import (
    FILLED,
    PLACEHOLDER,
    LineBreach,
    registration,
)
from vpc_backup_events.authoring.registration.topics import Filters
from vpc_backup_events.authoring.shell import Command, Invocation, Option, Word
from vpc_backup_events.values.breach import Verbatim

__all__ = ["content"]

# a variable whose name seems to go on after a hyphen
_HYPHEN = re.compile(r"\$(?P<name>\w+)(?P<rest>(?:-\w+)+)")
_INSTANCE = "--instance-id"


def content(text: str, filters: Filters) -> Content:
    """What is in a script; raises `UsageError` where the library for scripts is missing."""
    script = shell.read(text)
    # the instance of the commands after it
    is_set = any(_sets_instance(command) for command in script.commands)
    content = Content()
    for command in script.commands:
        part = _content(command, filters, is_set)
        if part.items:
            part.breaches += [LineBreach("P37-curl-continued", line, {}) for line in command.broken]
        content.add(part)
    for document in script.documents:
        content.add(Body(readable(document)).content(), document.line - 1)
    return content


def _sets_instance(command: Command) -> bool:
    """Whether it is `ibmcloud en init`, which the page says will go."""
    words = [word.text for word in command.words if not word.text.startswith("-")]
    return words[:2] in (["en", "init"], ["event-notifications", "init"])


def _content(command: Command, filters: Filters, is_set: bool) -> Content:
    """What one command makes, and what is wrong with it."""
    if command.program == "curl":
        return Curl(command).content()
    invocation = shell.invocation(command)
    if invocation is None or invocation.is_alone:
        # where a file says what it authorizes, nothing is known
        return Content()
    breaches = _Call(invocation, command.line, filters, is_set).breaches()
    if not invocation.synopsis.words:
        return Content(1, list(breaches))
    authorization = _authorization(invocation, command.line)
    content = Content(int(authorization.is_ours), authorizations=[authorization])
    if authorization.is_towards_event_notifications:
        content.breaches += [*authorizations.breaches(authorization), *breaches]
    return content


@dataclass(frozen=True, slots=True)
class _Call:
    """A command of `ibmcloud` that makes something."""

    invocation: Invocation
    line: int
    filters: Filters
    #: a command before it names the instance
    is_set: bool

    def breaches(self) -> Iterator[LineBreach]:
        invocation, synopsis = self.invocation, self.invocation.synopsis
        verb = invocation.verb
        if verb.text == "sources-create":
            yield LineBreach("P37-cli-command", verb.line, {"value": verb.text})
        for name, (word, value) in invocation.options.items():
            if name not in synopsis.options:
                yield from self._unknown(name, word, value)
            elif value is not None:
                yield from self._value(name, synopsis.options[name], value)
            if synopsis.words and value is not None and (variable := _HYPHEN.fullmatch(value.source)):
                values = {"value": value.source, "name": f"${variable['name']} and {variable['rest']!r}"}
                yield LineBreach("P37-cli-iam-variable", value.line, values, name.lstrip("-"))
        for name in invocation.missing():
            if name != _INSTANCE or not self.is_set:
                yield LineBreach("P37-cli-required", self.line, {"name": name}, name.lstrip("-"))
        for stray in invocation.words[len(synopsis.words) :][:1]:
            yield LineBreach("P37-cli-quoted", stray.line, {"value": stray.text})

    def _unknown(self, name: str, word: Word, value: Word | None) -> Iterator[LineBreach]:
        """What is wrong with an option that the command does not have."""
        synopsis = self.invocation.synopsis
        if name == "--source" and "source-create" in synopsis.verbs:
            yield LineBreach("P37-cli-source", word.line, {}, "source")
            if value is not None and value.text.startswith("crn:"):
                yield from registration(value.text, value.line)
            return
        is_target = synopsis.words and name.startswith("--target-") and "instance" in name
        values = {"value": name, "name": self.invocation.verb.text}
        yield LineBreach("P37-cli-iam-target" if is_target else "P37-cli-option", word.line, values, name.lstrip("-"))

    def _value(self, name: str, option: Option, value: Word) -> Iterator[LineBreach]:
        text = _unbracketed(value.text)
        if _is_named_like(name, text) or FILLED.fullmatch(text) or PLACEHOLDER.fullmatch(text):
            return
        problem = "" if _is_open(text) else option.problem(text)
        if problem:
            yield _breach(name, value, text, problem)
        elif option.content and not value.text.startswith("@"):
            yield from self._json(name, option, value)

    def _json(self, name: str, option: Option, word: Word) -> Iterator[LineBreach]:
        try:
            value = json.loads(readable(word))
        except (ValueError, RecursionError):
            if word.is_known and not PLACEHOLDER.search(word.text):
                yield _breach(name, word, word.text, "JSON")
            return
        if option.content == "topic-sources":
            yield from self.filters.breaches(_sources(word, value))
        elif option.content == "destination-config" and self.invocation.value("--type") == "webhook":
            yield from _webhook(name, word, value)


def _sources(word: Word, sources: Any) -> Iterator[Block]:
    """The sources of a topic, as Terraform has them."""
    for source in _objects(sources):
        rules = [Block("rules", word.line, tuple(_settings(word, rule))) for rule in _objects(source.get("rules"))]
        yield Block("sources", word.line, tuple(_settings(word, source)), tuple(rules))


def _settings(word: Word, members: Mapping[str, Any]) -> Iterator[Setting]:
    for name, value in members.items():
        if isinstance(value, str):
            text = Template(value) if FILLED.search(value) else value
            yield Setting(name, text, word.line_of(json.dumps(value)))


def _webhook(name: str, word: Word, config: Any) -> Iterator[LineBreach]:
    """What is wrong with the configuration of a webhook, as in Terraform."""
    params = Place(config, {}).member("params")
    url, verb = params.member("url").value, params.member("verb").value
    if isinstance(url, str) and not url.startswith("https://") and not _is_open(url):
        yield _breach(f"url of {name}", word, url, "a URL that begins with https://", f'"{url}"')
    if isinstance(verb, str) and verb.upper() not in routing().verbs and not _is_open(verb):
        yield _breach(f"verb of {name}", word, verb, "one of " + ", ".join(routing().verbs), f'"{verb}"')


def _breach(name: str, word: Word, value: str, expected: str, part: str = "") -> LineBreach:
    values = {"name": name, "value": value, "expected": Verbatim(expected)}
    return LineBreach("P37-cli-value", word.line_of(part), values, name.lstrip("-"))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []


def _is_open(text: str) -> bool:
    return FILLED.search(text) is not None or PLACEHOLDER.search(text) is not None


def _unbracketed(text: str) -> str:
    return text[:-1] if text.endswith("]") and "[" not in text else text


def _is_named_like(option: str, text: str) -> bool:
    """Whether a value is the word that stands for it in a synopsis, such as `INSTANCE-ID`."""
    return text.isupper() and text.replace("_", "-").lower() == option.lstrip("-")


def _authorization(invocation: Invocation, line: int) -> Authorization:
    """What `ibmcloud iam authorization-policy-create` authorizes."""
    sides: dict[str, dict[str, Setting]] = {"subject": {}, "resource": {}}
    words = invocation.words
    for side, name, word in zip(sides, invocation.synopsis.words, words, strict=False):
        sides[side]["serviceName"] = Setting(name, word.text, word.line)
    for name, option in invocation.synopsis.options.items():
        if name in invocation.options and option.attribute is not None:
            fact = Setting(name, invocation.value(name), invocation.options[name].name.line)
            sides[option.attribute.side][option.attribute.name] = fact
    # roles have commas between them; words that lack their quotes are one role
    roles = " ".join(word.text for word in words[2:]).split(",") if words[2:] else []
    settings = tuple(Setting("ROLE_NAME", role.strip(), words[2].line) for role in roles)
    return Authorization("cli", line, sides["subject"], sides["resource"], settings, invocation.is_open)
