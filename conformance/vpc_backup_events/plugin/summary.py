"""The section `backup events` of the terminal summary: tests and findings by requirement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from vpc_backup_events.plugin.gaps import declared
from vpc_backup_events.plugin.options import OUTCOMES
from vpc_backup_events.plugin.records import (
    LINES,
    REQUIREMENT,
    STATUSES,
    Test,
    coverage,
    left_out,
    results_of,
    tests_of,
)
from vpc_backup_events.suites.settings import SUITE, setting
from vpc_backup_events.values.levels import LEVELS, number

if TYPE_CHECKING:
    from vpc_backup_events.suites.results import Recorded

__all__ = ["write"]

KNOWN_GAP = "known gap"
# statuses of a requirement of a suite of which its verdict counts enough
_QUIET = ("passed", "not exercised", "skipped")
# lines of a note that are shown
_WORTH = ("  case:", "  finding:", "  fix:")
# statuses that are findings, as levels name them
_LEVEL_OF = {"warned": "warning", "reported": "note"}


def write(terminal: Any, config: pytest.Config) -> None:
    """Writes the section; the counts come from the reports, so that they are the same under xdist."""
    tests = tests_of(terminal.stats)
    profile = setting(config, "profile")
    results = results_of(tests)
    events = sum(judged.events for test in tests for judged in test.judged())
    reached = coverage(results, profile)
    lines = [*_table(tests, declared(config)), *_notes(results), *_verdicts(tests, left_out(results, profile), profile)]
    if reached.all:
        lines.append(str(reached))
    if events or not reached.all:
        lines.append(f"{number(events, 'event', '')} judged, {profile} profile")
    terminal.write_sep("=", "backup events")
    for line in (*lines, *config.stash.get(LINES, ())):
        terminal.write_line(line)


def _notes(results: Iterable[Recorded]) -> Iterator[str]:
    """What is worth a word, which no failure and no warning shows."""
    for result in results:
        if result.status == "reported":
            first, *lines = result.message.splitlines()
            yield f"NOTE {first}"
            yield from (line for line in lines if line.startswith(_WORTH))


def _verdicts(tests: Iterable[Test], not_run: Mapping[str, int], profile: str) -> Iterator[str]:
    """One line for each suite: what is known of its subject, and how many requirements came out how."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for test in tests:
        for result in test.results():
            counts[result.suite][KNOWN_GAP if test.outcome == "xfailed" else result.status] += 1
    for suite, by_status in counts.items():
        if by_status["failed"] or by_status["errored"] or by_status[KNOWN_GAP]:
            verdict = "not conforming"
        else:
            verdict = "partly judged" if by_status["skipped"] or not_run[suite] else "conforming"
        parts = [f"{by_status[status]} {status}" for status in (*STATUSES, KNOWN_GAP) if by_status[status]]
        if not_run[suite]:
            parts.append(f"{not_run[suite]} not run")
        yield f"{suite}: {verdict} ({profile} profile): {', '.join(parts)}"


def _table(tests: Iterable[Test], gaps: Mapping[str, str]) -> Iterator[str]:
    """A line for each requirement that a test names, or that was broken; of suites, only what is worth a look."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    findings: dict[str, Counter[str]] = defaultdict(Counter)
    quiet: set[str] = set()
    for test in tests:
        is_of_suite = any(test.values(SUITE))
        for result in test.results():
            if result.status in _QUIET:
                quiet.add(result.requirement)
            elif result.status in _LEVEL_OF:
                findings[result.requirement][_LEVEL_OF[result.status]] += 1
        for requirement in test.values(REQUIREMENT):
            # a test of a suite that passed with a warning is counted as the warning
            if not (is_of_suite and test.outcome == "passed" and requirement in findings):
                outcomes[requirement][test.outcome] += 1
        for judged in test.judged():
            for requirement, level, count in judged.findings:
                findings[requirement][level] += count
    for requirement in quiet:
        if not set(outcomes[requirement]) - {"passed", "skipped"} and requirement not in findings:
            del outcomes[requirement]
    rows = sorted({*outcomes, *findings, *gaps})
    width = max(map(len, rows), default=0)
    for requirement in rows:
        counted = outcomes.get(requirement, Counter())
        parts = [f"{counted[outcome]} {outcome}" for outcome in OUTCOMES if counted[outcome]]
        levels = findings.get(requirement, Counter())
        parts += [number(levels[level], level, "") for level in LEVELS if levels[level]]
        if requirement in gaps:
            label = "known gap" if parts else "known gap, not met in this run"
            parts.append(f"{label}: {gaps[requirement]}")
        yield f"{requirement.ljust(width)}  {', '.join(parts)}"
