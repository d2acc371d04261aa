"""Judges one part to its part of the table: the verdict on each event, by its shape where that is known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.audit.clocks import DAY, FRACTION, MINUTE, MINUTES, SECOND, SECONDS, SIZE, day, day_of
from vpc_backup_events.audit.contents import Batch, read_part
from vpc_backup_events.audit.digests import DIGEST_SIZE, digest_of
from vpc_backup_events.audit.parts import PART, Part
from vpc_backup_events.audit.shapes import Shape, Shapes, Subject, example_id, likeness
from vpc_backup_events.audit.table import EMAIL, END, EVENT, EXAMPLE, NONE, NOTHING, PROBLEM, Verdict, table
from vpc_backup_events.checking.check import report
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.reading import Reading, read
from vpc_backup_events.reading.inputs import nothing
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.report import Finding, Profile, Source

# texts, and about how many bytes of them, that wait to be read
WAITING, WAITING_BYTES = 64, 1024 * 1024
# cells of a table that are held at a time, ten a row, and bytes of the texts that they are about
CELLS, CELLS_BYTES = 320_000, PART


def judge_part(number: int, part: Part, profile: Profile, most: int) -> Iterator[Any]:
    """The table of a part in pieces, with `most` examples of each requirement; a compressed file may have many."""
    return _Judging(profile, most).judge(number, part)


@cache
def _shapes(profile: Profile) -> Shapes:
    """What this process knows, kept from part to part."""
    return Shapes()


# of a row that is about no event
_NO_NAMES = (b"",) * 5


class _Judging:
    """The judging of one part."""

    def __init__(self, profile: Profile, most: int) -> None:
        self._profile = profile
        self._most = most
        # by which a shape knows that it was asked before
        self._this_part = object()
        self._shapes = _shapes(profile)
        self._file = ""
        # of the file, events so far; of the part, things so far
        self._index = 0
        self._ordinal = 0
        # texts of no known shape: read many at a time, since changing from one kind of work to the other takes time
        self._waiting: list[tuple[bytes, Source, int, bool]] = []
        self._waiting_bytes = 0
        # row after row, in no order; a tuple for each would have to be looked at by the garbage collector
        self._cells: list[Any] = []
        # of the texts that these are about
        self._bytes = 0
        # requirement -> examples of it
        self._shown: Counter[str] = Counter()

    def judge(self, number: int, part: Part) -> Iterator[Any]:
        """The table of the part in pieces, of which there is one at least."""
        problems: list[KitError] = []
        for content in read_part(part, problems):
            if isinstance(content, Batch):
                self._batch(content)
                self._bytes += sum(map(len, content.texts))
            else:
                self._read_waiting()
                self._thing(*content, self._ordinal)
                self._ordinal += 1
                self._bytes += len(content[0]) if isinstance(content[0], bytes) else 0
            if len(self._cells) >= CELLS or self._bytes >= CELLS_BYTES:
                yield from self._piece(number)
        self._read_waiting()
        for count, problem in enumerate(problems):
            self._add(self._ordinal, Source(), Verdict(PROBLEM, findings=count, example=json.dumps(problem.args)))
        # only of lines does a part begin where another ends
        end = Source("", 0, 0)
        if part.kind == "lines":
            end = Source(part.shown(part.files[0].path), self._ordinal, self._index)
        self._add(self._ordinal, end, Verdict(END))
        yield from self._piece(number)

    def _piece(self, number: int) -> Iterator[Any]:
        """The rows so far, if there are some, as a piece of the table of the part."""
        if self._cells:
            yield table(number, self._cells)
        self._cells.clear()
        self._bytes = 0

    def _add(self, ordinal: int, source: Source, verdict: Verdict, *names: bytes) -> None:
        """Adds a row; `names` are its subject, the digest and the day."""
        line = NONE if source.line is None else source.line
        index = NONE if source.index is None else source.index
        self._cells.extend((ordinal, (source.file or "").encode(), line, index, *(names or _NO_NAMES), verdict))

    def _batch(self, batch: Batch) -> None:
        """Judges texts, those of a known shape without reading them."""
        if batch.file != self._file:
            self._file, self._index = batch.file, 0
        if batch.line is None:
            self._index = batch.row
        # what comes to the ordinal of a text
        to_index = self._index - self._ordinal
        to_line = None if batch.line is None else batch.line - self._ordinal
        known, add_row, this_part = self._shapes.known, self._cells.extend, self._this_part
        example, minutes, seconds, file = example_id(), MINUTES, SECONDS, batch.file.encode()
        for ordinal, text in enumerate(batch.texts, self._ordinal):
            line = NONE if to_line is None else ordinal + to_line
            size = len(text)
            is_known = False
            for shape in known.get(likeness(text), ()):
                if shape.size != size or shape.unpack(text) != shape.literals:
                    continue
                values, stated = shape.values(text), shape.day
                if shape.time is not None:
                    time = values[shape.time]
                    stated = day(time[DAY])
                    if not stated or time[MINUTE] not in minutes or time[SECOND] not in seconds:
                        continue
                    if len(time) > SIZE and not FRACTION.fullmatch(time, SIZE):
                        continue
                source, id, policy = shape.subject
                if shape.id is not None:
                    id = text[shape.id]
                    if id == example:
                        continue
                if shape.enough is not this_part and shape.has_findings and not self._has_examples(shape):
                    is_known = True
                    continue
                if shape.source is not None:
                    source = text[shape.source]
                if shape.backup_policy is not None:
                    policy = text[shape.backup_policy]
                content = shape.frame + b"".join(shape.order(values))
                digest = blake2b(content, digest_size=DIGEST_SIZE).digest()
                index = ordinal + to_index
                add_row((ordinal, file, line, index, source, id, policy, digest, stated, shape.verdict))
                break
            else:
                if to_line is not None and not text.strip():
                    # no event
                    to_index -= 1
                    continue
                place = Source(batch.file, None if line == NONE else line, ordinal + to_index)
                self._waiting.append((text, place, ordinal, is_known))
                self._waiting_bytes += size
                if len(self._waiting) >= WAITING or self._waiting_bytes > WAITING_BYTES:
                    self._read_waiting()
        self._ordinal += len(batch.texts)
        self._index = self._ordinal + to_index

    def _has_examples(self, shape: Shape) -> bool:
        """Whether the part has enough examples of the findings of a shape, so that it need not be read."""
        if any(self._shown[requirement] < self._most for requirement in shape.verdict.requirements.split()):
            return False
        shape.enough = self._this_part
        return True

    def _read_waiting(self) -> None:
        for text, source, ordinal, is_known in self._waiting:
            if not text.strip():
                self._thing(nothing("There is no event in the row: it is empty."), source, ordinal)
                continue
            judgement = self._thing(text, source, ordinal)
            if not is_known:
                self._shapes.learn(text, *judgement)
        self._waiting.clear()
        self._waiting_bytes = 0

    def _thing(self, thing: Any, source: Source, ordinal: int) -> tuple[Reading, tuple[Finding, ...], Verdict, Subject]:
        """Judges a text, a message, an email, or nothing by reading it."""
        reading = read(thing)
        findings = report(reading, self._profile, source).findings
        facts = interpretation(reading)
        subject = Subject.of(reading, facts.get("backup_policy"))
        verdict = _verdict(reading, facts, findings)
        event = reading.event if isinstance(reading.event, dict) and verdict.kind == EVENT else {}
        digest = digest_of(event) if event else b""
        self._add(ordinal, source, verdict, *subject, digest, day_of(event.get("time")))
        for number, finding in enumerate(findings):
            if self._shown[finding.requirement] < self._most:
                self._shown[finding.requirement] += 1
                self._add(ordinal, source, _example(number, finding))
        return reading, findings, verdict, subject


def _verdict(reading: Reading, facts: dict[str, str], findings: tuple[Finding, ...]) -> Verdict:
    kind = NOTHING if reading.is_missing else EVENT if reading.email is None else EMAIL
    event_type, reason, severity = (facts.get(name, "") for name in ("event_type", "reason", "severity"))
    return Verdict(
        kind,
        event_type if event_type in catalog.event_types else "",
        reason if reason in catalog.reasons else "",
        severity if severity in catalog.severities else "",
        # the gravest is the first
        findings[0].level if findings else "",
        " ".join(sorted(finding.requirement for finding in findings)),
        len(findings),
    )


def _example(number: int, finding: Finding) -> Verdict:
    text = json.dumps(finding.as_json())
    return Verdict(EXAMPLE, "", "", "", finding.level, finding.requirement, number, text)
