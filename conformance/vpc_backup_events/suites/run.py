"""A whole suite without pytest: for the command line, and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.report import LEVELS, Finding, Level, Profile, Report
from vpc_backup_events.suites.client_trials import CLIENT, ClientRun
from vpc_backup_events.suites.consumer_trials import CONSUMER, ConsumerRun
from vpc_backup_events.suites.producer_trials import PRODUCER, ProducerRun
from vpc_backup_events.suites.service_trials import SERVICE, Given, ServiceRun
from vpc_backup_events.suites.trial import STATUSES, Result, Trials, result_of, verdict

_LEVEL: dict[str, Level] = {"failed": "error", "warned": "warning", "reported": "note"}
KNOWN_GAP = "known gap"


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
        found = verdict(self.results)
        return "not conforming" if self.closed or self.errors else found

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
            "ok": not self.broken and not self.errors,
            "verdict": self.verdict,
            "errors": list(self.errors),
            "results": [
                {
                    "requirement": r.requirement.id,
                    "status": KNOWN_GAP if r.requirement.id in gaps else r.status,
                    "message": r.message,
                }
                for r in self.results
            ],
        }

    def lines(self) -> list[str]:
        """The report for people: what did not pass, and the verdict as the last line."""
        lines: list[str] = []
        for result in self.results:
            gap = self.gaps.get(result.requirement.id)
            if result.requirement.id in self.closed:
                lines += [f"FAILED  {result.requirement.id}: a known gap that the subject no longer has; drop it", ""]
            elif gap is not None and result.status == "failed":
                lines += [f"KNOWN   {result.requirement.id}: {gap}", ""]
            elif result.status in ("failed", "warned", "reported", "errored"):
                lines += [f"{result.status.upper():7} {result.message}", ""]
        lines += [f"ERROR   {error}\n" for error in self.errors]
        skipped: dict[str, list[str]] = {}
        for result in self.results:
            if result.status == "skipped":
                skipped.setdefault(result.message, []).append(result.requirement.id)
        lines += [f"SKIPPED {len(ids)}: {reason}\n        {', '.join(ids)}" for reason, ids in skipped.items()]
        counts = [f"{self.count(s)} {s}" for s in (*STATUSES, KNOWN_GAP) if self.count(s)]
        found = [(self.report.count(level), level) for level in LEVELS]
        levels = ", ".join(f"{count} {level}{'' if count == 1 else 's'}" for count, level in found)
        lines.append(f"{self.role}: {self.verdict} ({self.profile} profile): {', '.join(counts)}; {levels}")
        return lines


def judge_producer(
    produce: Any, profile: Profile = "documented", fail_on: Level = "error", gaps: Mapping[str, str] | None = None
) -> SuiteReport:
    """Judges a producer, a callable from `Scenario` to an event."""
    run = ProducerRun(produce, profile)
    results = _results(PRODUCER, run, profile, fail_on)
    errors = dict.fromkeys(str(error) or repr(error) for error in run.errors.values())
    return SuiteReport("producer", profile, results, gaps or {}, tuple(errors))


def judge_consumer(
    consumer: Any,
    observe: Any = None,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    **options: Any,
) -> SuiteReport:
    """Judges a consumer, what `transport_for` takes; `options` are those of `ConsumerRun`."""
    run = ConsumerRun(consumer, observe, profile, **options)
    try:
        return SuiteReport("consumer", profile, _results(CONSUMER, run, profile, fail_on), gaps or {})
    finally:
        run.close()


def judge_client(
    register: Any, profile: Profile = "documented", fail_on: Level = "error", gaps: Mapping[str, str] | None = None
) -> SuiteReport:
    """Judges a client, a callable from base URL, token, instance id, source and instance CRN."""
    run = ClientRun(register, profile)
    try:
        return SuiteReport("client", profile, _results(CLIENT, run, profile, fail_on), gaps or {})
    finally:
        run.close()


def judge_service(
    service: Any,
    token: str | None = None,
    instance_id: str | None = None,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    given: Given | None = None,
) -> SuiteReport:
    """Judges a service of the API: a base URL, or an application; `given` says what else is known of it."""
    run = ServiceRun(service, token, instance_id, profile, given)
    try:
        return SuiteReport("service", profile, _results(SERVICE, run, profile, fail_on), gaps or {})
    finally:
        run.close()


def _results(trials: Trials[Any], run: Any, profile: Profile, fail_on: Level) -> tuple[Result, ...]:
    return tuple(result_of(trial, run, profile, fail_on) for trial in trials)
