"""Shapes: most events of an archive are an earlier one with other ids and another time, and so is their verdict.

A shape is the text of an event that was judged, with gaps for UUIDs, account ids and the time. A text that is the same
outside the gaps, and has in them what may stand there, gets the verdict of the first without being parsed. That this
holds rests on what is never made a shape: see `_gaps`. That it holds is tested with every mutation of the kit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from struct import Struct
from typing import Any, NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, MAX_BYTES
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.report import Finding

# shapes that are kept, of these the ones that are learnt at first sight, bytes of their texts, shapes of texts that are
# alike, and texts that were seen once
SHAPES = 4096
_EAGER = 1024
BYTES = 16 * 1024 * 1024
ALIKE = 32
_SEEN = 100_000

# hexadecimal digits are the same, everything else is itself
CLASSES = bytes(ord("0") if chr(byte) in "0123456789abcdef" else byte for byte in range(256))

_UUID = re.compile(rb"(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])")
_ACCOUNT = re.compile(rb"(?<=:a/)[0-9a-f]{32}(?=:)")
_TIME = re.compile(
    rb'(?<!\\)"time"[ \t]*:[ \t]*"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d)"', re.ASCII
)
# a quotation mark behind a backslash stands within a name, or within the long text
_MEMBER = {name: re.compile(rb'(?<!\\)"%s"[ \t]*:[ \t]*"([^"\\]*)"' % name.encode()) for name in ("source", "id")}
_CLOCK = re.compile(rb"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d")
# days that are counted; what is far from them is no time of a backup
_DAY = re.compile(r"(?:19[7-9]|20\d|21\d)\d-\d\d-\d\d", re.ASCII)
# what reading may complain of without the text being read in another way
_HARMLESS = {"P11-line-break"}


class Facts(NamedTuple):
    """What an event is about, in the catalog's words, each empty where it is not known."""

    event_type: str = ""
    reason: str = ""
    severity: str = ""


class Verdict(NamedTuple):
    """All that is counted of one event."""

    facts: Facts
    # requirement of each finding
    requirements: tuple[str, ...] = ()
    # one of them is an error
    broken: bool = False


@dataclass(slots=True, eq=False)
class Shape:
    """A text with gaps, and the verdict on every text that fits."""

    unpack: Any
    literals: tuple[bytes, ...]
    verdict: Verdict
    # where `source` and `id` stand, or None where one of them has no content
    identity: tuple[slice, slice] | None
    id: slice | None
    # where day and clock of the time stand, or None where the time is no gap
    time: tuple[slice, slice] | None
    # where the digits of its fraction stand, if it has one
    fraction: slice | None
    # the day where the time is no gap
    day: str
    # of the part that is judged now: how many texts fitted, and whether there are enough examples of its findings
    hits: int = 0
    enough: bool = field(default=False)


class Shapes:
    """The shapes that a process has met."""

    def __init__(self) -> None:
        # text with all hexadecimal digits alike -> its shapes
        self.known: dict[bytes, list[Shape]] = {}
        # of these, how many shapes, and bytes of their texts
        self._count = self._bytes = 0
        # of texts that were met once, the hash
        self._once: set[int] = set()

    def meet(self, text: bytes) -> bool:
        """Whether the shape of a text is worth knowing: while few are known, or where one like it was met before."""
        if len(self.known) < _EAGER:
            return True
        like = hash(text.translate(CLASSES))
        if like in self._once:
            return True
        if len(self._once) >= _SEEN:
            self._once.clear()
        self._once.add(like)
        return False

    def learn(self, text: bytes, event: Mapping[str, Any], findings: tuple[Finding, ...], verdict: Verdict) -> None:
        """Keeps the shape of an event that was judged; `event` has the details as a dict where they are JSON."""
        like = text.translate(CLASSES)
        # where many are alike, digits differ in what is no gap, such as a number that counts; one more fits no other
        if len(text) > MAX_BYTES or len(self.known.get(like, ())) >= ALIKE:
            return
        shape = shape_of(text, event, findings, verdict)
        if shape is None:
            return
        if self._count >= SHAPES or self._bytes >= BYTES:
            # what is still there is soon learnt again
            self.known.clear()
            self._count = self._bytes = 0
        alike = self.known.setdefault(like, [])
        # texts of one form may have waited together
        if all(each.literals != shape.literals for each in alike):
            alike.append(shape)
            self._count += 1
            self._bytes += len(text)


def shape_of(text: bytes, event: Mapping[str, Any], findings: tuple[Finding, ...], verdict: Verdict) -> Shape | None:
    """The shape of an event that was judged, or None where others like it may get another verdict."""
    gaps = _gaps(text, event, findings)
    if gaps is None:
        return None
    spans, time = gaps
    names = list(_names({name: value for name, value in event.items() if name != LONG}))
    if any(names.count(name.encode()) != (name in event) for name in ("time", *_MEMBER)):
        # it may be that of another object that is found in the text
        return None
    places: dict[str, slice] = {}
    for name, pattern in _MEMBER.items():
        value = event.get(name)
        if not isinstance(value, str) or is_blank(value):
            continue
        matches = list(pattern.finditer(text))
        if len(matches) != 1 or matches[0][1] != value.encode("utf-8", "surrogatepass"):
            return None
        places[name] = slice(*matches[0].span(1))
    unpack, literals = _literals(text, spans)
    stated = event.get("time")
    return Shape(
        unpack,
        literals,
        verdict,
        (places["source"], places["id"]) if len(places) == len(_MEMBER) else None,
        places.get("id"),
        time[:2] if time else None,
        time[2] if time else None,
        day_of(stated) if isinstance(stated, str) else "",
    )


_Time = tuple[slice, slice, slice | None]


def _gaps(
    text: bytes, event: Mapping[str, Any], findings: tuple[Finding, ...]
) -> tuple[list[tuple[int, int]], _Time | None] | None:
    """Where others of the shape may differ, and which of these places are the time; None where it is not that simple.

    Left alone are: text that was repaired or that is no JSON (an id may stand there without quotation marks), ids in
    the names of members (two names may become one), everything that may hold a secret (whether it does can rest on a
    digit), and the documentation's own example id.
    """
    repaired = any(f.requirement.startswith("P11-") and f.requirement not in _HARMLESS for f in findings)
    if repaired or _may_hold_secret(text):
        return None
    names = b"\n".join(_names(event))
    if _UUID.search(names) or _ACCOUNT.search(names):
        return None
    if example_id() in text:
        return None
    spans = [match.span() for pattern in (_UUID, _ACCOUNT) for match in pattern.finditer(text)]
    times = list(_TIME.finditer(text))
    time: _Time | None = None
    if len(times) == 1 and not any(f.pointer == "/time" for f in findings):
        match = times[0]
        if day_of(match[1].decode()) and _CLOCK.fullmatch(match[2]):
            time = slice(*match.span(1)), slice(*match.span(2)), slice(*match.span(3)) if match[3] else None
            spans += [match.span(group) for group in (1, 2, 3) if match[group]]
    return sorted(spans), time


@cache
def example_id() -> bytes:
    """The id that the documentation prints, and that no event may have."""
    return str(catalog.examples["event_id"]).encode()


@cache
def _suspicious() -> tuple[bytes, ...]:
    """What values that may be secrets contain, in lower case."""
    return tuple(entry["contains"].encode() for entry in catalog.secrets["patterns"])


def _may_hold_secret(text: bytes) -> bool:
    lower = text.lower()
    return any(literal in lower for literal in _suspicious())


def _names(value: Any) -> Iterator[bytes]:
    if isinstance(value, dict):
        yield from (name.encode("utf-8", "surrogatepass") for name in value)
        value = value.values()
    for below in value:
        if isinstance(below, dict | list):
            yield from _names(below)


def _literals(text: bytes, spans: list[tuple[int, int]]) -> tuple[Any, tuple[bytes, ...]]:
    """What gives the pieces of a text between the gaps, and these pieces."""
    form, end = [], 0
    for start, stop in [*spans, (len(text), len(text))]:
        form.append(f"{start - end}s{stop - start}x")
        end = stop
    unpack = Struct("<" + "".join(form)).unpack
    return unpack, unpack(text)


def day_of(time: str) -> str:
    """The day that a time names, as it is written, or an empty string where there is no such day."""
    day = time[:10]
    if not _DAY.fullmatch(day):
        return ""
    try:
        date.fromisoformat(day)
    except ValueError:
        return ""
    return day


class Clocks:
    """Days and times of day that were looked at, so that each is looked at once."""

    def __init__(self) -> None:
        self.days: dict[bytes, str] = {}
        self.times: set[bytes] = set()

    def day(self, text: bytes) -> str:
        """The day in the text, or an empty string."""
        name = self.days.get(text)
        if name is None:
            name = self.days[text] = day_of(text.decode("ascii", "replace"))
        return name

    def is_time(self, text: bytes) -> bool:
        """Whether the text is a time of day."""
        if text in self.times:
            return True
        if _CLOCK.fullmatch(text):
            self.times.add(text)
            return True
        return False


__all__ = ["CLASSES", "LONG", "Clocks", "Facts", "Shape", "Shapes", "Verdict", "day_of", "shape_of"]
