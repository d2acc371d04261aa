"""The suites as another repository uses them: outcomes, known gaps, levels, summary, and the same under xdist."""

from __future__ import annotations

import pytest

from helpers.pytest_runs import alone, run_pytest
from vpc_backup_events.suites import search

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


# that no scenario of the trials has, and some of chance
SECONDS = "scenario.time[17:19] in ('25', '26', '29')"
# a value that no event of the trials has, and some of chance
SCHEMA = "b'schema#v1' in body or any(b'schema#v1' in value for _, value in headers)"


def of_some_scenarios(condition):
    """A producer whose times are wrong under a condition."""
    return PRODUCER.replace("event.update(CHANGES)", f"event['time'] = 'later' if {condition} else scenario.time")


def test_a_breach_that_only_some_scenario_shows_is_found(run):
    result = run(of_some_scenarios(SECONDS))
    assert broken(result) == ["test_any_scenario"]
    # Hypothesis has made the rest of it as plain as it can be
    result.stdout.fnmatch_lines(["*P02-time-format:*", "*time='2024-01-01T00:00:2[569]Z'*"])


def test_without_hypothesis_it_is_found_too(run, monkeypatch):
    monkeypatch.setattr(search, "find_spec", lambda name: None)
    result = run(of_some_scenarios(SECONDS))
    assert broken(result) == ["test_any_scenario"]
    result.stdout.fnmatch_lines(["*P02-time-format:*"])
    result.stdout.no_fnmatch_line("*T00:00:2[569]Z*")


@pytest.mark.representatives("one process")
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_consumer_that_is_made_anew_for_each_test_conforms(run, workers):
    result = run(CONSUMER, *workers)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*TestMine: conforming (documented profile)*"])


def test_a_conforming_event_that_is_refused_is_found(run):
    mine = CONSUMER.replace(
        "self.app = consumer_app()",
        "self.app = consumer_app(); receive = self.app.receive\n"
        "        self.app.receive = lambda method, headers, body: (\n"
        f"            400 if {SCHEMA} else\n"
        "            receive(method, headers, body))",
    )
    result = run(mine)
    assert broken(result) == ["test_any_delivery"]
    result.stdout.fnmatch_lines(["*a conforming event was answered 400, *", "*'2024-01-01T00:00:00Z'*"])


def test_a_refusal_that_does_not_come_again_is_told_as_it_was(run):
    mine = CONSUMER.replace(
        "self.app = consumer_app()",
        "self.app = consumer_app(); receive = self.app.receive; left = [400]\n"
        f"        self.app.receive = lambda method, headers, body: (\n"
        f"            left.pop() if left and ({SCHEMA}) else receive(method, headers, body))",
    )
    result = run(mine)
    assert broken(result) == ["test_any_delivery"]
    result.stdout.fnmatch_lines(["*a conforming event was answered 400, *"])


SLOW = """
from vpc_backup_events.delivery import TransportError, transport_for

class Slow:
    def __init__(self):
        self.app = consumer_app()
        self.interpretations = self.app.interpretations
        self.transport = transport_for(self.app)

    def send(self, request, timeout):
        headers, body = [(name, value.encode()) for name, value in request.headers.items()], request.body
        if SCHEMA:
            raise TransportError("timeout", f"no answer within {timeout:g} s")
        return self.transport.send(request, timeout)

    def close(self):
        self.transport.close()

SLOW = Slow()

class TestMine""".replace("SCHEMA", SCHEMA)


@pytest.mark.parametrize(
    ("app", "words"),
    [("Slow()", "*answered no answer within 10 s*"), ("SLOW", "*though it answered in time before*")],
    ids=["one a test", "one for all"],
)
def test_a_consumer_that_becomes_slow_is_told_so(run, app, words):
    result = run(CONSUMER.replace("consumer_app()", app).replace("class TestMine", SLOW))
    assert broken(result) == ["test_any_delivery"]
    result.stdout.fnmatch_lines([words])


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
