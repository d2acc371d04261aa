"""Bodies that a script sends with curl, or writes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from vpc_backup_events.authoring import shell
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.content import Content
from vpc_backup_events.authoring.registration.registrations import FILLED
from vpc_backup_events.authoring.shell import Command, Word

__all__ = ["Curl", "readable"]

# a body in the same word as its option
_SHORT_BODY = re.compile(r"-[a-zA-Z#]*d(?P<body>.*)", re.DOTALL)
_ADDRESS = re.compile(r"https?://|\{?\$?\{?\w+\}?\}?/|\$\{\w+\}$")
# bodies of one command that are looked at; it sends one
_MOST_BODIES = 4
# values that the shell fills in, outside of the quotes of JSON
_BARE_VALUE = re.compile(r"(?P<before>[:\[,]\s*)(?P<value>\$\{\w+\})(?=\s*[,\]}])")


def readable(word: Word) -> str:
    """A text of JSON in which what the shell fills in is a text, too, where nothing else makes JSON of it."""
    if word.is_known or _is_json(word.text):
        return word.text
    return _BARE_VALUE.sub(r'\g<before>"\g<value>"', word.text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class Curl:
    """A command of curl."""

    def __init__(self, command: Command) -> None:
        self._input = command.input
        self._bodies: list[Word] = []
        self._address = ""
        self._read(command.words)

    def content(self) -> Content:
        """What its bodies make; where one is not known, its address says what it is."""
        content = Content()
        for word in self._bodies[:_MOST_BODIES]:
            text = readable(word)
            is_elsewhere = text.startswith("@") or FILLED.fullmatch(text.strip()) is not None
            if is_elsewhere or not (word.is_known or _is_json(text)):
                content.items += Body("", self._address).is_source
            else:
                content.add(Body(text, self._address).content(), word.line - 1)
        # one command makes one thing
        content.items = min(content.items, 1)
        return content

    def _read(self, words: Sequence[Word]) -> None:
        options = shell.curl()
        rest = iter(words)
        for word in rest:
            body: Word | None = None
            name, equals, value = word.text.partition("=")
            if equals and name in options.body:
                body = Word(value, word.line, word.is_known)
            elif word.text in options.body:
                body = next(rest, None)
            elif word.text in options.address:
                following = next(rest, None)
                self._address = following.text if following is not None else ""
            elif word.text in options.valued:
                next(rest, None)
            elif short := _SHORT_BODY.fullmatch(word.text):
                body = Word(short["body"], word.line, word.is_known) if short["body"] else next(rest, None)
            elif not self._address and _ADDRESS.match(word.text):
                self._address = word.text.split("?")[0]
            if body is not None:
                self._bodies.append(self._input if body.text == "@-" and self._input is not None else body)
