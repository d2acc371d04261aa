"""Several JSON reports of suites as one: which requirements were exercised in any of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.trials.report import KNOWN_GAP, SuiteReport
from vpc_backup_events.trials.trial import Result
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


class SavedReport(NamedTuple):
    """A JSON report on suites, as far as it is merged."""

    # of its file
    name: str
    profile: Profile
    errors: tuple[str, ...]
    # the status of a known gap is `KNOWN_GAP`
    results: tuple[Result, ...]

    @classmethod
    def from_json(cls, name: str, document: Mapping[str, Any]) -> SavedReport:
        """The report in a document that is valid under the schema; errors and messages name the file."""
        results = []
        for result in document["results"]:
            # a requirement of another version may be none of this one
            if result["requirement"] in catalog.requirements:
                entry = catalog.requirements[result["requirement"]]
                message = f"{name}: {result['message']}" if result["message"] else ""
                results.append(Result(entry, result["status"], message, result.get("cases", 0)))
        errors = tuple(f"{name}: {error}" for error in document.get("errors", ()))
        return cls(name, document["profile"], errors, tuple(results))


def read(name: str, data: bytes) -> SavedReport:
    """The JSON report in a file; raises `UnreadableInputError` where it is none, or is not about a suite."""
    hint = "Name a report that was written with --format json."
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise UnreadableInputError(f"{name} is no JSON.", hint) from None
    from jsonschema.exceptions import best_match

    problem = best_match(_validator().iter_errors(document))
    if problem is not None:
        raise UnreadableInputError(f"{name} is no report: {problem.message[:200]}", hint)
    if "results" not in document:
        raise UnreadableInputError(
            f"{name} is a report on events, which does not say what was exercised.",
            "Name reports of `test`, or of pytest with --backup-events-report json=FILE.",
        )
    return SavedReport.from_json(name, document)


def merge(reports: Sequence[SavedReport]) -> SuiteReport:
    """One result a requirement; raises `UsageError` where the reports are of different profiles."""
    profiles: dict[Profile, str] = {}
    for report in reports:
        profiles.setdefault(report.profile, report.name)
    if len(profiles) != 1:
        raise UsageError(
            f"The reports are of {len(profiles)} profiles: "
            + ", ".join(f"{name} is {profile}" for profile, name in profiles.items()),
            "Merge reports of one profile.",
        )
    results = worst_of(chain.from_iterable(report.results for report in reports), _ORDER)
    gaps = {result.requirement.id: result.message for result in results if result.status == KNOWN_GAP}
    results = [replace(result, status="failed") if result.requirement.id in gaps else result for result in results]
    role = "1 report" if len(reports) == 1 else f"{len(reports)} reports"
    errors = tuple(chain.from_iterable(report.errors for report in reports))
    return SuiteReport(role, reports[0].profile, tuple(results), gaps, errors)


def worst_of(results: Iterable[Result], order: Sequence[str]) -> list[Result]:
    """One result a requirement, as the register has them: the worst, by an order of statuses, with the cases of all."""
    worst: dict[str, Result] = {}
    cases: Counter[str] = Counter()
    for result in results:
        id = result.requirement.id
        cases[id] += result.cases
        worst[id] = max(worst.get(id, result), result, key=lambda one: order.index(one.status))
    return [replace(worst[id], cases=cases[id]) for id in catalog.requirements if id in worst]


def coverage(report: SuiteReport) -> Coverage:
    """How many of the requirements were exercised; a known gap was."""
    every = [result for result in report.results if result.requirement.profiles[report.profile] != "none"]
    exercised = [result for result in every if result.status in EXERCISED]
    return Coverage(len(exercised), len(every), sum(result.cases for result in exercised))


@cache
def _validator() -> Any:
    # used here alone, and slow to load
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes()))
