"""Commands by their synopses: which options and words a command was given, and which are missing."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from vpc_backup_events.authoring.facts import Limits, load
from vpc_backup_events.authoring.shell.script import Command
from vpc_backup_events.authoring.shell.words import Word
from vpc_backup_events.values.records import record

__all__ = ["Assignment", "Attribute", "Curl", "Invocation", "Option", "Synopsis", "curl", "invocation"]

_HELP = frozenset(("--help", "-h"))
# values of a switch, and what stands for one in a synopsis
_TRUE_OR_FALSE = re.compile(r"true|false|\$\{.*|[A-Z][A-Z_-]+\]?|<.*", re.IGNORECASE)
# a word of a synopsis that only groups others
_GROUPING = frozenset(("[", "]", "{", "}", "|", "...", "[...]"))


class Attribute(NamedTuple):
    """The attribute of an authorization that an option sets."""

    side: Literal["subject", "resource"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Limits):
    """What the synopsis says of an option."""

    required: bool = False
    #: it is true where no value follows
    switch: bool = False
    #: it takes the place of the words
    alone: bool = False
    #: what JSON its value is
    content: str = ""
    attribute: Attribute | None = None


@dataclass(frozen=True, slots=True)
class Synopsis:
    """One command, as its page has it."""

    services: tuple[str, ...]
    verbs: tuple[str, ...]
    #: names of the words beside options
    words: tuple[str, ...]
    options: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Curl:
    """Options of curl."""

    body: frozenset[str]
    address: frozenset[str]
    valued: frozenset[str]


class Assignment(NamedTuple):
    """An option as a command has it."""

    name: Word
    #: None where none follows
    value: Word | None


class Invocation:
    """A command as it is written, by its synopsis."""

    def __init__(self, synopsis: Synopsis, verb: Word, words: Sequence[Word]) -> None:
        self.synopsis = synopsis
        self.verb = verb
        #: option -> how it stands there the first time
        self.options: dict[str, Assignment] = {}
        #: what belongs to no option
        self.words: list[Word] = []
        #: the shell may fill in more options and words
        self.is_open = False
        self._read(words)

    @property
    def is_alone(self) -> bool:
        """Whether an option takes the place of the words."""
        options = self.synopsis.options
        return any(options[name].alone for name in self.options if name in options)

    def value(self, option: str) -> str | None:
        """The text of an option's value; None where it has none."""
        assignment = self.options.get(option)
        return assignment.value.text if assignment and assignment.value else None

    def missing(self) -> Iterator[str]:
        """Required options that were not given."""
        for name, option in self.synopsis.options.items():
            if option.required and name not in self.options and not self.is_open:
                yield name

    def _read(self, words: Sequence[Word]) -> None:
        rest = deque(words)
        while rest:
            word = rest.popleft()
            text = _bare(word.text)
            if text in _GROUPING:
                continue
            if not text.startswith("-") or len(text) < 2:
                self._take(word)
                continue
            name, equals, value = text.partition("=")
            following: Word | None = None
            if equals:
                following = Word(value, word.line, word.is_known, False, value)
            elif rest and self._takes(name, rest[0]):
                following = rest.popleft()
            self.options.setdefault(name, Assignment(word, following))

    def _take(self, word: Word) -> None:
        is_expected = len(self.words) < len(self.synopsis.words)
        if word.is_many and not is_expected:
            self.is_open = True
        else:
            self.words.append(word)

    def _takes(self, name: str, following: Word) -> bool:
        """Whether the next word is the option's value."""
        option = self.synopsis.options.get(name)
        if option is not None and option.switch:
            return _TRUE_OR_FALSE.fullmatch(following.text) is not None
        return not _bare(following.text).startswith("--")


def invocation(command: Command) -> Invocation | None:
    """The command by its synopsis; None where it has none, or only asks for help."""
    words = command.words
    for synopsis in _synopses():
        service = _place(words, synopsis.services, 0)
        verb = None if service is None else _place(words, synopsis.verbs, service + 1)
        if service is not None and verb is not None:
            rest = [*words[:service], *words[service + 1 : verb], *words[verb + 1 :]]
            invocation = Invocation(synopsis, words[verb], rest)
            return None if invocation.options.keys() & _HELP else invocation
    return None


def _place(words: Sequence[Word], names: Sequence[str], begin: int) -> int | None:
    """Where one of the names stands, after nothing but options and their values."""
    may_be_value = False
    for index in range(begin, len(words)):
        word = words[index]
        if word.is_known and word.text in names:
            return index
        is_option = word.text.startswith("-")
        if not is_option and not may_be_value:
            return None
        may_be_value = is_option and "=" not in word.text
    return None


def _bare(text: str) -> str:
    """A word without the brackets of a synopsis."""
    bare = text[1:] if text.startswith("[-") else text
    if bare.endswith("]") and "[" not in bare:
        bare = bare[:-1]
    return bare.rstrip(",") if bare.startswith("-") else bare


@cache
def _synopses() -> list[Synopsis]:
    facts = load("commands")
    of_all = facts["options_of_all"]
    return [record(Synopsis, {**command, "options": {**of_all, **command["options"]}}) for command in facts["commands"]]


@cache
def curl() -> Curl:
    """Which options of curl matter."""
    return record(Curl, load("commands")["curl"])
