"""The fixture `backup_event_corpus` in another repository's tests."""

from __future__ import annotations

import pytest

from helpers.pytest_runs import alone, run_pytest
from vpc_backup_events.making import corpus


@pytest.fixture
def run(pytester, monkeypatch):
    alone(monkeypatch)

    def run(tests, *arguments):
        pytester.makepyfile(f"import pytest\n{tests}")
        return run_pytest(pytester, "--strict-markers", *arguments)

    return run


def test_a_test_runs_once_for_each_case(run):
    result = run("def test_it(backup_event_corpus):\n    assert backup_event_corpus.expected")
    result.assert_outcomes(passed=sum(case.expected is not None for case in corpus.cases()))


@pytest.mark.representatives("one process")
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_marker_selects(run, workers):
    result = run(
        "@pytest.mark.backup_event_corpus(verdict='invalid', requirement='P16-code-known')\n"
        "def test_it(backup_event_corpus, check_backup_event):\n"
        "    report = check_backup_event(backup_event_corpus.event, expect_ok=False)\n"
        "    assert {f.requirement for f in report.findings} == {'P16-code-known'}",
        "-v",
        *workers,
    )
    result.assert_outcomes(passed=len(corpus.select(verdict="invalid", requirement="P16-code-known")))
    result.stdout.fnmatch_lines(["*P16-code-known/invented.json*"])


def test_the_profile_of_the_run_decides(run):
    result = run(
        "@pytest.mark.backup_event_corpus(verdict='valid')\n"
        "def test_it(backup_event_corpus, check_backup_event):\n"
        "    check_backup_event(backup_event_corpus.event)",
        "--backup-events-profile",
        "strict",
        "-k",
        "not batch",
    )
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] == len(corpus.select(profile="strict", verdict="valid"))


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("kind='song'", "*The corpus has no case with kind='song'.*"),
        ("'invalid'", "*takes keywords only*"),
        ("colour='blue'", "*colour*"),
    ],
)
def test_a_marker_that_can_not_be_followed(run, marker, message):
    result = run(f"@pytest.mark.backup_event_corpus({marker})\ndef test_it(backup_event_corpus):\n    pass")
    assert result.ret != 0
    result.stdout.fnmatch_lines([message])
    result.stdout.no_fnmatch_line("*Traceback*")
