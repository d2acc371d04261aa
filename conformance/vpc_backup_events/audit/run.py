"""An audit from its question to its report: parts, the table of their events, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from vpc_backup_events.audit.engines import Engine
from vpc_backup_events.audit.parts import PART, Inventory, parts
from vpc_backup_events.audit.questions import NO_ANSWERS, answers, archive, examples, problems, report
from vpc_backup_events.audit.table import is_whole
from vpc_backup_events.audit.work import Work
from vpc_backup_events.reporting.archive import Archive
from vpc_backup_events.values.errors import UnreadableInputError
from vpc_backup_events.values.levels import Level
from vpc_backup_events.values.report import Finding, Profile, Report, Source, file_name

if TYPE_CHECKING:
    from vpc_backup_events.reporting.display import Block


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
    # the table is wanted
    keep: bool = False
    inventory: Inventory = field(default_factory=Inventory)
    # of the report: where an event stands -> its part, and its ordinal there
    _where: dict[Source, tuple[int, int]] = field(default_factory=dict)

    def plan(self) -> None:
        """Finds the files, and what was done before."""
        question = {"profile": self.profile, "examples": self.most, "size": self.size}
        written = (*self.leave_out, self.work.path)
        plan = parts(self.paths, self.inventory, written, self.column, self.size, self.copy, self.endpoint)
        self.work.plan(plan, question)
        self.work.resumed = sum(self._is_done(number) for number in range(self.work.parts))

    def judge(self, done: Callable[[int], None]) -> None:
        """Judges every part that has no result yet; `done` is told of each."""
        done(self.work.resumed)
        parts = ((number, part) for number, part in self.work.read_plan() if not self._is_done(number))
        for _ in self.engine.judge(parts, self.profile, self.most, self.work):
            done(1)

    def finish(self) -> tuple[Report, Archive]:
        """Compares events that come more than once, and puts everything together.

        A file that is no longer what it was when the audit began is one more problem in `inventory`.
        """
        summed = self._sum(self.work.parts, compare=True)
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
        end = next((number for number in range(self.work.parts) if not self._is_done(number)), self.work.parts)
        return *self._sum(end, compare=False), end

    def texts(self, report: Report) -> dict[Source, tuple[Block, ...]]:
        """The first events with findings, as a report shows them in its order; they are read again."""
        from vpc_backup_events.audit.texts import texts
        from vpc_backup_events.reporting.display import EVENTS
        from vpc_backup_events.reporting.run import worst_first

        by_event: dict[Source, list[Finding]] = {}
        for example in report.findings:
            if example.source in self._where:
                by_event.setdefault(example.source, []).append(example)
        marks: dict[int, dict[int, list[tuple[str, Level]]]] = {}
        names: dict[tuple[int, int], Source] = {}
        for findings in worst_first(by_event.values(), variety=True)[:EVENTS]:
            source = findings[0].source
            assert source is not None
            part, ordinal = self._where[source]
            names[part, ordinal] = source
            marks.setdefault(part, {})[ordinal] = [(finding.pointer, finding.level) for finding in findings]
        wanted = ((number, part) for number, part in self.work.read_plan() if number in marks)
        shown = self.engine.run(partial(texts, self.profile, marks), wanted)
        return {names[number, ordinal]: blocks for number, events in shown for ordinal, blocks in events.items()}

    def _is_done(self, number: int) -> bool:
        return is_whole(self.work.rows(number))

    def _sum(self, end: int, *, compare: bool) -> tuple[Report, Archive]:
        sums = NO_ANSWERS
        if end:
            with self.engine.tables(self.work, end) as tables:
                sums = answers(tables, self.most, compare=compare)
                if self.keep and compare:
                    tables.keep(self.profile)
        self.inventory.problems += problems(sums)
        shown = examples(sums, self.profile)
        self._where = {example.source: (part, ordinal) for part, ordinal, example in shown if example.source}
        return report(sums, self.profile, shown), archive(sums, self.inventory, self.most)
