"""An audit from its question to its report: parts, results, what repeats, and the sum."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from vpc_backup_events.audit.engines import Engine, Task
from vpc_backup_events.audit.judging import KEY
from vpc_backup_events.audit.parts import PART, Inventory, Part, parts
from vpc_backup_events.audit.repeats import CONFLICTS, KEYS, RECORDS, WANTED, Repeats, compare, find_wanted
from vpc_backup_events.audit.shapes import Facts
from vpc_backup_events.audit.tally import Tally, moved
from vpc_backup_events.audit.work import Work, place
from vpc_backup_events.checking.findings import finding, gravity
from vpc_backup_events.checking.uniqueness import conflict
from vpc_backup_events.reporting.archive import Archive
from vpc_backup_events.values.errors import UnreadableInputError
from vpc_backup_events.values.levels import Level
from vpc_backup_events.values.report import Finding, Profile, Report, Source, file_name

if TYPE_CHECKING:
    from vpc_backup_events.reporting.display import Block

_TALLIES = "tallies"

# requirement -> its first findings, each with part and ordinal of its event
_Examples = dict[str, list[tuple[int, int, Finding]]]
# part -> what a second look at it told
_SecondPass = dict[int, Any]


@dataclass(slots=True)
class Audit:
    """One question to an archive."""

    paths: tuple[str, ...]
    profile: Profile
    # examples of each requirement
    most: int
    engine: Engine
    work: Work
    # column of Parquet files that holds the events, or empty where there is but one
    column: str = ""
    # files that are about to be written
    leave_out: tuple[str, ...] = ()
    # path of a copy of standard input, or empty
    copy: str = ""
    # bytes of a part
    size: int = PART
    # where buckets are, or empty where the environment says it
    endpoint: str = ""
    inventory: Inventory = field(default_factory=Inventory)
    # of the report: where an event stands -> its part, and its ordinal there
    _where: dict[Source, tuple[int, int]] = field(default_factory=dict)

    def plan(self) -> None:
        """Finds the files, and what was done before."""
        question = {"profile": self.profile, "examples": self.most, "size": self.size}
        written = (*self.leave_out, self.work.path)
        found = parts(self.paths, self.inventory, written, self.column, self.size, self.copy, self.endpoint)
        self.work.plan(found, question)
        self.work.resumed = sum(self._tally(number) is not None for number in range(self.work.parts))

    def judge(self, done: Callable[[int], None]) -> None:
        """Judges every part that has no result yet; `done` is told of each."""
        done(self.work.resumed)
        tasks = (
            Task(number, "judge", part, (self.profile, self.most))
            for number, part in self.work.read_plan()
            if self._tally(number) is None
        )
        for number, (tally, keys) in self.engine.run(tasks):
            self.work.write(place(KEYS, number), keys)
            # the last that is written of a part says that it is done
            self.work.write(place(_TALLIES, number), tally)
            done(1)

    def finish(self) -> tuple[Report, Archive]:
        """Compares events that come more than once, and puts everything together.

        A file that is no longer what it was when the audit began is one more problem in `inventory`.
        """
        summed = self._sum(self.work.parts, *self._repeats())
        # a large file has many parts
        changed = dict.fromkeys(path for _, part in self.work.read_plan() for path in part.changed())
        self.inventory.problems += (
            UnreadableInputError(
                f"{file_name(path)}: it changed while it was judged.", "Run it again when nothing writes to it."
            )
            for path in changed
        )
        return summed

    def cut_short(self) -> tuple[Report, Archive, int]:
        """The report on the parts up to the first that has no result, and their number; nothing is compared."""
        number = next((n for n in range(self.work.parts) if self._tally(n) is None), self.work.parts)
        return *self._sum(number, Repeats(), {}), number

    def texts(self, report: Report) -> dict[Source, tuple[Block, ...]]:
        """The first events with findings, as a report shows them in its order; they are read again."""
        from vpc_backup_events.reporting.display import EVENTS
        from vpc_backup_events.reporting.run import worst_first
        from vpc_backup_events.reporting.specimens import blocks_of_json

        by_event: dict[Source, list[Finding]] = {}
        for example in report.findings:
            if example.source in self._where:
                by_event.setdefault(example.source, []).append(example)
        marked: dict[int, dict[int, list[tuple[str, Level]]]] = {}
        names: dict[tuple[int, int], Source] = {}
        for examples in worst_first(by_event.values(), variety=True)[:EVENTS]:
            source = examples[0].source
            assert source is not None
            part, ordinal = self._where[source]
            names[part, ordinal] = source
            marked.setdefault(part, {})[ordinal] = [(example.pointer, example.level) for example in examples]
        tasks = (Task(n, "texts", part, (self.profile, marked[n])) for n, part in self._these(marked))
        return {
            names[number, int(ordinal)]: blocks_of_json(held)
            for number, (shown,) in self.engine.run(tasks)
            for ordinal, held in json.loads(shown).items()
        }

    def _tally(self, number: int) -> Tally | None:
        text = self.work.read(place(_TALLIES, number))
        try:
            tally = None if text is None else Tally.of_text(text)
        except (ValueError, KeyError, TypeError):
            # cut off when the machine went down
            return None
        # so may be the keys
        return tally if tally is not None and tally.keys * KEY == self.work.size(place(KEYS, number)) else None

    def _repeats(self) -> tuple[Repeats, _SecondPass]:
        """What repeats, and a second look at each event that is in conflict or an example of one."""
        for kind in (WANTED, RECORDS, CONFLICTS):
            for number in range(-(-self.work.parts // 1000)):
                self.work.remove(f"{kind}-{number}")
        wanted = find_wanted(self.work)
        tasks = (
            Task(number, "identities", part, (self.work.read(place(WANTED, number)),))
            for number, part in self._these(set(wanted))
        )
        for number, (records,) in self.engine.run(tasks):
            self.work.write(place(RECORDS, number), records)
        repeats = compare(self.work, wanted, self.most)
        shown: dict[int, set[int]] = {}
        for where in (where for pair in repeats.examples for where in pair):
            shown.setdefault(where.part, set()).add(where.ordinal)
        looks = (
            Task(number, "places", part, (self.profile, conflicts, sorted(shown.get(number, ()))))
            for number, part in self._these(set(wanted))
            if (conflicts := self.work.read(place(CONFLICTS, number)) or b"") or number in shown
        )
        return repeats, {number: json.loads(second_pass) for number, (second_pass,) in self.engine.run(looks)}

    def _these(self, numbers: Any) -> Iterator[tuple[int, Part]]:
        return ((number, part) for number, part in self.work.read_plan() if number in numbers)

    def _sum(self, number: int, repeats: Repeats, second_pass: _SecondPass) -> tuple[Report, Archive]:
        total = Tally()
        examples: _Examples = {}
        starts: dict[int, tuple[int, int]] = {}
        begins = _Beginnings()
        for n, part in self.work.read_plan():
            if n == number:
                break
            tally = self._tally(n)
            assert tally is not None
            starts[n] = lines, events = begins.of(part, tally)
            for requirement, in_part in tally.examples.items():
                held = examples.setdefault(requirement, [])
                held += [
                    (n, ordinal, replace(example, source=example.source and moved(example.source, lines, events)))
                    for ordinal, example in in_part[: self.most - len(held)]
                ]
            total.plus(tally)
        # a large object has many parts
        self.inventory.problems += {str(problem): problem for problem in total.problems}.values()
        self._add_conflicts(total, examples, repeats, second_pass, starts)
        findings = sorted(
            (example for held in examples.values() for example in held),
            key=lambda example: (*example[:2], gravity(example[2])),
        )
        self._where = {example.source: (part, ordinal) for part, ordinal, example in findings if example.source}
        report = Report(
            self.profile,
            tuple(example for _, _, example in findings),
            total.events,
            total.emails,
            dict(sorted(total.requirements.items())),
        )
        return report, _archive(self.inventory, total, repeats, self.most)

    def _add_conflicts(
        self,
        total: Tally,
        examples: _Examples,
        repeats: Repeats,
        looks: _SecondPass,
        starts: dict[int, tuple[int, int]],
    ) -> None:
        for other, first in repeats.examples:
            sources = [
                moved(Source(**looks[where.part]["sources"][str(where.ordinal)]), *starts[where.part])
                for where in (other, first)
            ]
            breach = finding(conflict(sources[1]), self.profile, sources[0])
            assert breach is not None
            examples.setdefault(breach.requirement, []).append((*other, breach))
            total.requirements[breach.requirement] = repeats.conflicts
        for look in looks.values():
            for *facts, without_finding, without_error in look["facts"]:
                total.facts.setdefault(Facts(*facts), [0, 0])[1] += without_finding
                total.broken += without_error


class _Beginnings:
    """Where each part begins in its file: lines and events before it."""

    def __init__(self) -> None:
        self._file = ""
        self._lines = self._events = 0

    def of(self, part: Part, tally: Tally) -> tuple[int, int]:
        """Lines and events of the file before the part, whose tally this is."""
        if part.kind != "lines":
            return 0, 0
        if part.files[0].path != self._file:
            self._file, self._lines, self._events = part.files[0].path, 0, 0
        before = self._lines, self._events
        self._lines += tally.lines
        self._events += tally.events
        return before


def _archive(inventory: Inventory, total: Tally, repeats: Repeats, most: int) -> Archive:
    def by(member: int) -> dict[str, int]:
        counts: dict[str, int] = {}
        for facts, (events, _) in total.facts.items():
            counts[facts[member]] = counts.get(facts[member], 0) + events
        return counts

    pairs: dict[tuple[str, str], tuple[int, int]] = {}
    for facts, (events, with_findings) in total.facts.items():
        before = pairs.get(facts[:2], (0, 0))
        pairs[facts[:2]] = before[0] + events, before[1] + with_findings
    return Archive(
        inventory.files,
        inventory.bytes,
        total.broken,
        repeats.resent,
        most,
        by(0),
        by(1),
        by(2),
        dict(+total.days),
        pairs,
    )
