"""The section `backup events` of the terminal summary: tests and findings by requirement."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from vpc_backup_events.plugin.gaps import JUDGED, REQUIREMENT, declared
from vpc_backup_events.plugin.options import OUTCOMES
from vpc_backup_events.plugin.records import LINES, STATUSES, coverage, results_of, tests_of
from vpc_backup_events.suites.settings import RESULT, setting
from vpc_backup_events.values.levels import LEVELS, number

KNOWN_GAP = "known gap"


def write(terminal: Any, config: pytest.Config) -> None:
    """Writes the section; the counts come from the reports, so that they are the same under xdist."""
    outcomes, properties = tests_of(terminal.stats)
    tests: dict[str, Counter[str]] = defaultdict(Counter)
    findings: dict[str, Counter[str]] = defaultdict(Counter)
    # a suite has a test for each requirement: of those, only what is amiss is listed
    well: set[str] = set()
    events = 0
    for node, recorded in properties.items():
        for name, value in recorded:
            if name == REQUIREMENT:
                tests[str(value)][outcomes[node]] += 1
            elif name == RESULT:
                result = json.loads(str(value))
                if result["status"] in ("passed", "not exercised", "skipped"):
                    well.add(result["requirement"])
            elif name == JUDGED:
                judged = json.loads(str(value))
                events += judged["events"]
                for requirement, level, count in judged["findings"]:
                    findings[requirement][level] += count
    terminal.write_sep("=", "backup events")
    for requirement in well:
        if not set(tests[requirement]) - {"passed", "skipped"} and requirement not in findings:
            del tests[requirement]
    for line in _table(tests, findings, declared(config)):
        terminal.write_line(line)
    for line in _verdicts(outcomes, properties, setting(config, "profile")):
        terminal.write_line(line)
    reached = coverage(results_of(properties), setting(config, "profile"))
    if reached.all:
        terminal.write_line(str(reached))
    terminal.write_line(f"{number(events, 'event', '')} judged, {setting(config, 'profile')} profile")
    for line in config.stash.get(LINES, ()):
        terminal.write_line(line)


def _verdicts(
    outcomes: Mapping[str, str], properties: Mapping[str, list[tuple[str, object]]], profile: str
) -> Iterator[str]:
    """One line for each suite: what is known of its subject, and how many requirements came out how."""
    suites: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for node, recorded in properties.items():
        for name, value in recorded:
            if name == RESULT:
                result = json.loads(str(value))
                status = KNOWN_GAP if outcomes[node] == "xfailed" else result["status"]
                suites[result["suite"]][status].append(result["requirement"])
    for suite, by_status in suites.items():
        if by_status["failed"] or by_status["errored"] or by_status[KNOWN_GAP]:
            verdict = "not conforming"
        else:
            verdict = "partly judged" if by_status["skipped"] else "conforming"
        counts = [f"{len(by_status[status])} {status}" for status in (*STATUSES, KNOWN_GAP) if by_status[status]]
        yield f"{suite}: {verdict} ({profile} profile): {', '.join(counts)}"


def _table(
    tests: Mapping[str, Counter[str]], findings: Mapping[str, Counter[str]], gaps: Mapping[str, str]
) -> Iterator[str]:
    rows = sorted({*tests, *findings, *gaps})
    width = max(map(len, rows), default=0)
    for requirement in rows:
        counted = tests.get(requirement, Counter())
        parts = [f"{counted[outcome]} {outcome}" for outcome in OUTCOMES if counted[outcome]]
        found = findings.get(requirement, Counter())
        parts += [number(found[level], level, "") for level in LEVELS if found[level]]
        if requirement in gaps:
            met = "known gap" if parts else "known gap, not met in this run"
            parts.append(f"{met}: {gaps[requirement]}")
        yield f"{requirement.ljust(width)}  {', '.join(parts)}"
