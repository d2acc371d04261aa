"""Corners of the suites: limits of statuses and counts, and what a run leaves as it found it."""

from __future__ import annotations

import json
import logging
import sys
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.catalog.names import MAX_BYTES
from vpc_backup_events.delivery import Request, Response, TransportError
from vpc_backup_events.making.deliveries import MODES
from vpc_backup_events.reference import build_event, consumer_app
from vpc_backup_events.trials.client import CLIENT, MOST, Abilities, ClientRun
from vpc_backup_events.trials.consumer import CONSUMER, ConsumerRun, Exchange, observer
from vpc_backup_events.trials.consumer import run as consumer_run
from vpc_backup_events.trials.consumer.run import LONGEST_PAUSE, PAUSE
from vpc_backup_events.trials.email import EMAIL, EmailRun
from vpc_backup_events.trials.producer import PRODUCER, DecoyScenario, ProducerRun
from vpc_backup_events.trials.service import ServiceFacts, ServiceRun, fuzz
from vpc_backup_events.trials.service.trials import breached
from vpc_backup_events.trials.trial import Breached, Skipped, result_of
from vpc_backup_events.trials.words import SHORT

pytest.importorskip("uvicorn")
from helpers import clients, emails, services

PAIR = next(iter(catalog.pairs.values()))


# ------------------------------------------------------------------------------------------------------- consumers


@pytest.mark.parametrize(
    ("status", "is_one"),
    [
        *((199, ""), (200, "accepted"), (299, "accepted"), (300, "redirected"), (399, "redirected")),
        *((400, "refused"), (499, "refused"), (500, ""), (0, "")),
    ],
)
def test_an_answer_is_one_of_a_kind(status, is_one):
    sent = Exchange("it", Request("POST", {}, b""), Response(status, {}, b"") if status else None, "")
    assert sent.status == status
    assert [kind for kind in ("accepted", "redirected", "refused") if getattr(sent, kind)] == [is_one] * bool(is_one)


@pytest.mark.parametrize("mode", MODES)
def test_an_event_of_the_run_is_known_in_its_request_and_no_other(mode):
    run = ConsumerRun(lambda headers, body: 200)
    own = run.jobs.event(PAIR)
    assert run.send("it", own, mode).event == own["id"]
    assert run.send("it", {**own, "id": "another"}, mode).event == ""
    assert own["id"] in run.jobs.pairs
    assert "another" not in run.jobs.pairs


def leaving_out(member, odd):
    """A consumer whose interpretations of some events lack a member."""
    app = consumer_app()

    def observe():
        return [
            {name: value for name, value in each.items() if name != member or not odd(each)}
            for each in app.interpretations
        ]

    return ConsumerRun(app, observe)


def test_an_event_whose_interpretation_lacks_what_others_have_counts_as_amiss():
    run = leaving_out("severity", lambda each: each["reason"] == PAIR.reason)
    result = result_of(CONSUMER["P28-severity"], run, "documented")
    assert result.status == "failed"
    amiss = {pair for pair, (_, found) in run.pairs.items() if found}
    assert amiss == {pair.id for pair in catalog.pairs.values() if pair.reason == PAIR.reason}


def test_an_event_that_was_amiss_once_stays_so():
    run = ConsumerRun(lambda headers, body: 200)
    sent = run.send("it", run.jobs.event(PAIR))
    run.count(sent, False)
    assert run.pairs == {PAIR.id: (1, 0)}
    run.count(sent, True)
    run.count(sent, False)
    assert run.pairs == {PAIR.id: (1, 1)}
    run.count(replace(sent, event=""), True)
    assert run.pairs == {PAIR.id: (1, 1)}


class Transport:
    """Answers some requests, and then none."""

    def __init__(self, answers, kind):
        self.answers = answers
        self.kind = kind
        self.closed = 0

    def send(self, request, timeout):
        self.answers -= 1
        if self.answers < 0:
            raise TransportError(self.kind, f"no answer: {self.kind}")
        return Response(200, {}, b"")

    def close(self):
        self.closed += 1


def test_a_transport_of_the_callers_own_stays_open():
    transport = Transport(1, "refused")
    ConsumerRun(transport).close()
    ServiceRun(transport).close()
    assert transport.closed == 0


def test_who_answers_no_more_has_fallen_after_the_last_that_was_answered():
    run = ConsumerRun(Transport(5, "refused"), list)
    results = {trial.requirement.id: result_of(trial, run, "documented") for trial in CONSUMER}
    assert results["P26-stays-up"].status == "failed"
    assert f"nobody answers any more since this was sent: {run.fell}" in results["P26-stays-up"].message
    assert results["P27-resend-accepted"].message == f"nobody answers any more, after {run.fell}, see P26-stays-up"


def test_who_never_answered_has_not_fallen():
    run = ConsumerRun(Transport(0, "refused"))
    result = result_of(CONSUMER["P25-some-form"], run, "documented")
    assert (result.status, run.fell) == ("errored", "")
    assert result.message == "Nobody listens at $URL: no answer: refused. Start it, and check the URL."
    others = [result_of(trial, run, "documented") for trial in CONSUMER]
    assert {r.requirement.id for r in others if r.status in ("failed", "warned", "errored")} == {"P25-some-form"}


@pytest.mark.parametrize(
    ("status", "asks", "fix"),
    [
        (401, "does the consumer ask for a secret?", "Give it with `headers = {...}` in the suite, or with --header"),
        (404, "is the path right?", 'Say it with `path = "/..."` in the suite, or as a part of the URL.'),
    ],
)
def test_why_nothing_is_taken_is_said_once_with_the_fix_for_that_alone(status, asks, fix):
    run = ConsumerRun(lambda headers, body: status, list)
    results = [result_of(trial, run, "documented") for trial in CONSUMER]
    broken = [result for result in results if result.status in ("failed", "warned", "errored")]
    assert [result.requirement.id for result in broken] == ["P25-some-form"]
    assert f"  finding:  Every delivery was answered {status}: {asks}\n  fix:      {fix}" in broken[0].message
    assert catalog.requirements["P25-some-form"].hint not in broken[0].message


class Busy:
    """Has too many requests now and then, and says when to come again."""

    def __init__(self, asked, times=1):
        self.asked, self.times, self.count = asked, times, 0

    def send(self, request, timeout):
        self.count += 1
        if self.count % (self.times + 1):
            return Response(429, {"retry-after": self.asked}, b"")
        return Response(204)

    def close(self):
        """Nothing was started."""


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("2", 2.0), ("0", 0.0), ("", PAUSE), ("Fri, 01 Jan 2027 00:00:00 GMT", PAUSE), ("9" * 30, LONGEST_PAUSE)],
)
def test_who_has_too_many_requests_is_waited_for(monkeypatch, asked, seconds):
    pauses = []
    monkeypatch.setattr(consumer_run, "sleep", pauses.append)
    run = ConsumerRun(Busy(asked), list)
    assert run.send("it", run.jobs.event(PAIR), "structured").accepted
    assert pauses == [seconds]


def test_who_has_too_many_requests_all_the_time_is_not_judged(monkeypatch):
    monkeypatch.setattr(consumer_run, "sleep", lambda seconds: None)
    result = result_of(CONSUMER["P26-json-null"], ConsumerRun(Busy("1", times=9), list), "documented")
    assert (result.status, result.message) == (
        "skipped",
        "the consumer still answered 429 after 3 pauses, so nothing is known",
    )


def test_who_works_later_is_waited_for(monkeypatch):
    monkeypatch.setattr(observer, "PATIENCE", 0.2)
    app = consumer_app()
    late = []

    def consumer(headers, body):
        before = len(app.interpretations)
        if app.receive("POST", headers.items(), body) != 204:
            return 400
        for interpretation in app.interpretations[before:]:
            threading.Timer(0.5, late.append, [interpretation]).start()
        return 202

    run = ConsumerRun(consumer, lambda: list(late))
    assert result_of(CONSUMER["P28-id"], run, "documented").status == "passed"
    assert result_of(CONSUMER["P28-job"], run, "documented").status == "passed"


def test_to_fail_is_worse_than_to_take_what_is_no_event():
    def consumer(headers, body):
        return 500 if body == b"[]" else 200

    result = result_of(CONSUMER["P26-json-array"], ConsumerRun(consumer), "documented")
    assert result.status == "warned"
    assert "  case:     an empty array\n" in result.message
    assert "finding:  The consumer failed (500), so the delivery is repeated" in result.message
    assert "2 made the consumer fail, 2 were taken for an event" in result.message


def test_an_event_in_utf_16_is_no_json_of_the_wire():
    def consumer(headers, body):
        if any(name.lower().startswith("ce-") for name in headers):
            return 400
        try:
            # finds out the encoding, as RFC 4627 had it
            return 200 if json.loads(body)["id"] else 400
        except (ValueError, KeyError, TypeError):
            return 400

    result = result_of(CONSUMER["P26-invalid-utf8"], ConsumerRun(consumer), "documented")
    assert result.status == "warned"
    assert "an event in UTF-16" in result.message
    assert "Latin-1" not in result.message


def test_a_long_body_is_cut_in_a_message():
    run = ConsumerRun(lambda headers, body: 200 if len(body) < MAX_BYTES else 413)
    result = result_of(CONSUMER["P25-size-64k"], run, "documented")
    assert len(result.message) < 3 * SHORT
    assert "(cut; " in result.message
    assert len(result.whole) > MAX_BYTES
    assert "(cut; " not in result.whole


def test_an_answer_that_says_why_is_shown():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 400, "headers": []})
        await send({"type": "http.response.body", "body": b"no\x1b[2J thanks"})

    message = result_of(CONSUMER["P25-some-form"], ConsumerRun(app), "documented").message
    assert message.count("  saying:   no") == 1
    assert "\x1b" not in message


def test_who_closes_the_connection_is_asked_again():
    run = ConsumerRun(Transport(1, "closed"))
    assert run.send("it", run.jobs.event(PAIR), "structured").status == 200
    sent = run.send("it", run.jobs.event(PAIR), "structured")
    assert (sent.status, sent.error, sent.accepted, sent.refused) == (0, "no answer: closed", False, False)
    assert run.send("it", run.jobs.event(PAIR), "structured").status == 0


def test_who_was_too_slow_once_is_asked_no_more():
    transport = Transport(0, "timeout")
    run = ConsumerRun(transport)
    first = result_of(CONSUMER["P25-structured"], run, "documented")
    assert first.status == "skipped"
    assert first.message.endswith(" s to answer, see P25-in-time")
    assert transport.answers == -1
    assert result_of(CONSUMER["P25-in-time"], run, "documented").status == "failed"


def test_who_hangs_later_has_a_finding_where_that_happens(monkeypatch):
    monkeypatch.setattr(observer, "PATIENCE", 0.1)

    class Hanging(Transport):
        def send(self, request, timeout):
            if request.body == b"null":
                raise TransportError("timeout", "no answer within 10 s")
            return Response(204)

    run = ConsumerRun(Hanging(0, ""), list)
    results = {trial.requirement.id: result_of(trial, run, "documented") for trial in CONSUMER}
    assert results["P25-in-time"].status == "passed"
    assert results["P26-json-null"].status == "warned"
    assert "The consumer did not answer within 10 s, though" in results["P26-json-null"].message
    assert results["P26-no-id"].status == "skipped"


# --------------------------------------------------------------------------------------------------------- clients


@pytest.mark.parametrize(("most", "status"), [(MOST, "passed"), (MOST + 1, "warned")])
def test_a_client_may_ask_as_often_as_the_limit_says(most, status):
    run = ClientRun(clients.retrying(503, 500, most=most))
    try:
        assert result_of(CLIENT["P34-client-bounded-retry"], run, "documented").status == status
    finally:
        run.close()


def test_a_client_that_asks_too_often_is_not_judged_by_what_it_reports_then():
    run = ClientRun(clients.retrying(503, 500, most=MOST + 1))
    try:
        result = result_of(CLIENT["P34-client-reports"], run, "documented")
    finally:
        run.close()
    assert (result.status, result.message) == (
        "skipped",
        "the client asks without end after 500, see P34-client-bounded-retry",
    )


def test_logging_and_streams_are_left_as_they_were():
    root = logging.getLogger()
    before = (root.level, list(root.handlers), sys.stdout, sys.stderr)

    def fails(*facts):
        assert root.level == logging.DEBUG
        raise RuntimeError

    run = ClientRun(fails)
    try:
        assert isinstance(run.attempt().error, RuntimeError)
    finally:
        run.close()
    assert (root.level, list(root.handlers), sys.stdout, sys.stderr) == before


def test_what_a_client_logs_and_writes_is_kept_and_passed_on(capsys):
    def register(*facts):
        logging.getLogger("of a client").debug("logged %s", 1)
        print("printed")
        print("complained", file=sys.stderr)
        sys.stdout.flush()

    run = ClientRun(register)
    try:
        assert run.attempt().error is None
    finally:
        run.close()
    assert "logged 1" in run.logged
    assert {"printed", "complained"} <= set(run.logged)
    out, err = capsys.readouterr()
    assert (out, err) == ("printed\n", "complained\n")


@pytest.mark.parametrize(("code", "fails"), [(None, False), (0, False), (1, True), ("no", True)])
def test_a_script_fails_by_its_status(code, fails):
    run = ClientRun(lambda *facts: sys.exit(code))
    try:
        assert (run.attempt().error is not None) is fails
    finally:
        run.close()


def test_without_a_server_nothing_is_judged(monkeypatch):
    monkeypatch.setitem(sys.modules, "vpc_backup_events.reference.server", None)
    result = result_of(CLIENT["P31-name"], ClientRun(lambda *facts: None), "documented")
    assert result.status == "skipped"
    assert result.message.startswith("the loopback service needs the extra `api`: ")


def test_what_a_client_is_not_said_to_do_is_not_exercised():
    run = ClientRun(clients.client(), abilities=Abilities())
    names = ("P34-client-follows-next", "P35-path", "P36-asks-policy-and-job", "P36-asks-version")
    results = [result_of(CLIENT[name], run, "documented") for name in names]
    run.close()
    assert {(r.status, r.cases) for r in results} == {("not exercised", 0)}


# ----------------------------------------------------------------------------------------------- producers, emails


def test_a_producer_has_no_pairs_before_it_was_asked():
    run = ProducerRun(build_event)
    assert run.pairs == {}
    assert run.products
    assert set(run.pairs) == set(catalog.pairs)


def test_a_scenario_that_fails_leaves_the_others():
    def produce(scenario):
        if pair_of(scenario) == PAIR:
            raise ValueError("no")
        return build_event(scenario)

    run = ProducerRun(produce)
    assert set(run.pairs) == set()
    assert {pair_of(product.scenario).id for product in run.products} == set(catalog.pairs) - {PAIR.id}
    assert {pair_of(scenario).id for scenario in run.errors} == {PAIR.id}
    assert set(run.pairs) == set(catalog.pairs) - {PAIR.id}


def other_facts(scenario):
    """Events of another policy, plan, job and resource than was given."""
    event = build_event(scenario)
    details = json.loads(event["ibmendefaultlong"])
    for name in ("backup_policy", "backup_policy_plan", "backup_policy_job", "resource"):
        if name in details:
            details[name] = details[name][:-1] + ("0" if details[name][-1] != "0" else "1")
    return {**event, "ibmendefaultlong": json.dumps(details)}


def facts_of(trials, run):
    """Of each requirement that is broken: the places that its evidence points at."""
    results = [result_of(trial, run, "documented") for trial in trials]
    return {r.requirement.id: {each.pointer for each in r.evidence} for r in results if r.status == "failed"}


def test_a_fact_that_is_wrong_is_shown_where_it_stands():
    found = facts_of(PRODUCER, ProducerRun(other_facts))
    places = {place for each in found.values() for place in each}
    members = ("backup_policy", "backup_policy_plan", "backup_policy_job", "resource")
    assert places == {f"/ibmendefaultlong#/{member}" for member in members}


def test_a_fact_that_is_wrong_in_an_email_is_shown_in_its_body():
    def email(scenario):
        other = replace(scenario, backup_policy_job=scenario.backup_policy_job[:-1] + "z")
        return emails.pair(other)

    found = facts_of(EMAIL, EmailRun(email))
    assert found
    assert all(pointer.startswith("/body") for each in found.values() for pointer in each)


def test_a_producer_may_be_asynchronous():
    async def produce(scenario):
        return build_event(scenario)

    run = ProducerRun(produce)
    assert {product.event["type"] for product in run.products} == set(catalog.event_types)
    assert run.errors == {}


def test_an_event_of_a_scenario_with_secrets_is_not_shown():
    def produce(scenario):
        event = build_event(scenario)
        return {**event, "id": ""} if isinstance(scenario, DecoyScenario) else event

    result = result_of(PRODUCER["P01-id"], ProducerRun(produce), "documented")
    assert result.status == "failed"
    assert {each.event for each in result.evidence} == {None}
    assert "produced: (hidden: the event, or its scenario, holds secrets)" in result.message


# -------------------------------------------------------------------------------------------------------- services


def test_the_path_of_a_url_is_the_base():
    assert ServiceRun("http://127.0.0.1:1/hub/event-notifications/").base == "/hub/event-notifications"


def test_an_id_is_one_step_of_a_path():
    run = ServiceRun(services.reference(), services.TOKEN, "i")
    assert run.at("sources") == "/v1/instances/i/sources"
    assert run.at("sources", "a/b:c d") == "/v1/instances/i/sources/a%2Fb%3Ac%20d"


def serving(*there):
    """A service that has these alone."""

    async def app(scope, receive, send):
        found = any(scope["method"] == method and scope["path"].endswith(end) for method, end in there)
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    return app


JOBS = ("GET", "/jobs")


@pytest.mark.parametrize(
    ("there", "events", "jobs"),
    [
        ([], True, False),
        ([JOBS], False, True),
        ([("POST", "/sources"), JOBS], True, True),
        ([("GET", "/sources"), JOBS], True, True),
        ([("GET", "/topics"), JOBS], True, True),
        ([("GET", "/topics")], True, False),
        ([("POST", "/topics"), JOBS], False, True),
    ],
)
def test_a_service_has_what_it_answers(there, events, jobs):
    run = ServiceRun(serving(*there), facts=ServiceFacts(fuzz=0))
    assert (run.serves_events, run.serves_jobs) == (events, jobs)
    # to look is no case
    assert run.cases == 0


@pytest.mark.parametrize(
    ("paths", "base"),
    [
        (("/event-notifications/v1/instances/i/sources",), "/event-notifications"),
        (("/v1/instances/i/sources",), ""),
        ((), "/event-notifications"),
    ],
)
def test_the_base_is_where_there_are_sources(paths, base):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200 if scope["path"] in paths else 404, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    assert ServiceRun(app, "t", "i").base == base


def test_what_is_known_of_a_service_is_used():
    run = ServiceRun(services.reference(), facts=ServiceFacts(backup_policy="p", backup_policy_job="j"))
    assert (run.policy, run.job, run.serves_jobs, run.cases) == ("p", "j", True, 0)
    assert (run.has_token, run.has_instance) == (False, False)
    known = ServiceRun(services.reference(), "t", "i")
    assert (known.has_token, known.has_instance, known.token, known.instance) == (True, True, "t", "i")
    # those of the contract's example
    assert known.jobs(known.job).status in (200, 401)
    assert known.policy != known.job


def test_no_token_is_shown():
    run = ServiceRun(services.reference(), "a-long-token", facts=ServiceFacts(forbidden_token="another-long-token"))
    assert run.masked("a-long-token, another-long-token") == "$TOKEN, $TOKEN"


@pytest.mark.parametrize("given", ["/", "", "/event-notifications", "/event-notifications/"])
def test_requests_are_made_up_below_the_base(given):
    run = ServiceRun(f"http://127.0.0.1:1{given}")
    run.base = "/event-notifications"
    with fuzz._served(run) as url:
        assert url.rstrip("/") == "http://127.0.0.1:1/event-notifications"


def test_requests_are_made_up_for_what_has_an_address():
    with pytest.raises(Skipped, match=r"^requests are made up for a URL or an ASGI application: serve this one"):
        fuzz._served(ServiceRun(Transport(0, "closed"))).__enter__()


def test_an_answer_that_is_no_text_is_shown_by_its_bytes():
    subject = SimpleNamespace(masked=lambda text: text)
    request = SimpleNamespace(method="POST", target="/x", headers={"Authorization": "Bearer y"}, body=b"\xfe")
    answer = SimpleNamespace(request=request, status=500, body=b"\xff")
    with pytest.raises(Breached) as caught:
        breached("it is wrong", answer, subject)
    (evidence,) = caught.value.evidence
    assert evidence.exhibits == (
        ("asked", "curl -X POST $URL/x -H 'Authorization: Bearer $TOKEN' -d '\\xfe'"),
        ("answered", "500 \\xff"),
    )
