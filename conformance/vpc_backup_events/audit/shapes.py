"""Shapes: most events of an archive are an earlier one with other ids and another time, and so is their verdict.

A shape is the text of an event that was judged, with gaps for UUIDs, account ids and the time. A text that is the same
outside the gaps, and has in them what may stand there, gets the verdict of the first without being parsed. That this
holds rests on what is never made a shape: see `_is_delicate`. That it holds is tested with every mutation of the kit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from struct import Struct
from typing import Any, NamedTuple
from uuid import UUID

from vpc_backup_events import catalog
from vpc_backup_events.audit.clocks import DAY, MINUTE, MINUTES, SECOND, SECONDS, SIZE, day, day_of
from vpc_backup_events.audit.digests import Span, canonical, frame, gaps
from vpc_backup_events.audit.table import Verdict
from vpc_backup_events.catalog.names import MAX_BYTES
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.reading import Reading, read
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
_CLASSES = bytes(ord("0") if chr(byte) in "0123456789abcdef" else byte for byte in range(256))
# of a text, each so manieth byte tells which shapes are worth a look; no length of an id is a multiple of it
_STEP = 7

# what no id is likely to begin with; a digit is no letter of an escape
_MARK = 0x0DDBA11 << 100
# what reading may complain of without the text being read in another way
_HARMLESS = {"P11-line-break"}


class Subject(NamedTuple):
    """What an event names: texts in UTF-8, empty where there is none."""

    source: bytes
    id: bytes
    backup_policy: bytes

    @classmethod
    def of(cls, reading: Reading, policy: str | None) -> Subject:
        """The subject of what was read, which speaks of a policy; an email has no `source` and no `id`."""
        event = reading.event if isinstance(reading.event, dict) and reading.email is None else {}
        return cls(_named(event.get("source")), _named(event.get("id")), _named(policy))


def _named(value: Any) -> bytes:
    return value.encode("utf-8", "backslashreplace") if isinstance(value, str) and not is_blank(value) else b""


@dataclass(slots=True, eq=False)
class Shape:
    """A text with gaps, and the verdict on every text that fits."""

    # bytes of a text, and what it has outside of the gaps
    size: int
    unpack: Callable[[bytes], tuple[bytes, ...]]
    literals: tuple[bytes, ...]
    verdict: Verdict
    has_findings: bool
    # what the event names, and where that stands if it is not the same in all
    subject: Subject
    source: slice | None
    id: slice | None
    backup_policy: slice | None
    # what gives the values in the gaps; which of them is the time, or the day of all
    values: Callable[[bytes], tuple[bytes, ...]]
    time: int | None
    day: bytes
    # of the digest: the frame, and what gives the values in the order of the canonical text
    frame: bytes
    order: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]
    # the last part in which there were enough examples of its findings
    enough: object = None


class Shapes:
    """The shapes that a process has met."""

    def __init__(self) -> None:
        # what alike texts have in common -> their shapes
        self.known: dict[bytes, list[Shape]] = {}
        # of these, how many shapes, and bytes of their texts
        self._count = self._bytes = 0
        # of texts that were met once, the hash
        self._once: set[int] = set()

    def learn(
        self, text: bytes, reading: Reading, findings: tuple[Finding, ...], verdict: Verdict, subject: Subject
    ) -> None:
        """Keeps the shape of an event that was judged, if it is worth knowing."""
        if not self._meet(text):
            return
        like = likeness(text)
        # where many are alike, digits differ in what is no gap, such as a number that counts; one more fits no other
        if len(text) > MAX_BYTES or len(self.known.get(like, ())) >= ALIKE:
            return
        shape = shape_of(text, reading, findings, verdict, subject)
        if shape is None:
            return
        if self._count >= SHAPES or self._bytes >= BYTES:
            # what is still there is soon learnt again
            self.known.clear()
            self._count = self._bytes = 0
        alike = self.known.setdefault(like, [])
        # texts of one form may have waited together
        if all(other.literals != shape.literals for other in alike):
            alike.append(shape)
            self._count += 1
            self._bytes += len(text)

    def _meet(self, text: bytes) -> bool:
        """Whether the shape of a text is worth knowing: while few are known, or where one like it was met before."""
        if len(self.known) < _EAGER:
            return True
        like = hash(text.translate(_CLASSES))
        if like in self._once:
            return True
        if len(self._once) >= _SEEN:
            self._once.clear()
        self._once.add(like)
        return False


def likeness(text: bytes) -> bytes:
    """What texts that fit one shape have in common."""
    return text[::_STEP].translate(_CLASSES)


def shape_of(
    text: bytes, reading: Reading, findings: tuple[Finding, ...], verdict: Verdict, subject: Subject
) -> Shape | None:
    """The shape of an event that was judged, or None where others like it may get another verdict.

    A probe, which is the text with a value of its own in each gap, tells what comes where, once it is read.
    """
    if not isinstance(reading.event, dict) or _is_delicate(text, reading, findings):
        return None
    spans = gaps(text)
    values = [_value(number, text[start:end]) for number, (start, end) in enumerate(spans)]
    probe = text
    for (start, end), value in zip(spans, values, strict=True):
        probe = probe[:start] + value + probe[end:]
    probed = read(probe)
    content = canonical(reading.event)
    if not isinstance(probed.event, dict):
        return None
    order = _order(values, content, canonical(probed.event))
    if order is None:
        return None
    probed_subject = Subject.of(probed, interpretation(probed).get("backup_policy"))
    try:
        source, id, policy = (_place(probe, *names) for names in zip(subject, probed_subject, strict=True))
    except ValueError:
        return None
    time = None if any(f.pointer == "/time" for f in findings) else _time(text, probed.event, spans, values)
    # another time is the same in all
    free = [span for number, span in enumerate(spans) if number == time or not _is_time(values[number])]
    unpack = _struct(len(text), free, "x", "s")
    return Shape(
        len(text),
        unpack,
        unpack(text),
        verdict,
        verdict.findings > 0,
        subject,
        source,
        id,
        policy,
        _struct(len(text), spans, "s", "x"),
        time,
        day_of(reading.event.get("time")),
        frame(content, gaps(content)),
        itemgetter(*order),
    )


def _place(probe: bytes, same: bytes, name: bytes) -> slice | None:
    """Where a name stands, or None where it is the same in all. Raises `ValueError` where that can't be told."""
    if name == same:
        return None
    # the value in its gap stands but once
    start = probe.index(name)
    return slice(start, start + len(name))


def _value(number: int, like: bytes) -> bytes:
    """A value of a probe in the place of another."""
    if _is_time(like):
        return b"21%02d-12-31T23:59:58" % (number % 100) + like[SIZE:]
    mark = UUID(int=_MARK + number)
    return (str(mark) if b"-" in like else mark.hex).encode()


def _is_time(value: bytes) -> bool:
    return b"T" in value


def _order(values: list[bytes], content: bytes, by_probe: bytes) -> list[int] | None:
    """Which values stand where in the canonical text of the probe, or None where that can't be told."""
    places = {value: number for number, value in enumerate(values)}
    order = [places.get(by_probe[start:end], -1) for start, end in gaps(by_probe)]
    gone = [value for number, value in enumerate(values) if number not in order]
    # one alone would be no tuple
    if len(order) < 2 or -1 in order or len(places) < len(values):
        return None
    return None if any(value in by_probe for value in gone) or any(value in content for value in values) else order


def _time(text: bytes, probed: Any, spans: list[Span], values: list[bytes]) -> int | None:
    """Which value is the time of the event, or None where it is not that simple."""
    stated = probed.get("time")
    for number, (value, (start, end)) in enumerate(zip(values, spans, strict=True)):
        if _is_time(value) and isinstance(stated, str) and stated.encode().startswith(value):
            time = text[start:end]
            is_time = day(time[DAY]) and time[MINUTE] in MINUTES and time[SECOND] in SECONDS
            return number if is_time else None
    return None


def _is_delicate(text: bytes, reading: Reading, findings: tuple[Finding, ...]) -> bool:
    """Whether a verdict may rest on what stands in a gap.

    So it is with text that was repaired or that is no JSON (an id may stand there without quotation marks), ids in the
    names of members (two names may become one), everything that may hold a secret (whether it does can rest on a
    digit), and the documentation's own example id.
    """
    if any(f.requirement.startswith("P11-") and f.requirement not in _HARMLESS for f in findings):
        return True
    lower = text.lower()
    if any(literal in lower for literal in _telling()):
        return True
    return bool(gaps(b"\n" + b"\n".join(_names([reading.event, reading.details]))))


def example_id() -> bytes:
    """The id that the documentation prints, and that no event may have."""
    return catalog.examples.event_id.encode()


@cache
def _telling() -> tuple[bytes, ...]:
    """What values that may be secrets contain, and the example id, in lower case."""
    return (*(pattern.contains.encode() for pattern in catalog.secrets.patterns), example_id())


def _names(value: Any) -> Iterator[bytes]:
    if isinstance(value, dict):
        yield from (name.encode("utf-8", "surrogatepass") for name in value)
        value = value.values()
    for below in value:
        if isinstance(below, dict | list):
            yield from _names(below)


def _struct(size: int, spans: list[Span], inside: str, outside: str) -> Callable[[bytes], tuple[bytes, ...]]:
    """What gives the pieces of a text inside or outside of the spans: `s` is a piece, `x` is passed over.

    It is smaller than slices would be, of which those of all shapes had no room in the processor's cache.
    """
    form, before = [], 0
    for start, end in spans:
        form.append(f"{start - before}{outside}{end - start}{inside}")
        before = end
    return Struct(f"<{''.join(form)}{size - before}{outside}").unpack
