"""The tolerant reader: it recovers the broken forms that the documentation itself prints, and nothing else.

Two repairs (position P11): raw line breaks between the members of the long text's JSON, and an id without quotation
marks as the value of a member. Each is named by a breach.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.json_text import NotJsonError, parse

__all__ = ["details_value", "event_value"]

T = TypeVar("T")

_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*\Z")
_UUID = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_STRING_OR_ID = re.compile(
    rf'"(?:[^"\\]++|\\.)*+"|(:[ \t\r\n]*+)((?:[0-9a-z]{{4}}[-_])?{_UUID})(?=[ \t\r\n]*+[,}}])', re.DOTALL
)
_OUTSIDE = re.compile(r'"(?:[^"\\]++|\\.)*+"|(\r\n|[\x00-\x1f])', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# a backslash before a line break is an escape that JSON does not know, and no line break between members
_BROKEN_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*+\\[\r\n]")
_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r"})


def event_value(text: str) -> tuple[Any, tuple[Breach, ...]]:
    """The value of the event's JSON; raw line breaks in the long text are repaired. Raises `NotJsonError`."""
    value, count = _parsed(text, _escape_breaks)
    return value, (Breach("P11-raw-line-break", (LONG,), {"count": count}),) if count else ()


def _parsed(text: str, repair: Callable[[str], tuple[str, T]]) -> tuple[Any, T | None]:
    """The value of a text that may need a repair, and what was repaired, if anything. Raises `NotJsonError`."""
    try:
        return parse(text), None
    except NotJsonError as error:
        text, places = repair(text)
        if not places:
            raise
        try:
            return parse(text), places
        except NotJsonError:
            # of the text as it was
            raise error from None


def _escape_breaks(text: str) -> tuple[str, int]:
    """The text with raw line breaks in the long text escaped, and their number; zero where another string has some."""
    pieces: list[str] = []
    count = end = depth = 0
    previous: re.Match[str] | None = None
    for token in _STRING.finditer(text):
        between = text[end : token.start()]
        depth += between.count("{") + between.count("[") - between.count("}") - between.count("]")
        pieces.append(between)
        end = token.end()
        raw = token[0]
        if "\n" in raw or "\r" in raw:
            is_long = (
                depth == 1
                and previous is not None
                and previous[1] == LONG
                and _COLON.match(text, previous.end(), token.start()) is not None
            )
            if not is_long or _BROKEN_ESCAPE.search(raw):
                return text, 0
            count += len(re.findall("\r\n|\n|\r", raw))
            raw = raw.translate(_BREAKS)
        pieces.append(raw)
        previous = token
    pieces.append(text[end:])
    return "".join(pieces), count


def details_value(text: str) -> tuple[Any, bool, tuple[Breach, ...]]:
    """The details in the long text, whether they stand in prose, and what had to be overlooked or repaired.

    Raises `NotJsonError` where nothing can be recovered.
    """
    prose = None if text.startswith("{") else _prose().match(text)
    if prose:
        details, repairs = _repaired(text[prose.end() :])
        return details, True, (Breach("P11-prose", (LONG,)), *repairs, *_within(prose[0]))
    details, repairs = _repaired(text)
    return details, False, (*repairs, *_between(text))


def _repaired(text: str) -> tuple[Any, tuple[Breach, ...]]:
    value, ids = _parsed(text, _quoted)
    return (ids.plain(value, (LONG, INSIDE)), tuple(ids.breaches)) if ids else (value, ())


def _quoted(text: str) -> tuple[str, _UnquotedIds | None]:
    """The text with ids without quotation marks as strings, and these."""
    ids = _UnquotedIds()
    text = _STRING_OR_ID.sub(ids.quote, text)
    return text, ids if ids.values else None


_MARK = "\ue000id:"


class _UnquotedIds:
    """The ids without quotation marks in one text: quoted behind a mark, by which they are known in its value."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        self.breaches: list[Breach] = []

    def quote(self, match: re.Match[str]) -> str:
        """The string that matched, or the id as one."""
        if match[2] is None:
            return match[0]
        self.values.add(match[2])
        return match[1] + json.dumps(_MARK + match[2])

    def plain(self, value: Any, path: Path) -> Any:
        """The value with these ids as plain strings; notes a breach at each."""
        if isinstance(value, dict):
            for name, member in value.items():
                value[name] = self.plain(member, (*path, name))
        elif isinstance(value, list):
            value[:] = [self.plain(item, (*path, index)) for index, item in enumerate(value)]
        elif isinstance(value, str) and value.startswith(_MARK) and value.removeprefix(_MARK) in self.values:
            value = value.removeprefix(_MARK)
            self.breaches.append(Breach("P11-unquoted-id", path, {"value": value}))
        return value


def _between(text: str) -> tuple[Breach, ...]:
    """Line breaks between the members; any other control character there is one that attributes must not have."""
    if not ("\n" in text or "\r" in text or "\t" in text):
        # no other control character is JSON
        return ()
    controls = [match[1] for match in _OUTSIDE.finditer(text) if match[1]]
    others = [control for control in controls if control not in ("\r\n", "\n", "\r")]
    breaches = []
    if len(controls) > len(others):
        breaches.append(Breach("P11-line-break", (LONG,), {"count": len(controls) - len(others)}))
    if others:
        breaches.append(Breach("P03-control-character", (LONG,), {"value": others[0]}))
    return tuple(breaches)


def _within(prose: str) -> tuple[Breach, ...]:
    """Control characters in the prose, where white space is free."""
    control = _CONTROL.search(prose)
    return (Breach("P03-control-character", (LONG,), {"value": control[0]}),) if control else ()


_PROSE: re.Pattern[str] | None = None


def _prose() -> re.Pattern[str]:
    """The prose of the email (position P22) up to its JSON; white space is free."""
    global _PROSE
    if _PROSE is None:
        titles = "|".join(r"\s+".join(e.title.split()) for e in catalog.event_types.values())
        _PROSE = re.compile(
            rf"\s*(?:{titles})\s*\.\s*Resource:\s*\S{{1,500}}?\s*\.\s*BackupJobID:\s*\S{{1,100}}?\s*\.\s*Reason:\s*(?=\S)"
            r"[^{]{1,3000}?\.\s*Notification\s+details:\s*(?=\{)",
        )
    return _PROSE
