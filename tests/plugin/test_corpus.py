"""The fixture `backup_event_corpus` in another repository's tests."""

from __future__ import annotations

import pytest

from vpc_backup_events.making import corpus


def plugins(arguments):
    """Ours, and what the arguments need: others, installed by chance, take their time and load what they like."""
    return ("-p", "vpc_backup_events.plugin", *(("-p", "xdist.plugin") if "-n" in arguments else ()))


@pytest.fixture
def run(pytester, monkeypatch):
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(tests, *arguments):
        pytester.makepyfile(f"import pytest\n{tests}")
        return pytester.runpytest_subprocess(*plugins(arguments), "--strict-markers", *arguments, timeout=120)

    return run


def test_a_test_runs_once_for_each_case(run):
    result = run("def test_it(backup_event_corpus):\n    assert backup_event_corpus.expected")
    result.assert_outcomes(passed=sum(case.expected is not None for case in corpus.cases()))


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
