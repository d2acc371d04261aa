"""All that the reports of one run are made of: one value, read by every reporter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpc_backup_events import catalog
from vpc_backup_events.values.levels import LEVELS, Level, number, rank, worst
from vpc_backup_events.values.report import Finding, Report, Source
from vpc_backup_events.values.visible import visible

if TYPE_CHECKING:
    from vpc_backup_events.catalog.model import Requirement
    from vpc_backup_events.reporting.archive import Archive
    from vpc_backup_events.reporting.display import Display
    from vpc_backup_events.reporting.specimens import Specimen
    from vpc_backup_events.trials.report import SuiteReport

# verb -> what judges its requirements, as the register says
_JUDGED_BY = {
    "check": ("schema", "rule"),
    "audit": ("schema", "rule"),
    "pytest": ("schema", "rule"),
    "test": ("schema", "rule"),
    "lint": ("lint",),
    "confirm": ("confirm",),
}
# what judges emails too, where one was among the inputs: nobody asked these of an event
_OF_EMAILS = ("email",)


@dataclass(frozen=True, slots=True)
class InputStanding:
    """What came of a requirement in the inputs."""

    id: str
    # those that are listed; of an archive some of all
    findings: tuple[Finding, ...]
    # how many there are
    count: int

    @property
    def level(self) -> Level:
        """The worst level of its findings, of which there is one at least."""
        return level_of(self.findings)

    @property
    def entry(self) -> Requirement | None:
        """What the register has of it, None where it does not have it."""
        return catalog.requirements.get(self.id)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a verb, or of pytest."""

    # findings; of suites, their breaches as findings
    report: Report
    # name of each input in order -> how many events, or what else is judged, it holds
    inputs: Mapping[str, int] = field(default_factory=dict)
    # what is in the inputs
    what: str = "event"
    # check, audit, lint, confirm, test or pytest
    verb: str = "check"
    # what came of suites
    suites: tuple[SuiteReport, ...] = ()
    # the events themselves, where a report shows them
    display: Display | None = None
    # of an audit: what is counted beside findings; those of the report are examples then
    archive: Archive | None = None
    # role of a suite and requirement -> the events by which it is broken, where a report shows them
    specimens: Mapping[tuple[str, str], tuple[Specimen, ...]] = field(default_factory=dict)
    # how to run it again, for a shell; empty where that is not known
    command: str = ""
    # terminal colours, where a format has any
    color: bool = False

    @property
    def ok(self) -> bool:
        """Nothing is broken, and something was judged."""
        if self.suites:
            return all(suite.ok for suite in self.suites) and (not self.inputs or self.report.ok)
        return self.report.ok

    @property
    def verdict(self) -> str:
        """`conforms`, `does not conform`, or `partly judged`."""
        if not self.ok or any(suite.verdict == "not conforming" and not suite.gaps for suite in self.suites):
            return "does not conform"
        if any(suite.verdict == "not conforming" for suite in self.suites):
            return "conforms but for known gaps"
        if any(suite.verdict == "partly judged" for suite in self.suites):
            return "partly judged"
        return "conforms"

    @property
    def title(self) -> str:
        """What was run, in a few words."""
        roles = ", ".join(suite.role for suite in self.suites)
        return f"{self.verb} {roles}" if roles and self.verb == "test" else self.verb

    @property
    def summary(self) -> str:
        """One line: how many events or requirements, and the findings by level."""
        counts = ", ".join(number(self.report.count(level), level) for level in LEVELS)
        requirements = number(sum(len(suite.results) for suite in self.suites), "requirement") if self.suites else ""
        events = number(sum(self.inputs.values()) if self.suites else self.report.events, self.what)
        if self.archive:
            events = f"{number(self.archive.files, 'file')}, {events}, {self.archive.broken:,} with errors"
        parts = [requirements, events if self.inputs or not self.suites else ""]
        return f"{', '.join(filter(None, parts))} ({self.report.profile} profile): {counts}"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings in inputs, without those that the suites have: of a suite alone there is none."""
        return tuple(finding for finding in self.report.findings if finding.source or not self.suites)

    def requirements(self) -> tuple[Requirement, ...]:
        """Every requirement that this run judges in its profile, in the order of the register."""
        ids = {standing.id for standing in self.standings()}
        ids.update(result.requirement.id for suite in self.suites for result in suite.results)
        return tuple(requirement for requirement in catalog.requirements.values() if requirement.id in ids)

    def standings(self) -> list[InputStanding]:
        """Every requirement that the inputs are held to, in the order of the register; not those of suites alone."""
        by = _JUDGED_BY.get(self.verb, ()) if self.inputs or not self.suites else ()
        if self.report.emails:
            by = (*by, *_OF_EMAILS)
        findings: dict[str, list[Finding]] = {}
        for finding in self.findings:
            findings.setdefault(finding.requirement, []).append(finding)
        ids = [
            requirement.id
            for requirement in catalog.requirements.values()
            if requirement.id in findings
            or (
                requirement.check in by
                and requirement.status == "checked"
                and requirement.profiles[self.report.profile] != "none"
            )
        ]
        # what the register does not have comes last
        ids += sorted(findings.keys() - catalog.requirements.keys())
        totals = self.report.totals or {id: len(findings[id]) for id in findings}
        return [InputStanding(id, tuple(findings.get(id, ())), totals.get(id, 0)) for id in ids]

    def breaches(self) -> list[InputStanding]:
        """The requirements that the inputs break, the worst first."""
        broken = [standing for standing in self.standings() if standing.findings]
        return sorted(broken, key=lambda standing: (rank(standing.level), standing.id))

    def by_input(self) -> dict[str, list[Finding]]:
        """The findings by input, inputs in their order, those without a finding too."""
        findings: dict[str, list[Finding]] = {name: [] for name in self.inputs}
        for finding in self.findings:
            findings.setdefault(input_of(finding), []).append(finding)
        return findings


def source_of(finding: Finding) -> Source:
    """Where a finding is, as far as that is known."""
    return finding.source or Source()


def input_of(finding: Finding) -> str:
    """The name of the input that a finding is in."""
    file = source_of(finding).file
    return "event" if file is None else file


def file_of(finding: Finding) -> str | None:
    """The file that a finding is in, None where there is none: of standard input, or of an event from nowhere."""
    file = source_of(finding).file
    return None if file is None or file.startswith("<") else file


def line_of(finding: Finding) -> int:
    """The line that a finding is on, the first one of a file where none is known."""
    return finding.line or source_of(finding).line or 1


def place(finding: Finding) -> str:
    """Input, line, event and pointer of a finding as far as they are known, for a person; harmless."""
    source = source_of(finding)
    parts = [visible(input_of(finding))]
    if source.line is not None:
        parts.append(f"line {source.line}")
    if source.index is not None:
        parts.append(f"event {source.index}")
    if finding.pointer:
        parts.append(f"at {visible(finding.pointer)}")
    return ", ".join(parts)


def has_error(findings: Iterable[Finding]) -> bool:
    """Whether one of the findings is an error."""
    return any(finding.level == "error" for finding in findings)


def level_of(findings: Sequence[Finding]) -> Level:
    """The worst level of the findings."""
    return worst(finding.level for finding in findings)


def worst_first(events: Iterable[list[Finding]], variety: bool = False) -> list[list[Finding]]:
    """The findings of each event, the gravest events first; for `variety`, one with each requirement before others."""
    ordered = sorted(events, key=lambda findings: rank(level_of(findings)))
    if not variety:
        return ordered
    first: list[list[Finding]] = []
    others: list[list[Finding]] = []
    requirements: set[str] = set()
    for findings in ordered:
        new = {finding.requirement for finding in findings} - requirements
        (first if new else others).append(findings)
        requirements |= new
    return first + others


def numbered(names: Iterator[str]) -> Iterator[str]:
    """Each name, and from its second time on with its number."""
    counts: Counter[str] = Counter()
    for name in names:
        counts[name] += 1
        yield name if counts[name] == 1 else f"{name}~{counts[name]}"
