"""`coverage`: several JSON reports as one."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from vpc_backup_events.reporting.coverage import Coverage, SavedReport, coverage, merge

IDS = ("P25-json", "P25-post", "P25-structured-charset")


def merged_of(*documents):
    return merge([SavedReport.from_json(name, document) for name, document in zip("ab", documents, strict=False)])


def report(*statuses, profile="documented", errors=(), cases=0):
    return {
        "ok": "failed" not in statuses,
        "profile": profile,
        "summary": {"events": len(statuses), "error": 0, "warning": 0, "note": 0, "requirements": {}},
        "findings": [],
        "verdict": "not conforming" if "failed" in statuses else "conforming",
        "errors": list(errors),
        "results": [
            {
                "requirement": id,
                "status": status,
                "message": "" if status == "passed" else f"it {status}",
                "cases": cases,
            }
            for id, status in zip(IDS, statuses, strict=False)
        ],
    }


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("skipped", "passed", "passed"),
        ("not exercised", "skipped", "skipped"),
        ("passed", "not exercised", "passed"),
        ("passed", "failed", "failed"),
        ("warned", "known gap", "known gap"),
        ("known gap", "failed", "failed"),
    ],
)
def test_what_one_run_exercised_is_exercised_and_the_worst_counts(one, other, status):
    for first, second in ((one, other), (other, one)):
        merged = merged_of(report(first), report(second))
        assert [standing.status for standing in merged.standings()] == [status]


def test_what_is_exercised():
    merged = merged_of(report("passed", "failed", "skipped"), report("skipped", "skipped", "not exercised"))
    assert coverage(merged) == Coverage(2, 3)
    assert str(coverage(merged)) == "requirements: 2 of 3 exercised"


def test_cases_add_up_over_the_reports(run, write):
    merged = merged_of(report("passed", "failed", cases=3), report("passed", cases=4))
    assert [result.cases for result in merged.results] == [7, 3]
    assert str(coverage(merged)) == "requirements: 2 of 2 exercised, by 10 cases"
    done = run("coverage", write("a.json", report("passed", cases=3)), write("b.json", report("passed", cases=4)))
    assert done.stdout.splitlines()[0] == f"{IDS[0]}  passed         7 cases"
    # reports that were written before cases were counted
    old = report("passed")
    del old["results"][0]["cases"]
    assert str(coverage(merged_of(old))) == "requirements: 1 of 1 exercised"


def test_reports_of_several_runs(run, write, tmp_path):
    write("reports/a.json", report("passed", "skipped", "skipped"))
    write("reports/b.json", report("skipped", "passed"))
    done = run("coverage", "reports", "--fail-under", "60", "--report", "junit=out.xml")
    assert done.returncode == 0
    assert "requirements: 2 of 3 exercised, 66.7 %" in done.stderr
    assert done.stdout.splitlines()[-1].startswith("2 reports: partly judged (documented profile): 2 passed, 1 skipped")
    assert ET.parse(tmp_path / "out.xml").getroot().get("skipped") == "1"
    assert run("coverage", "reports", "--fail-under", "70").returncode == 1


def test_a_broken_requirement_fails_and_says_where(run, write):
    paths = [write("a.json", report("passed")), write("b.json", report("failed"))]
    done = run("coverage", *paths)
    assert done.returncode == 1
    assert "b.json: it failed" in done.stdout


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "is no JSON"),
        ({"ok": True}, "is no report: 'profile' is a required property"),
        ({key: value for key, value in report().items() if key not in ("results", "verdict", "errors")}, "on events"),
    ],
)
def test_what_is_no_report_of_a_suite(run, write, content, why):
    done = run("coverage", write("a.json", content))
    assert done.returncode == 2
    assert why in done.stderr
    assert "hint: Name" in done.stderr


def test_reports_of_two_profiles_are_not_merged(run, write):
    done = run("coverage", write("a.json", report("passed")), write("b.json", report("passed", profile="strict")))
    assert done.returncode == 2
    assert "a.json is documented, b.json is strict" in done.stderr


def test_an_error_of_a_run_is_no_conformance(run, write):
    done = run("coverage", write("a.json", report("passed", errors=("it ended",))))
    assert done.returncode == 2
    assert "a.json: it ended" in done.stdout


def test_reports_of_test_are_read(run, tmp_path):
    program = Path(__file__).parents[2] / "examples" / "harness-python" / "producer.py"
    done = run("test", "producer", "--command", shlex.join([sys.executable, str(program)]), "--report", "json=out.json")
    assert done.returncode == 0
    done = run("coverage", "out.json", "--fail-under", "100", "--format", "json")
    assert done.returncode == 0
    results = json.loads((tmp_path / "out.json").read_text("utf-8"))["results"]
    assert [each["requirement"] for each in json.loads(done.stdout)["results"]] == [
        each["requirement"] for each in results
    ]
