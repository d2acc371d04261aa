"""From a breach to a finding: the level in the profile, and words for a person, in which no secret stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from string import Formatter
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.masking import HIDDEN, looks_secret, masked
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.breach import INSIDE, Breach, Path, Verbatim, pointer
from vpc_backup_events.values.levels import LEVELS, Profile, rank
from vpc_backup_events.values.memo import memo
from vpc_backup_events.values.report import Finding, Source

__all__ = ["HIDDEN", "NO_SECRET", "finding", "findings", "gravity", "show"]

# the requirement whose breaches say where a secret is
NO_SECRET = "P20-no-secret"
_LONGEST = 80
_NAME_ALONE = frozenset({"name"})


def findings(breaches: Iterable[Breach], profile: Profile, source: Source | None = None) -> tuple[Finding, ...]:
    """The findings that the breaches are in this profile, each breach once, the gravest first."""
    requirements = catalog.requirements
    relevant = [breach for breach in breaches if requirements[breach.requirement].profiles[profile] != "none"]
    if not relevant:
        return ()
    if len(relevant) == 1:
        alone = finding(relevant[0], profile, source, relevant[0].requirement == NO_SECRET)
        return (alone,) if alone else ()
    # what the profile does not judge makes nothing pointless
    basic = _basic(_distinct(relevant))
    secret = [breach.path for breach in basic if breach.requirement == NO_SECRET]
    entries = (finding(breach, profile, source, _touches(breach.path, secret)) for breach in basic)
    return tuple(sorted(filter(None, entries), key=gravity))


def finding(breach: Breach, profile: Profile, source: Source | None, hide: bool = False) -> Finding | None:
    """The finding that a breach is in this profile, or None where the profile does not judge it.

    `hide` keeps the value out of the text: a secret stands there.
    """
    name = breach.values.get("name", "")
    if not hide and isinstance(name, str) and _asks_for(breach.requirement) <= _NAME_ALONE:
        entry = _finding_of_name(breach.requirement, profile, breach.path, name)
    else:
        entry = _finding(breach.requirement, profile, breach.path, _Words(breach.values, hide))
    return entry if entry is None or source is None else replace(entry, source=source)


def _finding(id: str, profile: Profile, path: Path, words: Mapping[str, str]) -> Finding | None:
    requirement = catalog.requirements[id]
    level = requirement.profiles[profile]
    if level == "none":
        return None
    assert level in LEVELS
    place = pointer(_without_secrets(path))
    message, hint = requirement.message.format_map(words), requirement.hint.format_map(words)
    return Finding(requirement.id, level, place, message, hint, requirement.doc)


# what can only be said of a name is said of the same few names again and again
@memo
def _finding_of_name(id: str, profile: Profile, path: Path, name: str) -> Finding | None:
    return _finding(id, profile, path, _Words({"name": name}, False))


@cache
def _asks_for(id: str) -> frozenset[str]:
    """What the words of a requirement are filled with."""
    requirement = catalog.requirements[id]
    fields = Formatter().parse(requirement.message + requirement.hint)
    return frozenset(name for _, name, _, _ in fields if name)


def _distinct(breaches: Iterable[Breach]) -> list[Breach]:
    """The breaches without those that name the same requirement at the same place again."""
    first: dict[tuple[str, Path], Breach] = {}
    for breach in breaches:
        first.setdefault((breach.requirement, breach.path), breach)
    return list(first.values())


def _basic(breaches: list[Breach]) -> list[Breach]:
    """The breaches without those that a more basic one at the same place makes pointless."""
    at: dict[Path, set[str]] = {}
    for breach in breaches:
        at.setdefault(breach.path, set()).add(breach.requirement)
    return [breach for breach in breaches if not catalog.requirements[breach.requirement].refines & at[breach.path]]


def _touches(path: Path, others: list[Path]) -> bool:
    """Whether one of the other places is this one, above it, or below it."""
    return any(path[: len(other)] == other[: len(path)] for other in others)


def gravity(finding: Finding) -> tuple[int, str, str]:
    """Where the finding stands among those of its event."""
    return rank(finding.level), finding.requirement, finding.pointer


class _Words(dict[str, str]):
    """The words that a message is filled with, each made when the message asks for it."""

    def __init__(self, values: Mapping[str, Any], hide: bool) -> None:
        super().__init__()
        self._values = values
        self._hide = hide

    def __missing__(self, name: str) -> str:
        if name in self._values:
            word = _word(name, self._values[name], self._hide)
        elif name == "problem" and "value" in self._values:
            word = _problem(self._values["value"]) or f"is {self['value']}"
        else:
            return "{" + name + "}"
        self[name] = word
        return word


def _problem(value: Any) -> str | None:
    """What is wrong with a value that should be a string with a content, or None where the string itself is."""
    if value is None:
        return "is null"
    if isinstance(value, str):
        return "is empty" if is_blank(value) else None
    kind = {bool: "a boolean", int: "a number", float: "a number", dict: "an object", list: "a list"}[type(value)]
    return f"is {kind}, not a string"


def _word(name: str, value: Any, hide: bool) -> str:
    if name == "value":
        return show(value, hide)
    if name == "name":
        return _name(value) if type(value) is str else show(value, hide)
    return masked(str(value))


def show(value: Any, hide: bool) -> str:
    """A value as a message shows it: JSON, one line, at most 80 characters, never a secret."""
    if isinstance(value, Verbatim):
        return value
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str) and (hide or looks_secret(value)):
        return json.dumps(HIDDEN)
    text = json.dumps(value[:_LONGEST] if isinstance(value, str) else value, ensure_ascii=True)
    cut = isinstance(value, str) and len(value) > _LONGEST
    return text if len(text) <= _LONGEST and not cut else text[: _LONGEST - 4] + "..." + text[-1]


def _without_secrets(path: Path) -> Path:
    return tuple(_step(step) if isinstance(step, str) and step != INSIDE else step for step in path)


@memo
def _step(name: str) -> str:
    return HIDDEN if looks_secret(name) else name


@memo
def _name(name: str) -> str:
    """The name of a member as a message shows it."""
    return f"`{show(name, False)[1:-1]}`"
