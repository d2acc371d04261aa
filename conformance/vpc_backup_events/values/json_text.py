"""JSON text (RFC 8259) to values, strictly: duplicates are seen, NaN and byte order marks refused, depth is bounded."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from vpc_backup_events.values.breach import Path

__all__ = [
    "MAX_DEPTH",
    "MAX_VALUES",
    "Members",
    "NotJsonError",
    "decode",
    "duplicates",
    "has_duplicates",
    "openings",
    "parse",
    "shadowed",
]

# arrays and objects nested deeper than this are not read
MAX_DEPTH = 200
# nor is a document of more values; an event may have 60 KB
MAX_VALUES = 100_000

_DIGITS = 40
# what the text of an object or an array begins with
_OPENING = ("{", "[")
# how newer interpreters begin to say so
_LAST_COMMA = "Illegal trailing comma"
_SEPARATORS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{,]', re.DOTALL)
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class NotJsonError(ValueError):
    """The text is no JSON; `str()` says why and where, without quoting it."""


class Members(dict[str, Any]):
    """An object of a document in which a name stands more than once in one object.

    It holds the last member of each name, and the others in `shadowed`.
    """

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.duplicates = {name: count for name, count in counts.items() if count > 1}
        self.shadowed = [(name, value) for name, value in pairs if value is not self[name]]


def decode(data: bytes) -> str:
    """The bytes as text. Raises `NotJsonError` where they are not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJsonError(f"byte {error.start} is not UTF-8.") from None


def parse(text: str, most: float = MAX_VALUES) -> Any:
    """The value of a JSON text with at most so many values. Raises `NotJsonError`."""
    if text[:1] not in _OPENING and not text.strip(" \t\r\n"):
        raise NotJsonError("it is empty.")
    if _is_too_deep(text):
        raise NotJsonError(f"it is nested deeper than {MAX_DEPTH} levels, which this kit does not read.")
    if len(text) > most and _values(text, most) > most:
        raise NotJsonError(f"it has more than {most:,} values, which this kit does not read.")
    try:
        try:
            return _decoded(text)
        except _DuplicateError:
            return _MEMBERS_DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotJsonError(_explain(error)) from None


def _decoded(text: str) -> Any:
    """The value of a text in which no member stands twice. Raises `_DuplicateError` where one does."""
    try:
        value, end = _scan(text, 0)
        # most texts begin and end with what is read
        if end == len(text):
            return value
    except StopIteration:
        # white space before the value, or no value
        pass
    return _DECODER.decode(text)


def has_duplicates(value: Any) -> bool:
    """Whether a member may stand more than once in a value that `parse` gave."""
    # an array says nothing of the objects in it
    return isinstance(value, (Members, list))


def duplicates(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, int]]:
    """Where a member stands more than once: path of the member, its name, how often."""
    if isinstance(value, dict):
        for name, count in getattr(value, "duplicates", {}).items():
            yield (*path, name), name, count
        for name, member in value.items():
            if isinstance(member, dict | list):
                yield from duplicates(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from duplicates(item, (*path, index))


def shadowed(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The members that a later one of the same name hides: the path and the value of each."""
    if isinstance(value, dict):
        for name, member in getattr(value, "shadowed", ()):
            yield (*path, name), member
            yield from shadowed(member, (*path, name))
        for name, member in value.items():
            yield from shadowed(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from shadowed(item, (*path, index))


class _DuplicateError(Exception):
    """A name stands more than once."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateError
    return members


def _constant(name: str) -> Any:
    raise NotJsonError(f"it holds {name}, which JSON has no form for.")


def _integer(digits: str) -> int:
    # an integer's size is not judged, and conversion of very long ones is refused by the interpreter
    return int(digits[:_DIGITS])


def _finite(digits: str) -> float:
    # nor is that of any other number, and no engine takes an infinite one
    value = float(digits)
    return value if math.isfinite(value) else 0.5


def _decoder(hook: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=hook, parse_constant=_constant, parse_int=_integer, parse_float=_finite)


# most documents have no duplicate, and plain objects are what engines and rules are quickest with
_DECODER = _decoder(_members)
_MEMBERS_DECODER = _decoder(Members)
# `decode` without a look at the white space around
_scan: Callable[[str, int], tuple[Any, int]] = vars(_DECODER)["scan_once"]


def openings(text: str) -> int:
    """How many braces and brackets in the text may begin an object or an array, in strings as well."""
    # to count none takes longer than to find that there is none
    return text.count("{") + (text.count("[") if "[" in text else 0)


def _is_too_deep(text: str) -> bool:
    if openings(text) <= MAX_DEPTH:
        return False
    depth = 0
    for token in _TOKENS.finditer(text):
        first = text[token.start()]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif first in "]}":
            depth -= 1
    return False


def _values(text: str, most: float) -> int:
    """How many values there are, about, where there may be more than `most`."""
    count = text.count(",") + openings(text)
    if count <= most:
        return count
    return sum(text[separator.start()] != '"' for separator in _SEPARATORS.finditer(text))


def _explain(error: json.JSONDecodeError) -> str:
    before = error.doc[: error.pos].rstrip(" \t\r\n")
    if error.doc[error.pos : error.pos + 1] in ("}", "]") and before.endswith(","):
        # interpreters before 3.13 name the place behind it
        error = json.JSONDecodeError(_LAST_COMMA, error.doc, len(before) - 1)
    elif error.msg.startswith(_LAST_COMMA):
        error = json.JSONDecodeError(_LAST_COMMA, error.doc, error.pos)
    what = {
        _LAST_COMMA: "a comma stands behind the last value",
        "Expecting value": "a value is expected",
        "Expecting ',' delimiter": "a comma is expected",
        "Expecting ':' delimiter": "a colon is expected",
        "Expecting property name enclosed in double quotes": "a member name in quotation marks is expected",
        "Extra data": "something follows the end of the JSON",
        "Invalid control character at": "a control character stands inside a string",
        "Unterminated string starting at": "a string that begins here has no end",
        "Invalid \\escape": "an escape that JSON does not know",
        "Invalid \\uXXXX escape": "an escape \\u without four hexadecimal digits",
    }.get(error.msg.removesuffix(": "), error.msg[:1].lower() + error.msg[1:])
    return f"{what} at line {error.lineno}, column {error.colno}."
