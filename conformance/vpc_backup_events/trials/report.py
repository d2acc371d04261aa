"""What came of a suite, as a value that every reporter reads; nothing here runs a trial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vpc_backup_events.trials.trial import STATUSES, Result, verdict
from vpc_backup_events.values.levels import number
from vpc_backup_events.values.report import LEVELS, Finding, Level, Profile, Report

_LEVEL: dict[str, Level] = {"failed": "error", "warned": "warning", "reported": "note"}
# how a report for people begins what it says of a result
_HEADINGS = {"failed": "FAILED", "warned": "WARNING", "reported": "NOTE"}
KNOWN_GAP = "known gap"
CLOSED_GAP = "closed gap"


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

    def outcomes(self) -> Iterator[tuple[Result, str]]:
        """Each result with its status, which for known gaps is `KNOWN_GAP` where met and `CLOSED_GAP` where not."""
        closed = set(self.closed)
        for result in self.results:
            name = result.requirement.id
            if name in closed:
                yield result, CLOSED_GAP
            else:
                yield result, KNOWN_GAP if name in self.gaps and result.status == "failed" else result.status

    @property
    def ok(self) -> bool:
        """Nothing is broken, and nothing went wrong; what was only judged in part may still break something."""
        return not self.broken and not self.errors

    @property
    def judged(self) -> tuple[Result, ...]:
        """The results, without those of known gaps that were met."""
        return tuple(r for r in self.results if not (r.requirement.id in self.gaps and r.status == "failed"))

    @property
    def closed(self) -> tuple[str, ...]:
        """Known gaps that the subject does not have: they passed."""
        return tuple(r.requirement.id for r in self.results if r.requirement.id in self.gaps and r.status == "passed")

    @property
    def verdict(self) -> str:
        """`conforming`, `partly judged` or `not conforming`; a gap that is closed or met does not conform either."""
        if self.closed or self.errors:
            return "not conforming"
        of_results = verdict(self.results)
        return "partly judged" if of_results == "conforming" and self.left_out else of_results

    @property
    def broken(self) -> bool:
        """A requirement is broken that is no known gap, or a known gap is closed."""
        return verdict(self.judged) == "not conforming" or bool(self.closed)

    def count(self, status: str) -> int:
        """How many requirements have the status."""
        gaps = {r.requirement.id for r in self.results} - {r.requirement.id for r in self.judged}
        if status == KNOWN_GAP:
            return len(gaps)
        return sum(r.status == status and r.requirement.id not in gaps for r in self.results)

    @property
    def report(self) -> Report:
        """The breaches as findings."""
        findings = (
            Finding(
                result.requirement.id,
                _LEVEL[result.status],
                "",
                result.message,
                result.requirement.hint,
                result.requirement.doc,
            )
            for result in self.judged
            if result.status in _LEVEL
        )
        return Report(self.profile, tuple(findings), len(self.results))

    def as_json(self) -> dict[str, Any]:
        """One document valid under `schemas/report/report.schema.json`."""
        gaps = {r.requirement.id for r in self.results} - {r.requirement.id for r in self.judged}
        return {
            **self.report.as_json(),
            "ok": self.ok,
            "verdict": self.verdict,
            "errors": list(self.errors),
            "results": [
                {
                    "requirement": r.requirement.id,
                    "status": KNOWN_GAP if r.requirement.id in gaps else r.status,
                    "message": r.whole or r.message,
                    "cases": r.cases,
                }
                for r in self.results
            ],
        }

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
        for result in self.results:
            gap = self.gaps.get(result.requirement.id)
            if result.requirement.id in self.closed:
                lines += [f"FAILED  {result.requirement.id}: a known gap that the subject no longer has; drop it", ""]
            elif gap is not None and result.status == "failed":
                lines += [f"KNOWN   {result.requirement.id}: {gap}", ""]
            elif result.status in _HEADINGS:
                lines += [f"{_HEADINGS[result.status]:7} {result.message}", ""]
        lines += [f"ERROR   {error}\n" for error in self.errors]
        # what is the same for many is told once
        lines += [f"ERROR   {reason}\n        {', '.join(ids)}\n" for reason, ids in self._by_message("errored")]
        lines += [
            f"SKIPPED {len(ids)}: {reason}\n        {', '.join(ids)}" for reason, ids in self._by_message("skipped")
        ]
        counts = [f"{self.count(s)} {s}" for s in (*STATUSES, KNOWN_GAP) if self.count(s)]
        counts += [f"{self.left_out} not run"] * bool(self.left_out)
        levels = ", ".join(number(self.report.count(level), level) for level in LEVELS)
        lines.append(f"{self.role}: {self.verdict} ({self.profile} profile): {', '.join(counts)}; {levels}")
        return lines
