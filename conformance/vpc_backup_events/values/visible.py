"""Text from an input, made harmless: nothing that an event holds may steer the terminal it is shown on."""

from __future__ import annotations

import re

__all__ = ["LIMIT", "encodable", "visible", "visible_lines"]

# where a shown value is cut; a report is read by people, an event may be made of one long string
LIMIT = 400

_SURROGATE = re.compile(r"[\ud800-\udfff]")
# DEL, C1 controls, marks and overrides of direction, line and paragraph separators: left alone by `json.dumps`
_STEERING = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str, limit: int = LIMIT) -> str:
    """The text with every character that is not printable written as an escape, and cut at `limit` characters."""
    start = _cut(text, limit)
    return start if start.isprintable() else "".join(map(_escape, start))


def visible_lines(text: str, limit: int = 20_000) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(visible(line, limit) for line in _cut(text, limit).split("\n"))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def encodable(document: str) -> str:
    """JSON text with unpaired surrogates spelled out, as UTF-8 can't hold them, and steering characters escaped."""
    document = _SURROGATE.sub(lambda match: f"\\\\u{ord(match[0]):04x}", document)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def _escape(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")
