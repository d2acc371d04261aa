"""What the tests of a run recorded in their user properties, which survive xdist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.plugin.options import OUTCOMES
from vpc_backup_events.suites.settings import RESULT, SUITE

if TYPE_CHECKING:
    from vpc_backup_events.reporting.coverage import Coverage
    from vpc_backup_events.suites.results import Recorded
    from vpc_backup_events.trials.trial import Status

__all__ = ["LINES", "STATUSES", "Test", "coverage", "left_out", "results_of", "tests_of"]

# the best first
STATUSES = ("passed", "reported", "warned", "not exercised", "skipped", "failed", "errored")
# what the section of the terminal summary says of reports and coverage
LINES = pytest.StashKey[list[str]]()


@dataclass(frozen=True, slots=True)
class Test:
    """A test that ran, as pytest reports it."""

    node: str
    #: one of `OUTCOMES`
    outcome: str
    properties: tuple[tuple[str, str], ...]
    #: what went wrong in one line, where something did
    crash: str = ""

    def values(self, name: str) -> Iterator[str]:
        """The user properties of this name."""
        return (value for other, value in self.properties if other == name)


def tests_of(stats: Mapping[str, list[Any]]) -> list[Test]:
    """The tests with user properties; of one with several reports, the worst outcome and the last properties."""
    tests: dict[str, Test] = {}
    for outcome in OUTCOMES:
        for report in stats.get(outcome, ()):
            # collection errors have no properties
            if getattr(report, "user_properties", None):
                properties = tuple((name, str(value)) for name, value in report.user_properties)
                tests[report.nodeid] = Test(report.nodeid, outcome, properties, _crash(report))
    return list(tests.values())


def _crash(report: Any) -> str:
    """The last line of what went wrong."""
    crash = getattr(getattr(report, "longrepr", None), "reprcrash", None)
    message = getattr(crash, "message", "") or str(getattr(report, "longrepr", "") or "")
    return message.strip().splitlines()[0] if message.strip() else ""


def results_of(tests: Iterable[Test]) -> list[Recorded]:
    """What the tests of suites recorded; one that did not come to that is an error, or was skipped."""
    # a run without suites does not need it
    from vpc_backup_events.suites.results import Recorded, SuiteTest

    results = []
    for test in tests:
        recorded = [Recorded.from_json(value) for value in test.values(RESULT)]
        for value in test.values(SUITE) if not recorded else ():
            of = SuiteTest.from_json(value)
            is_error = test.outcome in ("failed", "error")
            message = f"the test could not begin: {test.crash}" if is_error else test.crash or "not run"
            status: Status = "errored" if is_error else "skipped"
            recorded.append(Recorded(of.suite, of.role, of.requirement, status, message=message))
        results += recorded
    return results


def coverage(results: Iterable[Recorded], profile: str) -> Coverage:
    """Of the requirements that the suites judge in the profile, also in tests that were not selected, how many ran."""
    from vpc_backup_events.reporting.coverage import EXERCISED, Coverage

    exercised: set[tuple[str, str]] = set()
    every: set[tuple[str, str]] = set()
    cases = 0
    for result in results:
        suite = result.suite
        every |= {(suite, id) for id in _judged_by(result.role) or (result.requirement,)}
        if result.status in EXERCISED:
            exercised.add((suite, result.requirement))
            cases += result.cases
    every = {(suite, id) for suite, id in every if catalog.requirements[id].profiles[profile] != "none"}
    return Coverage(len(exercised & every), len(every), cases)


def left_out(results: Iterable[Recorded], profile: str) -> dict[str, int]:
    """Of each suite: how many requirements that it judges in the profile were in no test of the run."""
    rest: dict[str, set[str]] = {}
    for result in results:
        if result.suite not in rest:
            ids = _judged_by(result.role)
            rest[result.suite] = {id for id in ids if catalog.requirements[id].profiles[profile] != "none"}
        rest[result.suite].discard(result.requirement)
    return {suite: len(ids) for suite, ids in rest.items()}


def _judged_by(role: str) -> tuple[str, ...]:
    """The requirements that the suite of a role has tests for."""
    # a run without results does not need it
    from vpc_backup_events.trials.run import TRIALS

    return tuple(trial.requirement.id for trial in TRIALS.get(role, ()))
