"""The pytest plugin, as another repository uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import vpc_backup_events
from vpc_backup_events import catalog
from vpc_backup_events.schemas import schemas

EVENT = schemas()["urn:vpc-backup-events:schema:event:backup-volume-creation"]["examples"][0]
LOUD = {**EVENT, "ibmenseverity": "urgent"}
HEAVY = ("hypothesis", "schemathesis", "jsonschema", "jsonschema_rs", "httpx", "rich", "orjson")


@pytest.fixture
def judged(pytester, monkeypatch):
    """Runs tests that judge events, with the plugin, in a process of its own."""
    monkeypatch.setenv("PYTHONPATH", str(Path(vpc_backup_events.__file__).parents[1]))

    def run(body: str, *options: str):
        pytester.makepyfile(f"import pytest\nEVENT = {EVENT!r}\nLOUD = {LOUD!r}\n\n{body}")
        installed = any(point.name == "vpc_backup_events" for point in entry_points(group="pytest11"))
        plugin = [] if installed else ["-p", "vpc_backup_events.plugin"]
        return pytester.runpytest_subprocess(*plugin, "-ra", *options)

    return run


def test_the_plugin_imports_nothing_heavy():
    code = f"import sys, vpc_backup_events.plugin; print([m for m in {HEAVY!r} if m in sys.modules])"
    root = str(Path(vpc_backup_events.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": root}, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_event_that_conforms_passes_and_one_that_does_not_fails_with_the_finding(judged):
    result = judged(
        "def test_good(check_backup_event):\n    assert check_backup_event(EVENT).ok\n\n"
        "def test_bad(check_backup_event):\n    check_backup_event(LOUD)\n"
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*P08-severity-known*", "*2 events judged, documented profile*"])


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_the_summary_by_requirement_is_the_same_under_xdist(judged, workers):
    result = judged(
        "@pytest.mark.backup_events('P08-severity-known')\n"
        "def test_marked(check_backup_event):\n    assert not check_backup_event(LOUD, expect_ok=False).ok\n\n"
        "def test_bad(check_backup_event):\n    check_backup_event(LOUD)\n",
        *workers,
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*= backup events =*", "P08-severity-known  1 passed, 1 error", "2 events judged*"])


def test_a_known_gap_shows_as_xfail_with_its_reason(judged):
    result = judged(
        "def test_bad(check_backup_event):\n    check_backup_event(LOUD)\n",
        "--backup-events-known-gap",
        "P08-severity-known=legacy scale",
    )
    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(["*known gap P08-severity-known: legacy scale*"])


def test_an_unknown_requirement_is_a_usage_error_that_names_the_nearest(judged):
    result = judged("@pytest.mark.backup_events('P08-severity-knwon')\ndef test_it():\n    pass\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "P08-severity-known" in result.stderr.str() + result.stdout.str()


def test_the_profile_comes_from_the_option_or_the_ini(judged, pytester):
    body = "def test_it(check_backup_event):\n    check_backup_event({**EVENT, 'ibmenseverity': 'high'})\n"
    judged(body).assert_outcomes(passed=1)
    judged(body, "--backup-events-profile", "strict").assert_outcomes(failed=1)
    pytester.makeini("[pytest]\nbackup_events_profile = strict\n")
    judged(body).assert_outcomes(failed=1)


def test_the_catalog_fixture(backup_event_catalog):
    assert backup_event_catalog is catalog
    assert json.dumps(list(backup_event_catalog.event_types)) == json.dumps(list(catalog.event_types))
