"""What the tests of a run recorded in their user properties, which survive xdist."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.plugin.options import OUTCOMES
from vpc_backup_events.suites.settings import RESULT

if TYPE_CHECKING:
    from vpc_backup_events.reporting.coverage import Coverage

# the best first
STATUSES = ("passed", "reported", "warned", "not exercised", "skipped", "failed", "errored")
# what the section of the terminal summary says of reports and coverage
LINES = pytest.StashKey[list[str]]()


def tests_of(stats: Mapping[str, list[Any]]) -> tuple[dict[str, str], dict[str, list[tuple[str, object]]]]:
    """The outcome and the user properties of each test."""
    outcomes: dict[str, str] = {}
    properties: dict[str, list[tuple[str, object]]] = {}
    for outcome in OUTCOMES:
        for report in stats.get(outcome, ()):
            # collection errors have no properties
            if getattr(report, "user_properties", None):
                outcomes[report.nodeid] = outcome
                properties[report.nodeid] = report.user_properties
    return outcomes, properties


def results_of(properties: Mapping[str, list[tuple[str, object]]]) -> list[dict[str, Any]]:
    """What the tests of suites recorded."""
    return [json.loads(str(value)) for recorded in properties.values() for name, value in recorded if name == RESULT]


def coverage(results: Iterable[dict[str, Any]], profile: str) -> Coverage:
    """Of the requirements that the suites judge in the profile, also in tests that were not selected, how many ran."""
    from vpc_backup_events.reporting.coverage import EXERCISED, Coverage

    exercised: set[tuple[str, str]] = set()
    every: set[tuple[str, str]] = set()
    cases = 0
    for result in results:
        suite = result["suite"]
        every |= {(suite, id) for id in _judged_by(result.get("role", "")) or (result["requirement"],)}
        if result["status"] in EXERCISED:
            exercised.add((suite, result["requirement"]))
            cases += result.get("cases", 0)
    every = {(suite, id) for suite, id in every if catalog.requirements[id].profiles[profile] != "none"}
    return Coverage(len(exercised & every), len(every), cases)


def _judged_by(role: str) -> tuple[str, ...]:
    """The requirements that the suite of a role has tests for."""
    # a run without results does not need it
    from vpc_backup_events.trials.run import TRIALS

    return tuple(trial.requirement.id for trial in TRIALS.get(role, ()))
