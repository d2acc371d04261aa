"""Judges one part: the verdict on each event, by its shape where that is known, and a key for its identity."""

from __future__ import annotations

from array import array
from functools import cache
from hashlib import blake2b
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.audit.contents import Batch, read_part
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.audit.shapes import CLASSES, Clocks, Facts, Shape, Shapes, Verdict, day_of, example_id
from vpc_backup_events.audit.tally import Tally
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.check import report
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.checking.uniqueness import identity
from vpc_backup_events.reading import NOTHING, read
from vpc_backup_events.reading.inputs import nothing
from vpc_backup_events.values.report import Finding, Profile, Source

# bytes of a key
KEY = 8
# between `source` and `id`: no text has it in UTF-8, so that no two pairs are written alike
BETWEEN = b"\xff"
# texts, and about how many bytes of them, that wait to be read
WAITING, WAITING_BYTES = 64, 1024 * 1024


def judge_part(part: Part, profile: Profile, most: int) -> tuple[bytes, bytes]:
    """The tally of a part as JSON, and the sorted keys of its events, `KEY` bytes each.

    `most` examples of each requirement are kept.
    """
    judging = _Judging(profile, most)
    judging.judge(part)
    judging.tally.keys = len(judging.keys)
    return judging.tally.as_text(), array("Q", sorted(judging.keys)).tobytes()


def key_of(event: Any) -> int | None:
    """The key of an event that was read, the same for the same `source` and `id`; None where it has no identity."""
    names = identity(event)
    return None if names is None else array("Q", blake2b(written(*names), digest_size=KEY).digest())[0]


def written(source: str, id: str) -> bytes:
    """An identity as bytes that no other has."""
    return BETWEEN.join(name.encode("utf-8", "surrogatepass") for name in (source, id))


@cache
def _shapes(profile: Profile) -> tuple[Shapes, Clocks]:
    """What this process knows, kept from part to part."""
    return Shapes(), Clocks()


class _Judging:
    """The judging of one part."""

    def __init__(self, profile: Profile, most: int) -> None:
        self._profile = profile
        self._most = most
        self._shapes, self._clocks = _shapes(profile)
        # shapes that were met in this part
        self._met: list[Shape] = []
        self._file = ""
        # of the file, events so far; of the part, things so far
        self._index = 0
        self._ordinal = 0
        # texts of no known shape: read many at a time, since changing from one kind of work to the other takes time
        self._waiting: list[tuple[bytes, Source, int, bool]] = []
        self._waiting_bytes = 0
        self.tally = Tally()
        self.keys = array("Q")

    def judge(self, part: Part) -> None:
        """Judges all that is in the part."""
        try:
            for content in read_part(part, self.tally.problems):
                self.tally.lines += len(content.texts) if isinstance(content, Batch) else 1
                if isinstance(content, Batch):
                    self._batch(content)
                else:
                    self._read_waiting()
                    self._thing(*content)
                    self._ordinal += 1
            self._read_waiting()
        finally:
            # also of a part that was broken off, since the next one begins anew
            for shape in self._met:
                if shape.hits:
                    self.tally.add(shape.verdict, None, shape.hits)
                shape.hits, shape.enough = 0, False

    def _batch(self, batch: Batch) -> None:
        """Judges texts, those of a known shape without reading them."""
        if batch.file != self._file:
            self._file, self._index = batch.file, 0
        if batch.line is None:
            self._index = batch.row
        known, met, days = self._shapes.known, self._met, self.tally.days
        clocks, example = self._clocks, example_id()
        known_days, known_times = clocks.days, clocks.times
        keys: list[bytes] = []
        # texts that hold no event
        blanks = 0
        for number, text in enumerate(batch.texts):
            is_known = False
            for shape in known.get(text.translate(CLASSES), ()):
                if shape.unpack(text) != shape.literals:
                    continue
                day = shape.day
                if shape.time is not None:
                    at_day, at_clock = shape.time
                    day = known_days.get(text[at_day]) or clocks.day(text[at_day])
                    if not day or not (text[at_clock] in known_times or clocks.is_time(text[at_clock])):
                        continue
                    if shape.fraction is not None and not text[shape.fraction].isdigit():
                        continue
                if shape.id is not None and text[shape.id] == example:
                    continue
                if shape.verdict.requirements and not shape.enough and not self._has_examples(shape):
                    is_known = True
                    continue
                if shape.identity is not None:
                    at_source, at_id = shape.identity
                    keys.append(blake2b(text[at_source] + BETWEEN + text[at_id], digest_size=KEY).digest())
                if not shape.hits:
                    met.append(shape)
                shape.hits += 1
                days[day] += 1
                break
            else:
                if batch.line is not None and not text.strip():
                    blanks += 1
                    continue
                line = None if batch.line is None else batch.line + number
                source = Source(batch.file, line, self._index + number - blanks)
                self._waiting.append((text, source, self._ordinal + number, is_known))
                self._waiting_bytes += len(text)
                if len(self._waiting) >= WAITING or self._waiting_bytes > WAITING_BYTES:
                    self._read_waiting()
        self._index += len(batch.texts) - blanks
        self._ordinal += len(batch.texts)
        self.keys.frombytes(b"".join(keys))

    def _read_waiting(self) -> None:
        for waiting in self._waiting:
            self._text(*waiting)
        self._waiting.clear()
        self._waiting_bytes = 0

    def _text(self, text: bytes, source: Source, ordinal: int, is_known: bool) -> None:
        """Judges a text by reading it."""
        if not text.strip():
            self._thing(nothing("There is no event in the row: it is empty."), source, ordinal)
            return
        reading = read(text)
        findings = report(reading, self._profile, source).findings
        verdict = _verdict(facts_of(interpretation(reading)), findings)
        event = reading.event if isinstance(reading.event, dict) else {}
        if reading.details is not NOTHING:
            event = {**event, LONG: reading.details}
        self._count(event, verdict, findings, ordinal)
        if not is_known and event and self._shapes.meet(text):
            self._shapes.learn(text, event, findings, verdict)

    def _has_examples(self, shape: Shape) -> bool:
        """Whether the part has enough examples of the findings of a shape, so that it may be counted alone."""
        examples = self.tally.examples
        shape.enough = all(
            len(examples.get(requirement, ())) >= self._most for requirement in shape.verdict.requirements
        )
        if shape.enough and not shape.hits:
            self._met.append(shape)
        return shape.enough

    def _thing(self, thing: Any, source: Source, ordinal: int | None = None) -> None:
        """Judges what is no text in a row of texts: a message, an email, one document, or nothing."""
        ordinal = self._ordinal if ordinal is None else ordinal
        reading = read(thing)
        findings = report(reading, self._profile, source).findings
        if reading.is_missing:
            self.tally.keep(ordinal, findings, self._most)
            self.tally.requirements.update(finding.requirement for finding in findings)
            return
        self.tally.emails += reading.email is not None
        verdict = _verdict(facts_of(interpretation(reading)), findings)
        self._count(reading.event if reading.email is None else {}, verdict, findings, ordinal)

    def _count(self, event: Any, verdict: Verdict, findings: tuple[Finding, ...], ordinal: int) -> None:
        time = event.get("time") if isinstance(event, dict) else None
        self.tally.add(verdict, day_of(time) if isinstance(time, str) else "")
        self.tally.keep(ordinal, findings, self._most)
        key = key_of(event)
        if key is not None:
            self.keys.append(key)


def _verdict(facts: Facts, findings: tuple[Finding, ...]) -> Verdict:
    broken = any(finding.level == "error" for finding in findings)
    return Verdict(facts, tuple(finding.requirement for finding in findings), broken)


def facts_of(said: dict[str, str]) -> Facts:
    """What an interpretation says, where the catalog knows it."""
    known = (("event_type", catalog.event_types), ("reason", catalog.reasons), ("severity", catalog.severities))
    return Facts(*(said[name] if said.get(name) in values else "" for name, values in known))
