"""The suites as another repository uses them: outcomes, known gaps, levels, summary, and the same under xdist."""

from __future__ import annotations

import pytest

from helpers.pytest_runs import alone, run_pytest

PRODUCER = """
import pytest
from vpc_backup_events.reference import build_event
from vpc_backup_events.suites import ProducerSuite

def produce(scenario):
    event = build_event(scenario)
    event.update(CHANGES)
    return event

class TestMine(ProducerSuite):
    @pytest.fixture
    def producer(self):
        return produce
"""
CONSUMER = """
import pytest
from vpc_backup_events.reference import consumer_app
from vpc_backup_events.suites import ConsumerSuite

class TestMine(ConsumerSuite):
    @pytest.fixture
    def consumer(self):
        self.app = consumer_app()
        return self.app

    @pytest.fixture
    def observe(self, consumer):
        return lambda: consumer.interpretations
"""


@pytest.fixture
def run(pytester, monkeypatch):
    alone(monkeypatch)

    def run(tests, *arguments):
        pytester.makepyfile(tests)
        return run_pytest(pytester, "--strict-markers", *arguments)

    return run


def changed(**changes):
    return PRODUCER.replace("CHANGES", repr(changes))


def broken(result):
    """The tests that failed."""
    lines = [line.split()[1] for line in result.outlines if line.startswith("FAILED ")]
    return sorted(line.partition("::TestMine::")[2] for line in lines)


def test_a_producer_that_conforms(run):
    result = run(changed())
    assert result.ret == 0
    assert result.parseoutcomes().get("failed", 0) == 0
    result.stdout.fnmatch_lines(["*TestMine: conforming (documented profile)*"])
    # what is well is counted, not listed
    result.stdout.no_fnmatch_line("P01-id *")


@pytest.mark.representatives("one process")
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_breach_fails_the_test_of_its_requirement_and_the_failure_says_everything(run, workers):
    result = run(changed(time="yesterday"), *workers)
    assert broken(result) == ["test_requirement[P02-time-format]"]
    result.stdout.fnmatch_lines(
        [
            "P02-time-format: *",
            "*case: *(plain)",
            '*produced: {"specversion"*',
            '*finding:  /time: *"yesterday"*',
            "*fix: *",
            "doc: https://*",
            "reproduce: producer(Scenario(*",
            "*TestMine: not conforming (documented profile)*1 failed*",
        ]
    )


def test_a_requirement_is_chosen_by_name(run):
    result = run(changed(), "-k", "P08")
    assert result.parseoutcomes()["passed"] == 4
    result.stdout.fnmatch_lines(["*TestMine: partly judged*not run"])


@pytest.mark.exhaustive
def test_what_should_be_warns_and_fails_when_asked(run):
    mine = changed(ibmenseverity="MEDIUM")
    result = run(mine)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*BackupEventsWarning: P08-severity-medium*", "*TestMine: conforming*1 warned*"])
    assert broken(run(mine, "--backup-events-fail-on", "warning")) == ["test_requirement[P08-severity-medium]"]
    assert broken(run(mine, "--backup-events-profile", "strict")) == ["test_requirement[P08-severity-medium]"]


@pytest.mark.exhaustive
def test_a_known_gap_is_an_xfail_and_a_closed_one_fails(run):
    gap = ("--backup-events-known-gap", "P02-time-format=ticket 7")
    result = run(changed(time="yesterday"), *gap)
    assert result.ret == 0
    assert result.parseoutcomes()["xfailed"] == 1
    result.stdout.fnmatch_lines(["*TestMine: not conforming*1 known gap*"])
    assert broken(run(changed(), *gap)) == ["test_requirement[P02-time-format]"]


def test_a_producer_that_raises_is_told_once(run):
    result = run(changed().replace("event = build_event(scenario)", "raise RuntimeError('no database')"))
    assert broken(result) == ["test_requirement[P16-every-pair]"]
    assert "errors" not in result.parseoutcomes()
    result.stdout.fnmatch_lines(["*the producer raised RuntimeError: no database*", "*TestMine: not conforming*"])


@pytest.mark.exhaustive
def test_a_breach_that_only_some_scenario_shows_is_found_by_hypothesis(run):
    pytest.importorskip("hypothesis")
    mine = changed().replace(
        "event.update(CHANGES)".replace("CHANGES", "{}"),
        "event['time'] = 'later' if scenario.time.endswith('13Z') else scenario.time",
    )
    result = run(mine, "-p", "_hypothesis_pytestplugin", "--hypothesis-seed=1")
    assert set(broken(result)) <= {"test_any_scenario", "test_requirement[P02-time-format]"}


@pytest.mark.representatives("one process")
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_consumer_that_is_made_anew_for_each_test_conforms(run, workers):
    result = run(CONSUMER, *workers)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*TestMine: conforming (documented profile)*"])


@pytest.mark.exhaustive
def test_a_conforming_event_that_is_refused_is_found_by_hypothesis(run):
    pytest.importorskip("hypothesis")
    mine = CONSUMER.replace(
        "self.app = consumer_app()",
        "self.app = consumer_app(); receive = self.app.receive\n"
        "        self.app.receive = lambda method, headers, body: (\n"
        "            400 if b'dataschema' in body or any(b'dataschema' in n for n, _ in headers) else\n"
        "            receive(method, headers, body))",
    )
    assert set(broken(run(mine))) <= {"test_any_delivery", "test_requirement[P25-unknown-attributes]"}
    assert broken(run(mine))


@pytest.mark.exhaustive
def test_without_observe_the_summary_says_what_was_not_judged(run):
    result = run(CONSUMER.partition("    @pytest.fixture\n    def observe")[0])
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*TestMine: partly judged*skipped*"])


@pytest.mark.parametrize(("suite", "fixture"), [("ProducerSuite", "producer"), ("ConsumerSuite", "consumer")])
def test_a_suite_without_its_fixture_says_so(run, suite, fixture):
    result = run(
        f"from vpc_backup_events.suites import {suite}\nclass TestMine({suite}):\n    pass", "-k", "P01 or P25"
    )
    result.stdout.fnmatch_lines([f"*Override the fixture `{fixture}`*"])
    assert "passed" not in result.parseoutcomes()


def test_the_client_suite(run):
    pytest.importorskip("uvicorn")
    result = run(
        "import json, urllib.request\n"
        "import pytest\n"
        "from vpc_backup_events.suites import ClientSuite\n\n"
        "def register(base_url, token, instance_id, source, instance_crn):\n"
        "    body = dict(name='n', enabled='yes', source=source, event_notifications_instance_crn=instance_crn)\n"
        "    headers = {'Authorization': f'Bearer {token}', 'Content-Type': 'application/json'}\n"
        "    url = f'{base_url}/v1/instances/{instance_id}/sources'\n"
        "    urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)).close()\n\n"
        "class TestMine(ClientSuite):\n"
        "    @pytest.fixture\n"
        "    def register(self):\n"
        "        return register\n"
    )
    assert broken(result) == ["test_requirement[P31-enabled]"]


def test_a_suite_that_is_a_testcase_too_is_told_how_to_be_written(run):
    result = run(
        "import unittest\n"
        "from vpc_backup_events.suites import ProducerSuite\n\n"
        "class TestMine(ProducerSuite, unittest.TestCase):\n"
        "    pass\n"
    )
    assert result.ret == 2
    result.stdout.fnmatch_lines(["*TestMine is a unittest.TestCase and a ProducerSuite, and pytest gives*"])
    result.stdout.no_fnmatch_line("*Traceback*")
