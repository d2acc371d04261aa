"""The plugin, as other repositories use it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import vpc_backup_events
from helpers.pytest_runs import alone, run_pytest
from vpc_backup_events.spec.schemas import schemas

ROOT = str(Path(vpc_backup_events.__file__).parents[1])

EVENT = schemas()["urn:vpc-backup-events:schema:event:backup-volume-creation"]["examples"][0]

workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on tests that see the event as `EVENT`."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH")))))
    alone(monkeypatch)

    def run(tests, *arguments, ini="", process=False):
        pytester.makeini(f"[pytest]\n{ini}")
        pytester.makepyfile(f"import pytest\nEVENT = {EVENT!r}\nURGENT = {{**EVENT, 'ibmenseverity': ''}}\n{tests}")
        return run_pytest(pytester, "--strict-markers", *arguments, process=process)

    return run


def section(result):
    """The lines of the summary by requirement, without the heading."""
    lines = result.outlines
    start = next((number for number, line in enumerate(lines) if line.strip("= ") == "backup events"), None)
    if start is None:
        return []
    end = next(number for number in range(start, len(lines)) if "judged, " in lines[number])
    return [" ".join(line.split()) for line in lines[start + 1 : end + 1]]


def test_event_that_conforms(run):
    result = run("def test_it(check_backup_event):\n    assert check_backup_event(EVENT).ok")
    result.assert_outcomes(passed=1)
    assert section(result) == ["1 event judged, documented profile"]


def test_event_that_does_not_conform_fails_the_test_with_the_findings(run):
    result = run("def test_it(check_backup_event):\n    check_backup_event(URGENT)")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["The event does not conform.", "*event:0:/ibmenseverity P08-severity-text"])
    result.stdout.no_fnmatch_line("*_pytest_judge.py*")


def test_expect_ok_false_returns_the_report_and_counts_no_finding(run):
    result = run(
        "def test_it(check_backup_event):\n"
        "    report = check_backup_event(URGENT, expect_ok=False)\n"
        "    assert [each.requirement for each in report.findings] == ['P08-severity-text']"
    )
    result.assert_outcomes(passed=1)
    assert section(result) == ["1 event judged, documented profile"]


HIGH = "def test_it(check_backup_event):\n    check_backup_event({**EVENT, 'ibmenseverity': 'high'})"


@pytest.mark.parametrize(
    ("arguments", "ini", "failed"),
    [
        ((), "", 0),
        (("--backup-events-profile", "strict"), "", 1),
        ((), "backup_events_profile = strict", 1),
        (("--backup-events-profile", "documented"), "backup_events_profile = strict", 0),
        (("--backup-events-fail-on", "warning"), "", 1),
        ((), "backup_events_fail_on = warning", 1),
        (("--backup-events-fail-on", "error"), "backup_events_fail_on = warning", 0),
    ],
)
def test_options_and_ini_keys(run, arguments, ini, failed):
    run(HIGH, *arguments, ini=ini).assert_outcomes(failed=failed, passed=1 - failed)


def test_profile_of_one_call_wins(run):
    tests = HIGH.replace("'high'}", "'high'}, profile='strict'")
    run(tests).assert_outcomes(failed=1)


SEVERAL = """
@pytest.mark.backup_events("P08-severity-text")
@pytest.mark.parametrize("severity", ["medium", "high", "", " "])
def test_severity(check_backup_event, severity):
    check_backup_event({**EVENT, "ibmenseverity": severity})

@pytest.mark.backup_events("P08-severity-text", "P01-id")
def test_both(check_backup_event):
    pytest.skip("not today")

@pytest.mark.backup_events("P01-id")
@pytest.mark.parametrize("number", range(3))
def test_id(check_backup_event, number):
    for _ in range(number):
        check_backup_event(EVENT)

@pytest.mark.backup_events("P10-id-unique")
def test_error(no_such_fixture):
    pass

def test_unmarked():
    pass
"""


@workers
def test_summary_by_requirement(run, workers):
    result = run(SEVERAL, *workers)
    result.assert_outcomes(passed=6, failed=2, skipped=1, errors=1)
    assert section(result) == [
        "P01-id 3 passed, 1 skipped",
        "P08-severity-medium 1 warning",
        "P08-severity-text 2 passed, 1 skipped, 2 failed, 2 errors",
        "P10-id-unique 1 error",
        "7 events judged, documented profile",
    ]


@pytest.mark.representatives("one process")
@workers
def test_no_section_when_nothing_was_recorded(run, workers):
    result = run("def test_it():\n    pass", *workers)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*backup events*")


def test_no_section_for_tests_that_were_deselected(run):
    tests = "@pytest.mark.backup_events('P01-id')\ndef test_it():\n    pass\ndef test_other():\n    pass"
    assert section(run(tests, "-k", "test_other")) == []


@pytest.mark.representatives("one process")
@workers
def test_marker_with_an_unknown_requirement_is_a_usage_error(run, workers):
    result = run("@pytest.mark.backup_events('P08-severity-knwon')\ndef test_it():\n    pass", *workers)
    assert result.ret == (pytest.ExitCode.INTERRUPTED if workers else pytest.ExitCode.USAGE_ERROR)
    text = result.stdout.str() + result.stderr.str()
    assert "'P08-severity-knwon' is no requirement; the nearest are P08-severity-known" in text
    assert "INTERNALERROR" not in text


def test_marker_without_a_requirement_is_a_usage_error(run):
    result = run("@pytest.mark.backup_events\ndef test_it():\n    pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "names no requirement" in result.stdout.str() + result.stderr.str()


def test_marker_is_registered(run):
    result = run("", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.backup_events(requirement): *"])


MARKED = """
@pytest.mark.backup_events("P08-severity-text")
def test_it(check_backup_event):
    check_backup_event({})
"""
GAP = "P08-severity-text=upstream sends urgent"


@pytest.mark.representatives("one process")
@workers
def test_marked_test_of_a_known_gap_is_an_xfail(run, workers):
    tests = (
        "@pytest.mark.backup_events('P08-severity-text')\ndef test_it(check_backup_event):\n    check_backup_event({})"
    )
    result = run(tests.replace("{}", "URGENT"), "-rx", "--backup-events-known-gap", GAP, *workers)
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(["XFAIL *known gap P08-severity-text: upstream sends urgent*"])
    assert section(result)[0] == "P08-severity-text 1 xfailed, 1 error, known gap: upstream sends urgent"


def test_marked_test_of_a_known_gap_that_was_closed_fails(run):
    result = run(MARKED.format("EVENT"), "--backup-events-known-gap", GAP)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*XPASS(strict)*known gap P08-severity-text*"])


@pytest.mark.representatives("one process")
@workers
def test_event_that_breaks_only_known_gaps_is_an_xfail(run, workers):
    tests = "def test_it(check_backup_event):\n    check_backup_event(URGENT)\n    check_backup_event(EVENT)"
    result = run(
        tests,
        *workers,
        ini="backup_events_known_gaps =\n    P08-severity-text: upstream sends urgent\n    P01-id: none",
    )
    result.assert_outcomes(xfailed=1)
    assert section(result) == [
        "P01-id known gap, not met in this run: none",
        "P08-severity-text 1 error, known gap: upstream sends urgent",
        "2 events judged, documented profile",
    ]


def test_known_gap_hides_no_other_breach(run):
    tests = "def test_it(check_backup_event):\n    check_backup_event({**URGENT, 'id': ''})"
    result = run(tests, "--backup-events-known-gap", GAP)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*event:0:/id P01-id"])


def test_known_gap_hides_no_failed_assertion(run):
    tests = "def test_it(check_backup_event):\n    check_backup_event(URGENT)\n    assert 0"
    run(tests, "--backup-events-known-gap", GAP).assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("arguments", "ini", "message"),
    [
        (("--backup-events-known-gap", "P08-severity-knwon=x"), "", "the nearest are P08-severity-known"),
        (("--backup-events-known-gap", "P08-severity-text"), "", "write ID=REASON"),
        ((), "backup_events_known_gaps =\n    P08-severity-text", "write ID:REASON"),
        ((), "backup_events_profile = lax", "'lax' is none of documented, strict"),
        ((), "backup_events_fail_on = note", "'note' is none of error, warning"),
    ],
)
def test_settings_that_no_test_could_follow(run, arguments, ini, message):
    result = run("def test_it():\n    pass", *arguments, ini=ini)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()


def test_catalog_fixture(run):
    run("def test_it(backup_event_catalog):\n    assert 'P01-id' in backup_event_catalog.requirements").assert_outcomes(
        passed=1
    )


def test_results_are_in_junit(run, pytester):
    run(
        "@pytest.mark.backup_events('P01-id')\ndef test_it(check_backup_event):\n    check_backup_event(EVENT)",
        "--junitxml=out.xml",
    )
    text = (pytester.path / "out.xml").read_text()
    assert '<property name="backup_events_requirement" value="P01-id" />' in text


HEAVY = ("httpx", "hypothesis", "jsonschema", "jsonschema_rs", "orjson", "rich", "schemathesis")


def test_import_loads_nothing_heavy():
    code = "import sys, vpc_backup_events.plugin; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": ROOT}, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "vpc_backup_events.plugin" in loaded
    assert not {*HEAVY, "vpc_backup_events.catalog", "vpc_backup_events.checking.check"} & set(loaded)


def test_run_that_uses_nothing_loads_nothing_heavy(run):
    result = run(
        f"import sys\ndef test_it():\n    assert not {{*{HEAVY!r}, 'vpc_backup_events.catalog'}} & set(sys.modules)",
        process=True,
    )
    result.assert_outcomes(passed=1)
