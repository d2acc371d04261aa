"""What came of a suite, as a value that every reporter reads; nothing here runs a trial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vpc_backup_events.trials.trial import STATUSES, Result, verdict
from vpc_backup_events.values.levels import number
from vpc_backup_events.values.report import LEVELS, Finding, Level, Profile, Report

_LEVEL: dict[str, Level] = {"failed": "error", "warned": "warning", "reported": "note"}
KNOWN_GAP = "known gap"
CLOSED_GAP = "closed gap"
# how a report for people begins what it says of a standing
_HEADINGS = {"failed": "FAILED", "warned": "WARNING", "reported": "NOTE", KNOWN_GAP: "KNOWN", CLOSED_GAP: "FAILED"}
_CLOSED = "a known gap that the subject no longer has; drop it"


class Standing(NamedTuple):
    """What came of a requirement, with regard to known gaps."""

    result: Result
    # that of the result, but for known gaps: `KNOWN_GAP` where one is met, and `CLOSED_GAP` where it is not
    status: str
    # that of the result; of a known gap why the subject has it
    message: str


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """What came of a suite."""

    # producer, consumer, client or service
    role: str
    profile: Profile
    results: tuple[Result, ...]
    # requirement -> why the subject is known to break it
    gaps: Mapping[str, str]
    # of the subject's program or of the run
    errors: tuple[str, ...] = ()
    # of a producer or consumer: id of each pair of event type and reason -> its events, and those with a finding
    pairs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    # requirements of the suite that were not asked for in this run
    left_out: int = 0

    def standings(self) -> Iterator[Standing]:
        """What came of each requirement."""
        for result in self.results:
            gap = self.gaps.get(result.requirement.id)
            if gap is not None and result.status == "failed":
                yield Standing(result, KNOWN_GAP, gap)
            elif gap is not None and result.status == "passed":
                yield Standing(result, CLOSED_GAP, _CLOSED)
            else:
                yield Standing(result, result.status, result.message)

    @property
    def ok(self) -> bool:
        """Nothing is broken, and nothing went wrong; what was only judged in part may still break something."""
        return not self.broken and not self.errors

    @property
    def has_errors(self) -> bool:
        """Something went wrong, so that not everything was judged that was asked for."""
        return bool(self.errors) or any(result.status == "errored" for result in self.results)

    @property
    def has_closed_gaps(self) -> bool:
        """The subject does not have a gap that is known of it."""
        return any(standing.status == CLOSED_GAP for standing in self.standings())

    @property
    def verdict(self) -> str:
        """`conforming`, `partly judged` or `not conforming`; a gap that is closed or met does not conform either."""
        if self.has_closed_gaps or self.errors:
            return "not conforming"
        of_results = verdict(self.results)
        return "partly judged" if of_results == "conforming" and self.left_out else of_results

    @property
    def broken(self) -> bool:
        """A requirement is broken that is no known gap, or a known gap is closed."""
        results = [standing.result for standing in self.standings() if standing.status != KNOWN_GAP]
        return self.has_closed_gaps or verdict(results) == "not conforming"

    def count(self, status: str) -> int:
        """How many requirements have the status; one whose gap is closed passed."""
        return sum(_without_closed(standing) == status for standing in self.standings())

    @property
    def report(self) -> Report:
        """The breaches as findings."""
        findings = []
        for result, status, _ in self.standings():
            if status in _LEVEL:
                required = result.requirement
                level = _LEVEL[status]
                findings.append(Finding(required.id, level, "", result.message, required.hint, required.doc))
        return Report(self.profile, tuple(findings), len(self.results))

    def results_as_json(self) -> list[dict[str, Any]]:
        """The member `results` of `schemas/report/report.schema.json`."""
        return [
            {
                "requirement": standing.result.requirement.id,
                "status": _without_closed(standing),
                "message": standing.result.whole or standing.result.message,
                "cases": standing.result.cases,
            }
            for standing in self.standings()
        ]

    def _by_message(self, status: str) -> Iterable[tuple[str, list[str]]]:
        """The messages of the results of a status, each with its requirements."""
        by_message: dict[str, list[str]] = {}
        for result in self.results:
            if result.status == status:
                by_message.setdefault(result.message, []).append(result.requirement.id)
        return by_message.items()

    def lines(self) -> list[str]:
        """The report for people: what did not pass, and the verdict as the last line."""
        lines: list[str] = []
        for result, status, message in self.standings():
            if status in _HEADINGS:
                # the message of a result begins with its requirement, that of a gap does not
                id = f"{result.requirement.id}: " if status in (KNOWN_GAP, CLOSED_GAP) else ""
                lines += [f"{_HEADINGS[status]:7} {id}{message}", ""]
        lines += [f"ERROR   {error}\n" for error in self.errors]
        # what is the same for many is told once
        lines += [f"ERROR   {reason}\n        {', '.join(ids)}\n" for reason, ids in self._by_message("errored")]
        lines += [
            f"SKIPPED {len(ids)}: {reason}\n        {', '.join(ids)}" for reason, ids in self._by_message("skipped")
        ]
        counts = self.counts()
        if self.left_out:
            counts.append(f"{self.left_out} not run")
        levels = ", ".join(number(self.report.count(level), level) for level in LEVELS)
        lines.append(f"{self.role}: {self.verdict} ({self.profile} profile): {', '.join(counts)}; {levels}")
        return lines

    def counts(self) -> list[str]:
        """How many requirements have each status, in words."""
        return [f"{self.count(status)} {status}" for status in (*STATUSES, KNOWN_GAP) if self.count(status)]


def _without_closed(standing: Standing) -> str:
    """Its status, of a closed gap that it passed."""
    return standing.result.status if standing.status == CLOSED_GAP else standing.status
