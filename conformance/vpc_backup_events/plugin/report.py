"""Reports of a pytest run in the formats of the command line, and the coverage of requirements; works under xdist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.plugin.gaps import declared
from vpc_backup_events.plugin.records import LINES, STATUSES, Test, coverage, left_out, results_of, tests_of
from vpc_backup_events.reporting import load, render_run, targets
from vpc_backup_events.reporting.command import CommandLine
from vpc_backup_events.reporting.coverage import worst_of
from vpc_backup_events.reporting.display import Display
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.reporting.specimens import Specimen, blocks_of_json
from vpc_backup_events.suites.results import Recorded
from vpc_backup_events.suites.settings import setting
from vpc_backup_events.trials.pairs import add_pairs
from vpc_backup_events.trials.report import SuiteReport
from vpc_backup_events.trials.trial import Result
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.output import replacing
from vpc_backup_events.values.report import Finding, Profile, Report, Source

__all__ = ["configure", "finish", "run_of"]


def configure(config: pytest.Config) -> None:
    """Refuses reports that can't be written, before the first test runs."""
    try:
        for format, _ in _targets(config):
            load(format)
    except KitError as error:
        raise pytest.UsageError(str(error)) from None


def _targets(config: pytest.Config) -> list[tuple[str, str]]:
    return targets(config.getoption("backup_events_report"), "--backup-events-report")


def finish(session: pytest.Session) -> None:
    """Writes the reports, and fails the run where too few requirements were exercised."""
    config = session.config
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None:
        return
    tests = tests_of(terminal.stats)
    lines = config.stash.setdefault(LINES, [])
    lines += _write(config, tests)
    least = config.getoption("backup_events_fail_under")
    is_failure = any(line.startswith("ERROR") for line in lines)
    if least is not None:
        reached = coverage(results_of(tests), setting(config, "profile"))
        if reached.percent < least:
            why = f"{reached.percent:.1f} %" if reached.all else "no suite ran"
            lines.append(f"FAILED: --backup-events-fail-under {least:g}: {why}")
            is_failure = True
    if is_failure and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def run_of(config: pytest.Config, tests: Iterable[Test]) -> Run:
    """Everything that the tests recorded, as one run."""
    profile = cast(Profile, setting(config, "profile"))
    gaps = declared(config)
    ordered = sorted(tests, key=lambda test: test.node)
    results = results_of(ordered)
    suites = tuple(_suites(results, profile, gaps))
    inputs: dict[str, int] = {}
    # of events, which pairs were judged, and where a report shows them the first with findings
    display = Display()
    emails = 0
    findings = [finding for suite in suites for finding in suite.report.findings]
    for test in ordered:
        for counts in test.judged():
            inputs[test.node] = counts.events
            emails += counts.emails
            add_pairs(display.pairs, counts.pairs)
            display.others += counts.others
            findings += [_located(finding, test.node) for finding in counts.reported]
            for index, blocks in counts.specimens.items():
                display.texts[Source(test.node, index=int(index))] = blocks_of_json(blocks)
    findings = [finding for finding in findings if finding.source is None or finding.requirement not in gaps]
    events = sum(inputs.values()) or sum(len(suite.results) for suite in suites)
    words = ["pytest", *map(str, config.invocation_params.args)]
    report = Report(profile, tuple(findings), events, emails)
    specimens = _specimens(results, suites)
    command = str(CommandLine(words))
    return Run(report, inputs, verb="pytest", suites=suites, display=display, command=command, specimens=specimens)


def _located(members: Mapping[str, Any], node: str) -> Finding:
    """A finding that a test recorded, in that test."""
    return Finding(**{**members, "source": Source(node, **members["source"])})


def _specimens(
    results: Iterable[Recorded], suites: Iterable[SuiteReport]
) -> dict[tuple[str, str], tuple[Specimen, ...]]:
    """By suite and requirement the events of the result that counts."""
    messages = {(suite.role, result.requirement.id): result.message for suite in suites for result in suite.results}
    return {
        (result.suite, result.requirement): tuple(map(Specimen.of_json, result.specimens))
        for result in results
        if result.specimens and messages[result.suite, result.requirement] == result.message
    }


def _suites(results: Collection[Recorded], profile: Profile, gaps: Mapping[str, str]) -> Iterator[SuiteReport]:
    """A report for each suite; of a requirement with several results, as parametrised fixtures give, the worst."""
    by_suite = attrgetter("suite")
    not_run = left_out(results, profile)
    for suite, recorded in groupby(sorted(results, key=by_suite), by_suite):
        results_of_suite: list[Result] = []
        # name of the events -> pair -> how many, and how many with findings
        counts: dict[str, dict[str, tuple[int, int]]] = {}
        for result in recorded:
            entry = catalog.requirements[result.requirement]
            results_of_suite.append(Result(entry, result.status, result.message, result.cases, whole=result.whole))
            events = counts.setdefault(result.events, {})
            for pair, count in result.pairs.items():
                # made again by another worker, they are the same events
                events[pair] = max(events.get(pair, (0, 0)), count)
        pairs: dict[str, tuple[int, int]] = {}
        for events in counts.values():
            add_pairs(pairs, events)
        # in the order of the register, whichever worker was first
        in_order = tuple(worst_of(results_of_suite, STATUSES))
        yield SuiteReport(suite, profile, in_order, gaps, pairs=pairs, left_out=not_run[suite])


def _write(config: pytest.Config, tests: Iterable[Test]) -> Iterator[str]:
    asked = _targets(config)
    if not asked:
        return
    run = run_of(config, tests)
    for format, file in asked:
        path = Path(file)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = render_run(run, format)
            with replacing(path) as output:
                output.write(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            yield f"ERROR: the {format} report was not written: {file}: {error.strerror or error}"
        else:
            yield f"the {format} report is in {file}"
