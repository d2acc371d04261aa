"""Reports of a pytest run in the formats of the command line, and the coverage of requirements; works under xdist."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.plugin.gaps import JUDGED, declared
from vpc_backup_events.plugin.records import LINES, STATUSES, coverage, results_of, tests_of
from vpc_backup_events.suites.settings import setting
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.output import replacing
from vpc_backup_events.values.report import Finding, Profile, Report, Source

if TYPE_CHECKING:
    from vpc_backup_events.reporting.exhibits import Exhibit
    from vpc_backup_events.reporting.run import Run
    from vpc_backup_events.trials.report import SuiteReport


def configure(config: pytest.Config) -> None:
    """Refuses reports that can't be written, before the first test runs."""
    from vpc_backup_events.reporting import load, targets

    try:
        for format, _ in targets(config.getoption("backup_events_report"), "--backup-events-report"):
            load(format)
    except KitError as error:
        raise pytest.UsageError(str(error)) from None


def finish(session: pytest.Session) -> None:
    """Writes the reports, and fails the run where too few requirements were exercised."""
    config = session.config
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None:
        return
    _, properties = tests_of(terminal.stats)
    lines = config.stash.setdefault(LINES, [])
    lines += _write(config, properties)
    least = config.getoption("backup_events_fail_under")
    failed = any(line.startswith("ERROR") for line in lines)
    if least is not None:
        reached = coverage(results_of(properties), setting(config, "profile"))
        if reached.percent < least:
            why = f"{reached.percent:.1f} %" if reached.all else "no suite ran"
            lines.append(f"FAILED: --backup-events-fail-under {least:g}: {why}")
            failed = True
    if failed and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def run_of(config: pytest.Config, properties: Mapping[str, list[tuple[str, object]]]) -> Run:
    """Everything that the tests recorded, as one run."""
    from vpc_backup_events.reporting.command import CommandLine
    from vpc_backup_events.reporting.exhibits import blocks_of_json
    from vpc_backup_events.reporting.run import Run
    from vpc_backup_events.reporting.seen import Seen, add_pairs

    profile = cast(Profile, setting(config, "profile"))
    gaps = declared(config)
    results = results_of(properties)
    suites = tuple(_suites(results, profile, gaps))
    inputs: dict[str, int] = {}
    # of events, which pairs were judged, and where a report shows them the first with findings
    seen = Seen()
    emails = 0
    findings = [finding for suite in suites for finding in suite.report.findings]
    for node, recorded in properties.items():
        for name, value in recorded:
            if name == JUDGED:
                judged = json.loads(str(value))
                inputs[node] = judged["events"]
                emails += judged.get("emails", 0)
                add_pairs(seen.pairs, judged.get("pairs", {}))
                seen.others += judged.get("others", 0)
                findings += [
                    Finding(**{**each, "source": Source(node, **each["source"])})
                    for each in judged.get("found", ())
                    if each["requirement"] not in gaps
                ]
                for index, held in judged.get("shown", {}).items():
                    seen.texts[Source(node, index=int(index))] = blocks_of_json(held)
    events = sum(inputs.values()) or sum(len(suite.results) for suite in suites)
    words = ["pytest", *map(str, config.invocation_params.args)]
    report = Report(profile, tuple(findings), events, emails)
    shown = _exhibits(results, suites)
    return Run(report, inputs, verb="pytest", suites=suites, seen=seen, command=str(CommandLine(words)), exhibits=shown)


def _exhibits(
    results: Iterable[dict[str, Any]], suites: Iterable[SuiteReport]
) -> dict[tuple[str, str], tuple[Exhibit, ...]]:
    """By suite and requirement the events of the result that counts."""
    from vpc_backup_events.reporting.exhibits import Exhibit

    counts = {(suite.role, result.requirement.id): result.message for suite in suites for result in suite.results}
    return {
        (result["suite"], result["requirement"]): tuple(map(Exhibit.of_json, result["shown"]))
        for result in results
        if "shown" in result and counts[result["suite"], result["requirement"]] == result.get("message")
    }


def _suites(results: Iterable[dict[str, Any]], profile: Profile, gaps: Mapping[str, str]) -> Iterator[SuiteReport]:
    from vpc_backup_events.reporting.seen import add_pairs
    from vpc_backup_events.trials.report import SuiteReport
    from vpc_backup_events.trials.trial import Result

    # a suite whose fixtures are parametrised has several results for a requirement: the worst counts
    worst: dict[str, dict[str, dict[str, Any]]] = {}
    cases: Counter[tuple[str, str]] = Counter()
    # suite -> name of its events -> pair -> how many, and how many with findings
    counted: dict[str, dict[str, dict[str, tuple[int, int]]]] = {}
    for result in results:
        events = counted.setdefault(result["suite"], {}).setdefault(result.get("events", ""), {})
        for pair, (made, found) in result.get("pairs", {}).items():
            # made again by another worker, they are the same events
            events[pair] = max(events.get(pair, (0, 0)), (made, found))
        cases[result["suite"], result["requirement"]] += result.get("cases", 0)
        of_suite = worst.setdefault(result["suite"], {})
        before = of_suite.get(result["requirement"])
        if before is None or STATUSES.index(result["status"]) > STATUSES.index(before["status"]):
            of_suite[result["requirement"]] = result
    for suite, by_requirement in sorted(worst.items()):
        # in the order of the register, whichever worker was first
        results_made = tuple(
            Result(entry, by_requirement[id]["status"], by_requirement[id].get("message", ""), cases[suite, id])
            for id, entry in catalog.requirements.items()
            if id in by_requirement
        )
        pairs: dict[str, tuple[int, int]] = {}
        for events in counted[suite].values():
            add_pairs(pairs, events)
        yield SuiteReport(suite, profile, results_made, gaps, pairs=pairs)


def _write(config: pytest.Config, properties: Mapping[str, list[tuple[str, object]]]) -> Iterator[str]:
    asked = config.getoption("backup_events_report")
    if not asked:
        return
    from vpc_backup_events.reporting import render_run, targets

    run = run_of(config, dict(sorted(properties.items())))
    for format, file in targets(asked, "--backup-events-report"):
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
