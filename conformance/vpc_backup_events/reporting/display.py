"""The events behind a report: how many of each pair, and those with findings as text to show, secrets hidden."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.masking import HIDDEN, looks_secret, secret_name
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.reading import NOTHING, Reading, read
from vpc_backup_events.reading.email_bodies import BODY
from vpc_backup_events.reading.inputs import split
from vpc_backup_events.reading.model import Email
from vpc_backup_events.trials.pairs import add_pairs
from vpc_backup_events.values.breach import INSIDE, Path, pointer
from vpc_backup_events.values.json_text import NotJsonError, parse
from vpc_backup_events.values.levels import Level, rank, worst
from vpc_backup_events.values.report import Finding, Report, Source
from vpc_backup_events.values.visible import visible

# events that are kept of each level, and lines of each that are shown
EVENTS = 100
LINES = 200
# the requirement whose findings say where a secret is
SECRET = "P20-no-secret"
_AROUND = 4
_WIDEST = 300
# of a line that is text, not JSON
_WIDEST_RAW = 2_000
# a word that may be a line of a key
_OPAQUE = re.compile(r"[A-Za-z0-9+/=_-]{12,}")
_UNSHOWN = "(hidden: it may hold a secret)"
_BELOW = "(shown below)"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an event as it is shown."""

    text: str
    # of the worst finding at this place, or empty
    level: Level | str = ""
    # lines that were left out in place of this one
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """An event, or what is inside its long text."""

    title: str
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Display:
    """What a report shows of the events of a run; filled while it judges, so that no event is kept without need."""

    # id of a pair of event type and reason -> its events, and those with a finding
    pairs: dict[str, tuple[int, int]] = field(default_factory=dict)
    # events of no pair that the catalog has
    others: int = 0
    # where an event stands -> the event
    texts: dict[Source, tuple[Block, ...]] = field(default_factory=dict)
    _kept: Counter[Level] = field(default_factory=Counter)

    def add(self, name: str, content: bytes, reports: Iterable[Report]) -> None:
        """Adds an input that was judged, with a report for each thing in it, as `check` makes them."""
        for (event, source), report in zip(split(content, name), reports, strict=False):
            reading = self.count(event, bool(report.findings))
            if reading.is_missing or not report.findings:
                continue
            level = worst(mark.level for mark in report.findings)
            # so many of each level, as the worst are shown first, however late they come
            self._kept[level] += 1
            if self._kept[level] <= EVENTS:
                self.texts[source] = tuple(blocks(reading, event, report.findings))

    def count(self, event: Any, is_broken: bool) -> Reading:
        """Counts an event or email, and what was found in it or not, with its pair; gives what was read of it."""
        reading = read(event)
        if reading.is_missing:
            return reading
        facts = interpretation(reading)
        pair = _pair(facts.get("event_type"), facts.get("reason"))
        if pair is None:
            self.others += 1
        else:
            add_pairs(self.pairs, {pair: (1, is_broken)})
        return reading


def blocks(reading: Reading, event: Any, findings: Collection[Finding]) -> Iterator[Block]:
    """The event as indented JSON, and the JSON in its long text after it; the places of the findings are marked."""
    marks: dict[str, Level] = {}
    for finding in sorted(findings, key=lambda mark: -rank(mark.level)):
        marks[finding.pointer] = finding.level
    hidden = {finding.pointer for finding in findings if finding.requirement == SECRET}
    if reading.email is not None:
        yield from _of_email(reading.email, NOTHING if reading.body is None else reading.body.details, marks, hidden)
        return
    if reading.event is NOTHING:
        yield Block("What was read", tuple(_raw(event)))
        return
    value = _masked(reading.event, (), hidden)
    details = None if reading.details is NOTHING else _masked(reading.details, (LONG, INSIDE), hidden)
    if details is not None and isinstance(value, dict):
        value = {name: _BELOW if name == LONG else member for name, member in value.items()}
    yield Block("The event", _lines(value, (), {place: level for place, level in marks.items() if "#" not in place}))
    if details is not None:
        yield _inside(LONG, f"Inside {LONG}", details, marks)


def _of_email(email: Email, details: Any, marks: Mapping[str, Level], hidden: Collection[str]) -> Iterator[Block]:
    """Title and text, and the JSON in the text after them."""
    lines = list(_raw(f"{email.title}\n\n{email.text}"))
    if lines[0].text == _UNSHOWN:
        yield Block("The email", tuple(lines))
        return
    # the first line is the title, the third begins the text
    looks = {0: marks.get("/title", marks.get("", "")), 2: marks.get(f"/{BODY}", "")}
    yield Block("The email", tuple(replace(line, level=looks.get(n, "")) for n, line in enumerate(lines)))
    if details is not NOTHING:
        yield _inside(BODY, "Inside its text", _masked(details, (BODY, INSIDE), hidden), marks)


def _inside(member: str, title: str, details: Any, marks: Mapping[str, Level]) -> Block:
    """The JSON inside the text of a member."""
    inside = {place: level for place, level in marks.items() if place.startswith(f"/{member}#")}
    return Block(title, _lines(details, (member, INSIDE), inside))


def _pair(event_type: str | None, reason: str | None) -> str | None:
    pairs = catalog.pairs.values()
    return next((pair.id for pair in pairs if (pair.event_type, pair.reason) == (event_type, reason)), None)


def _masked(value: Any, path: Path, hidden: Collection[str], name: str = "") -> Any:
    """The value with `HIDDEN` in place of every secret, by name, by look, or because a finding says so."""
    if isinstance(value, dict):
        return {_key(member): _masked(below, (*path, _key(member)), hidden, member) for member, below in value.items()}
    if pointer(path) in hidden:
        return HIDDEN
    if isinstance(value, list):
        return [_masked(item, (*path, index), hidden, name) for index, item in enumerate(value)]
    if value is None or isinstance(value, bool):
        return value
    if secret_name(name) or (isinstance(value, str) and _holds_secret(value)):
        return HIDDEN
    if any(place.startswith(f"{pointer(path)}#") for place in hidden):
        return HIDDEN
    return value


def _key(name: str) -> str:
    return HIDDEN if looks_secret(name) else name


def _holds_secret(text: str) -> bool:
    """Whether a secret stands in the text, or in the JSON that it is."""
    if looks_secret(text):
        return True
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        value = parse(text)
    except NotJsonError:
        return _names_secret(text)
    return bool(_masked(value, (), ()) != value)


def _names_secret(text: str) -> bool:
    """Whether a text that can't be read as JSON speaks of secrets."""
    lower = text.lower().replace("-", "").replace("_", "")
    return any(f'{name}"' in lower or f"{name}:" in lower for name in catalog.secrets.names)


def _raw(event: Any) -> Iterator[Line]:
    """What can't be read, as text; hidden where a secret may be in it."""
    body = getattr(event, "body", event)
    text = body.decode("utf-8", "backslashreplace") if isinstance(body, bytes) else str(body)
    if looks_secret(text) or _names_secret(text) or _OPAQUE.fullmatch(text.strip()):
        yield Line(_UNSHOWN, "error")
        return
    lines = text[:20_000].splitlines() or ["(empty)"]
    yield from (Line(visible(line, _WIDEST_RAW), "error" if n == 0 else "") for n, line in enumerate(lines[:LINES]))
    if len(lines) > LINES or len(text) > 20_000:
        yield Line("", "", max(1, text.count("\n") + 1 - LINES))


def _lines(value: Any, path: Path, marks: dict[str, Level]) -> tuple[Line, ...]:
    every = list(_pretty(value, path, 0, ""))
    places = {place for place, _ in every if place is not None}
    levels: dict[str, Level] = {}
    for place, level in sorted(marks.items(), key=lambda mark: -rank(mark[1])):
        while place not in places and "/" in place.removeprefix(pointer(path)):
            # what is missing is marked where it belongs
            place = place.rpartition("/")[0]
        levels[place if place in places else pointer(path)] = level
    lines = [Line(text, levels.get(place, "") if place is not None else "") for place, text in every]
    if len(lines) <= LINES:
        return tuple(lines)
    near = {n + d for n, line in enumerate(lines) if line.level for d in range(-_AROUND, _AROUND + 1)}
    return tuple(_shortened(lines, {*range(LINES // 4), *sorted(near)[: LINES // 2], len(lines) - 1}))


def _shortened(lines: list[Line], numbers: set[int]) -> Iterator[Line]:
    for is_shown, part in groupby(enumerate(lines), lambda numbered: numbered[0] in numbers):
        some = [line for _, line in part]
        yield from some if is_shown else [Line("", "", len(some))]


def _pretty(value: Any, path: Path, depth: int, before: str, after: str = "") -> Iterator[tuple[str | None, str]]:
    """The lines of indented JSON, each with the pointer of what begins on it, or None where something ends."""
    indent = "  " * depth
    if isinstance(value, dict | list) and value:
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        yield pointer(path), f"{indent}{before}{opening}"
        members = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        for n, (name, below) in enumerate(members):
            label = f"{_shown(name)}: " if isinstance(name, str) else ""
            yield from _pretty(below, (*path, name), depth + 1, label, "," if n < len(members) - 1 else "")
        yield None, f"{indent}{closing}{after}"
    else:
        yield pointer(path), f"{indent}{before}{_shown(value)}{after}"


def _shown(value: Any) -> str:
    return visible(json.dumps(value, ensure_ascii=False), _WIDEST)
