"""Reports of a pytest run, and the coverage of requirements."""

from __future__ import annotations

import json
import os
import re
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from helpers.pytest_runs import alone, run_pytest
from vpc_backup_events import catalog
from vpc_backup_events.plugin.report import coverage
from vpc_backup_events.reference import build_event
from vpc_backup_events.reporting import FORMATS
from vpc_backup_events.reporting.coverage import Coverage
from vpc_backup_events.suites.results import Recorded
from vpc_backup_events.trials.producer import PRODUCER, scenarios
from vpc_backup_events.trials.producer.scenarios import concurrent, next_jobs
from vpc_backup_events.values.data import data_root

ROOT = os.path.dirname(os.path.dirname(pytest.importorskip("vpc_backup_events").__file__))


def first_scenario():
    return next(scenarios())[1]


workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])

TESTS = """
import pytest
from vpc_backup_events.reference import build_event
from vpc_backup_events.suites import ProducerSuite


class TestMine(ProducerSuite):
    @pytest.fixture
    def producer(self):
        return lambda scenario: {**build_event(scenario), "ibmenseverity": ""}


def test_event(check_backup_event):
    check_backup_event({"specversion": "1.0", "id": "<script>"})


def test_unrelated():
    pass
"""
SUITE = "test_mine.py::TestMine"
# scenarios that each requirement of a producer is judged by
CASES = sum(len(list(made())) for made in (scenarios, concurrent, next_jobs))
REQUIREMENTS = [trial.requirement for trial in PRODUCER]


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH")))))
    alone(monkeypatch)

    def run(*arguments, tests=TESTS):
        pytester.makepyfile(test_mine=tests)
        return run_pytest(pytester, *arguments)

    return run


def validator():
    return Draft202012Validator(json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes()))


@pytest.mark.representatives("one process")
@workers
def test_every_format_is_written(run, pytester, workers):
    asked = [f"--backup-events-report={format}=out/report.{format}" for format in FORMATS]
    result = run(*asked, *workers, "-k", "not test_varied")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"the {format} report is in out/report.{format}" for format in FORMATS])
    document = json.loads((pytester.path / "out" / "report.json").read_text("utf-8"))
    validator().validate(document)
    assert document["ok"] is False
    assert document["verdict"] == "not conforming"
    assert {each["suite"] for each in document["results"]} == {SUITE}
    assert [each["requirement"] for each in document["results"]] == [each.id for each in REQUIREMENTS]
    failed = {each["requirement"] for each in document["results"] if each["status"] == "failed"}
    assert failed == {"P08-severity-text"}
    assert all(each["message"] for each in document["results"] if each["status"] == "failed")
    of_event = {each["source"]["file"] for each in document["findings"] if each["source"]}
    assert of_event == {"test_mine.py::test_event"}
    root = ET.parse(pytester.path / "out" / "report.junit").getroot()
    assert [suite.get("name") for suite in root] == [SUITE, "pytest"]
    page = (pytester.path / "out" / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "--backup-events-report=html=out/report.html" in page


@pytest.mark.exhaustive
def test_reports_have_the_same_results_whatever_the_workers(run, pytester):
    found = []
    for arguments in ((), ("-n", "2")):
        run("--backup-events-report=sarif=out.sarif", *arguments, "-k", "requirement or event")
        (one,) = json.loads((pytester.path / "out.sarif").read_text("utf-8"))["runs"]
        # the events have new ids in each run
        found.append([{**result, "message": ""} for result in one["results"]])
        not_judged = [each for each in REQUIREMENTS if each.profiles["documented"] == "none"]
        assert len(one["invocations"][0]["toolExecutionNotifications"]) == len(not_judged)
    assert found[0] == found[1]
    assert len(found[0]) == 9


def test_a_known_gap_is_none_of_the_findings(run, pytester):
    result = run(
        "--backup-events-report=json=out.json",
        "--backup-events-known-gap=P08-severity-text=not yet",
        "-k",
        "requirement",
    )
    assert result.ret == 0
    document = json.loads((pytester.path / "out.json").read_text("utf-8"))
    assert document["ok"] is True
    (gap,) = [each for each in document["results"] if each["status"] == "known gap"]
    assert gap["requirement"] == "P08-severity-text"


@pytest.mark.representatives("one process")
@workers
def test_coverage_is_told_and_demanded(run, workers):
    judged = [each for each in REQUIREMENTS if each.profiles["documented"] != "none"]
    whole = f"requirements: {len(judged)} of {len(judged)} exercised, by {CASES * len(judged):,} cases"
    result = run(
        "--backup-events-fail-under=100",
        "--backup-events-known-gap=P08-severity-text=x",
        "-k",
        "requirement",
        *workers,
    )
    assert result.ret == 0
    result.stdout.fnmatch_lines([whole])


def test_tests_that_are_not_selected_are_not_exercised(run):
    result = run("--backup-events-fail-under=50", "-k", "requirement and P01-id")
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"requirements: 1 of * exercised, by {CASES} cases"])
    result.stdout.fnmatch_lines(["FAILED: --backup-events-fail-under 50: 1.* %"])


def test_a_run_without_a_suite_covers_nothing(run):
    result = run("--backup-events-fail-under=1", "-k", "unrelated")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAILED: --backup-events-fail-under 1: no suite ran"])


@pytest.mark.parametrize(("text", "why"), [("xml=a", "'xml' is no format"), ("json", "names no file")])
def test_a_report_that_can_not_be_is_a_usage_error(run, text, why):
    result = run(f"--backup-events-report={text}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{why}*"])


def test_a_file_that_can_not_be_written_fails_the_run(run):
    result = run("--backup-events-report=json=test_mine.py/x.json", "-k", "unrelated")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["ERROR: the json report was not written: test_mine.py/x.json: *"])


def test_nothing_is_recorded_that_no_report_asks_for(run, pytester):
    run("--junitxml=own.xml", "-k", "event")
    assert "It is not" not in (pytester.path / "own.xml").read_text("utf-8").partition("<failure")[0]
    assert "It is not" not in (pytester.path / "own.xml").read_text("utf-8")


def test_each_suite_counts_for_itself():
    def of(suite, status, id="P01-id"):
        return Recorded(suite, "", id, status)

    assert coverage([of("a", "passed"), of("b", "skipped")], "documented") == Coverage(1, 2)
    assert coverage([of("a", "failed"), of("a", "skipped")], "documented") == Coverage(1, 1)
    assert coverage([], "documented").percent == 0


MATRIX = """
import pytest
from vpc_backup_events.reference import build_event, consumer_app
from vpc_backup_events.suites import ConsumerSuite, ProducerSuite

app = consumer_app()


class TestProducer(ProducerSuite):
    @pytest.fixture
    def producer(self):
        return build_event


class TestConsumer(ConsumerSuite):
    @pytest.fixture
    def consumer(self):
        return app


def test_broken(check_backup_event):
    check_backup_event({"specversion": "1.0"}, expect_ok=False)
"""
CELL = r'<td class="(\w+)" data-of="([\w-]+)">(?:(\d+) events?)?(, \d+ with findings)?'


def cells(pytester):
    """The cells of the matrix in a report: look, event type, number of events, those with findings."""
    page = (pytester.path / "out.html").read_text("utf-8")
    return [each for each in re.findall(CELL, page) if each[0] != "none"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("only", ["TestProducer", "TestConsumer"])
def test_the_matrix_is_the_same_whatever_the_workers(run, pytester, only):
    found = []
    for workers in ((), ("-n", "2")):
        asked = ("--backup-events-report=html=out.html", "-k", f"{only} and test_requirement")
        assert run(*asked, *workers, tests=MATRIX).ret == 0
        found.append(cells(pytester))
    assert len(found[0]) == len(catalog.pairs)
    assert {look for look, *_ in found[0]} == {"ok"}
    if only == "TestProducer":
        # each worker made the same events
        assert found[0] == found[1]
    else:
        assert all(int(events) >= 3 for _, _, events, _ in [*found[0], *found[1]])


def test_the_matrix_of_events_that_tests_judge(run, pytester):
    tests = f"""
EVENT = {dict(build_event(first_scenario()))!r}

def test_good(check_backup_event):
    check_backup_event(EVENT)

def test_bad(check_backup_event):
    check_backup_event({{**EVENT, "ibmenseverity": ""}})

def test_expected(check_backup_event):
    check_backup_event({{"specversion": "1.0"}}, expect_ok=False)
"""
    assert run("--backup-events-report=html=out.html", tests=tests).ret == 1
    seen = [each for each in cells(pytester) if each[2]]
    assert seen == [("warning", "backup-volume-creation", "2", ", 1 with findings")]
    assert "of none of these" not in (pytester.path / "out.html").read_text("utf-8")
    # nothing is known of pairs: there is no table
    assert run("--backup-events-report=html=out.html", "-k", "expected", tests=tests).ret == 0
    assert 'id="matrix"' not in (pytester.path / "out.html").read_text("utf-8")


def test_requirements_of_emails_are_listed_where_a_test_judged_one(run, pytester):
    tests = f"""
def test_event(check_backup_event):
    check_backup_event({dict(build_event(first_scenario()))!r})

def test_email(check_backup_event):
    check_backup_event({(data_root("fixtures") / "emails" / "R01.txt").read_bytes()!r})
"""
    listed = []
    for only in ("event", "event or email"):
        assert run("--backup-events-report=sarif=out.sarif", "-k", only, tests=tests).ret == 0
        (one,) = json.loads((pytester.path / "out.sarif").read_text("utf-8"))["runs"]
        listed.append({rule["id"] for rule in one["tool"]["driver"]["rules"]})
    assert listed[1] - listed[0] == {
        each.id
        for each in catalog.requirements.values()
        if each.check == "email" and each.status == "checked" and each.profiles["documented"] != "none"
    }


EMAILS = """
import pytest

from vpc_backup_events.suites import EmailSuite


class TestMyEmails(EmailSuite):
    @pytest.fixture
    def email(self):
        return lambda scenario: "Subject: x\\n\\ny"
"""


def test_an_email_suite_that_ran_in_part_is_not_covered(run):
    result = run("-k", "P21-readable", "--backup-events-fail-under=100", tests=EMAILS)
    assert result.ret == 1
    lines = [r"requirements: 1 of (?!1\b)\d+ exercised", "FAILED: --backup-events-fail-under 100"]
    result.stdout.re_match_lines(lines)


def test_a_suite_whose_fixture_raises_does_not_conform_in_any_report(run, pytester):
    run(
        "--backup-events-report=json=out.json",
        "--backup-events-report=junit=out.xml",
        tests=TESTS.replace("return lambda", "raise OSError('no database')\n        return lambda"),
    )
    report = json.loads((pytester.path / "out.json").read_text("utf-8"))
    assert (report["ok"], report["verdict"]) == (False, "not conforming")
    assert {each["status"] for each in report["results"]} == {"errored"}
    assert all("OSError: no database" in each["message"] for each in report["results"])
    assert "no database" in (pytester.path / "out.xml").read_text("utf-8")


RERUN = """
import pytest
from vpc_backup_events.reference import build_event
from vpc_backup_events.suites import ProducerSuite

asked = []

class TestMine(ProducerSuite):
    @pytest.fixture(params=["one"])
    def producer(self, request):
        asked.append(request.node.name)
        if asked.count(request.node.name) == 1:
            raise OSError("not yet")
        return build_event
"""


def test_of_a_test_that_is_run_again_the_last_run_counts(run, pytester):
    pytest.importorskip("pytest_rerunfailures")
    run("-p", "pytest_rerunfailures", "--reruns=1", "--backup-events-report=json=out.json", tests=RERUN)
    report = json.loads((pytester.path / "out.json").read_text("utf-8"))
    assert (report["ok"], report["verdict"]) == (True, "conforming")
    assert {each["status"] for each in report["results"]} <= {"passed", "not exercised"}
