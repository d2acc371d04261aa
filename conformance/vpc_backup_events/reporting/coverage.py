"""Several JSON reports of suites as one: which requirements were exercised in any of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple, cast

from vpc_backup_events import catalog
from vpc_backup_events.trials.report import KNOWN_GAP, SuiteReport
from vpc_backup_events.trials.trial import Result, Status
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import UnreadableInputError, UsageError
from vpc_backup_events.values.report import Profile

# what one run exercised is exercised, however many did not; of those that did, the worst counts
_ORDER = ("not exercised", "skipped", "passed", "reported", "warned", KNOWN_GAP, "failed", "errored")
EXERCISED = ("passed", "reported", "warned", "failed")


class Coverage(NamedTuple):
    """How many requirements were exercised, of those that the profile judges."""

    exercised: int
    all: int
    # events, deliveries, registrations and requests that they were judged by; 0 where the reports do not say
    cases: int = 0

    @property
    def percent(self) -> float:
        """The share, from 0 to 100; 0 where there was nothing to exercise."""
        return 100 * self.exercised / self.all if self.all else 0.0

    def __str__(self) -> str:
        by = f", by {self.cases:,} {'case' if self.cases == 1 else 'cases'}" if self.cases else ""
        return f"requirements: {self.exercised} of {self.all} exercised{by}"


def read(name: str, data: bytes) -> dict[str, Any]:
    """The JSON report in a file; raises `UnreadableInputError` where it is none, or is not about a suite."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise UnreadableInputError(
            f"{name} is no JSON.", "Name a report that was written with --format json."
        ) from None
    from jsonschema.exceptions import best_match

    problem = best_match(_validator().iter_errors(document))
    if problem is not None:
        raise UnreadableInputError(
            f"{name} is no report: {problem.message[:200]}", "Name a report that was written with --format json."
        )
    if "results" not in document:
        raise UnreadableInputError(
            f"{name} is a report on events, which does not say what was exercised.",
            "Name reports of `test`, or of pytest with --backup-events-report json=FILE.",
        )
    return cast("dict[str, Any]", document)


def merge(reports: Iterable[tuple[str, dict[str, Any]]]) -> SuiteReport:
    """One result a requirement; raises `UsageError` where the reports are of different profiles."""
    best: dict[str, tuple[int, str, str]] = {}
    cases: Counter[str] = Counter()
    errors: list[str] = []
    profiles: dict[str, str] = {}
    names = []
    for name, report in reports:
        names.append(name)
        profiles.setdefault(report["profile"], name)
        errors += [f"{name}: {error}" for error in report.get("errors", ())]
        for result in report["results"]:
            message = f"{name}: {result['message']}" if result["message"] else ""
            candidate = (_ORDER.index(result["status"]), message, result["status"])
            id = result["requirement"]
            cases[id] += result.get("cases", 0)
            if id in catalog.requirements and (id not in best or candidate[0] > best[id][0]):
                best[id] = candidate
    if len(profiles) != 1:
        raise UsageError(
            f"The reports are of {len(profiles)} profiles: "
            + ", ".join(f"{name} is {profile}" for profile, name in profiles.items()),
            "Merge reports of one profile.",
        )
    gaps = {id: message for id, (_, message, status) in best.items() if status == KNOWN_GAP}
    results = tuple(
        Result(entry, "failed" if id in gaps else cast(Status, best[id][2]), best[id][1], cases[id])
        for id, entry in catalog.requirements.items()
        if id in best
    )
    role = "1 report" if len(names) == 1 else f"{len(names)} reports"
    return SuiteReport(role, cast(Profile, next(iter(profiles))), results, gaps, tuple(errors))


def coverage(report: SuiteReport) -> Coverage:
    """How many of the requirements were exercised; a known gap was."""
    judged = [result for result in report.results if result.requirement.profiles[report.profile] != "none"]
    exercised = [result for result in judged if result.status in EXERCISED]
    return Coverage(len(exercised), len(judged), sum(result.cases for result in exercised))


@cache
def _validator() -> Any:
    # used here alone, and slow to load
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes()))
