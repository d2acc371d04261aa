"""What the tests of a run recorded in their user properties, which survive xdist."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.plugin.options import OUTCOMES
from vpc_backup_events.suites.settings import RESULT, SUITE

if TYPE_CHECKING:
    from vpc_backup_events.reporting.coverage import Coverage
    from vpc_backup_events.suites.results import Recorded
    from vpc_backup_events.trials.trial import Status

# user property of a marked test: one requirement each
REQUIREMENT = "backup_events_requirement"
# user property of a test that judged events: JSON of a `Judged`
JUDGED = "backup_events"

# the best first
STATUSES = ("passed", "reported", "warned", "not exercised", "skipped", "failed", "errored")
# what the section of the terminal summary says of reports and coverage
LINES = pytest.StashKey[list[str]]()


@dataclass(frozen=True, slots=True)
class Judged:
    """The events that one test judged, and what was wrong with them."""

    events: int
    #: requirement, level, and how many
    findings: tuple[tuple[str, str, int], ...] = ()
    #: known gaps that were met
    gaps: tuple[str, ...] = ()
    #: of the events, how many are emails
    emails: int = 0
    #: where a report is asked for: the first findings as JSON has them, each with the index of its event
    reported: tuple[dict[str, Any], ...] = ()
    #: id of a pair -> its events, and those with a finding; and events of no pair
    pairs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    others: int = 0
    #: index of an event -> the blocks that show it
    specimens: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> str:
        """JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: object) -> Judged:
        """What `as_json` made."""
        members = json.loads(str(text))
        members["findings"] = tuple((id, level, count) for id, level, count in members["findings"])
        members["pairs"] = {pair: tuple(counts) for pair, counts in members["pairs"].items()}
        return cls(**members)


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

    def judged(self) -> Iterator[Judged]:
        """The events that it judged by itself."""
        return map(Judged.from_json, self.values(JUDGED))

    def results(self) -> list[Recorded]:
        """What a test of a suite recorded; one that did not come to that is an error, or was skipped."""
        # a run without suites does not need it
        from vpc_backup_events.suites.results import Recorded, SuiteTest

        recorded = list(map(Recorded.from_json, self.values(RESULT)))
        if recorded:
            return recorded
        is_error = self.outcome in ("failed", "error")
        message = f"the test could not begin: {self.crash}" if is_error else self.crash or "not run"
        status: Status = "errored" if is_error else "skipped"
        of = map(SuiteTest.from_json, self.values(SUITE))
        return [Recorded(test.suite, test.role, test.requirement, status, message=message) for test in of]


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
    """What the tests of suites recorded."""
    return [result for test in tests for result in test.results()]


def coverage(results: Collection[Recorded], profile: str) -> Coverage:
    """Of the requirements that the suites judge in the profile, also in tests that were not selected, how many ran."""
    from vpc_backup_events.reporting.coverage import EXERCISED, Coverage

    exercised = [result for result in results if result.status in EXERCISED]
    every = _judged(results, profile)
    judged = every & {(result.suite, result.requirement) for result in exercised}
    return Coverage(len(judged), len(every), sum(result.cases for result in exercised))


def left_out(results: Collection[Recorded], profile: str) -> Counter[str]:
    """Of each suite: how many requirements that it judges in the profile were in no test of the run."""
    rest = _judged(results, profile) - {(result.suite, result.requirement) for result in results}
    return Counter(suite for suite, _ in rest)


def _judged(results: Collection[Recorded], profile: str) -> set[tuple[str, str]]:
    """Suite and requirement of all that the suites have tests for, as far as the profile judges it."""
    if not results:
        return set()
    # a run without results does not need it
    from vpc_backup_events.trials.run import TRIALS

    judged = {(result.suite, result.requirement) for result in results}
    for suite, role in {(result.suite, result.role) for result in results}:
        judged |= {(suite, trial.requirement.id) for trial in TRIALS.get(role, ())}
    return {(suite, id) for suite, id in judged if catalog.requirements[id].profiles[profile] != "none"}
