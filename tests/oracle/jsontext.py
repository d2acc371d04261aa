"""Reads JSON text as RFC 8259 has it, keeps every member, and knows the two repairs that P11 allows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from oracle.grammar import is_id

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
BARE = re.compile(r"[0-9A-Za-z_-]+")
# the ledger: a reader may set a limit, and 200 levels are read
DEEPEST = 200
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Broken(Exception):
    """The text is no JSON."""


class Members(list):
    """The members of one object as pairs of name and value, in order, those that stand twice included."""

    def last(self, name, default=None):
        return dict(self).get(name, default)

    def names(self):
        return [name for name, _ in self]

    def has(self, name):
        return name in self.names()


@dataclass(frozen=True)
class Number:
    """A number as written; it is an integer when it has neither a fraction nor an exponent."""

    text: str

    @property
    def integer(self):
        return not set(self.text) & set(".eE")


@dataclass
class Reader:
    text: str
    # the top-level member whose string may hold raw line breaks
    broken_member: str | None = None
    # whether an id may stand without quotation marks as the value of a member
    bare_ids: bool = False
    # what the reader met on its way
    raw_breaks: int = 0
    spaces: list[str] = field(default_factory=list)
    repaired_ids: list[str] = field(default_factory=list)
    at: int = 0

    def read(self):
        self.space()
        value = self.value(depth=0, name=None)
        self.space()
        if self.at != len(self.text):
            raise Broken("something follows the value")
        return value

    def space(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\n\r":
            self.spaces.append(self.text[self.at])
            self.at += 1

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, literal):
        if not self.text.startswith(literal, self.at):
            raise Broken(f"{literal} expected at {self.at}")
        self.at += len(literal)

    def value(self, depth, name):
        first = self.peek()
        if first in ("{", "[") and depth >= DEEPEST:
            raise Broken("nested too deep")
        if first == "{":
            return self.object(depth)
        if first == "[":
            return self.array(depth)
        if first == '"':
            return self.string(breaks=depth == 1 and name is not None and name == self.broken_member)
        if self.bare_ids and name is not None:
            bare = BARE.match(self.text, self.at)
            if bare and is_id(bare.group()):
                self.at = bare.end()
                self.repaired_ids.append(bare.group())
                return bare.group()
        for literal, value in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(literal, self.at):
                self.at += len(literal)
                return value
        number = NUMBER.match(self.text, self.at)
        if not number:
            raise Broken(f"no value at {self.at}")
        self.at = number.end()
        return Number(number.group())

    def object(self, depth):
        members = Members()
        self.take("{")
        self.space()
        if self.peek() == "}":
            self.take("}")
            return members
        while True:
            self.space()
            name = self.string(breaks=False)
            self.space()
            self.take(":")
            self.space()
            members.append((name, self.value(depth + 1, name)))
            self.space()
            if self.peek() == "}":
                self.take("}")
                return members
            self.take(",")

    def array(self, depth):
        items = []
        self.take("[")
        self.space()
        if self.peek() == "]":
            self.take("]")
            return items
        while True:
            self.space()
            items.append(self.value(depth + 1, None))
            self.space()
            if self.peek() == "]":
                self.take("]")
                return items
            self.take(",")

    def string(self, breaks):
        self.take('"')
        parts = []
        while True:
            char = self.peek()
            if char == "":
                raise Broken("a string has no end")
            self.at += 1
            if char == '"':
                return joined("".join(parts))
            if char == "\\":
                parts.append(self.escape())
            elif char in "\n\r" and breaks:
                self.raw_breaks += 1
                parts.append(char)
            elif ord(char) < 0x20:
                raise Broken("a raw control character stands in a string")
            else:
                parts.append(char)

    def escape(self):
        char = self.peek()
        self.at += 1
        if char == "u":
            digits = self.text[self.at : self.at + 4]
            if not re.fullmatch("[0-9a-fA-F]{4}", digits):
                raise Broken("four hexadecimal digits expected")
            self.at += 4
            return chr(int(digits, 16))
        if char not in ESCAPES or not char:
            raise Broken("no such escape")
        return ESCAPES[char]


def joined(text):
    """The text with every pair of surrogates as the character that it stands for."""

    def character(pair):
        high, low = (ord(half) for half in pair.group())
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

    return re.sub("[\ud800-\udbff][\udc00-\udfff]", character, text)


def from_python(value):
    """A parsed value, as Python has it, in the form of this reader."""
    if isinstance(value, dict):
        return Members((name, from_python(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return [from_python(inner) for inner in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return Number(str(value))
    return Number(repr(float(value)) if "." in repr(value) or "e" in repr(value) else f"{value!r}.0")


def twice(value):
    """Whether two members of one object have the same name, at any depth."""
    if isinstance(value, Members):
        names = value.names()
        return len(names) != len(set(names)) or any(twice(inner) for _, inner in value)
    return isinstance(value, list) and any(twice(inner) for inner in value)


def strings(value):
    """Every string in the value: names of members and values, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Members):
        for name, inner in value:
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
