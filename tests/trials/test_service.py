"""The service suite passes what conforms, and catches each fake by its requirement and no other."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import suppress
from dataclasses import replace

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.cli import main
from vpc_backup_events.trials.service import SERVICE, ServiceFacts, ServiceRun
from vpc_backup_events.trials.trial import result_of, verdict
from vpc_backup_events.values.errors import UsageError

pytest.importorskip("uvicorn")
from helpers import independent_service, timelines
from helpers.services import FAKES, FURTHER, INSTANCE, TOKEN, Fake, facts_of, reference, undelivered
from vpc_backup_events.reference import backup_jobs_app, event_notifications_app
from vpc_backup_events.reference.server import both, serve

BROKEN = ("failed", "warned", "reported", "errored")
# how a breach ends, by the level of its requirement
STATUS = {"error": "failed", "warning": "warned", "note": "reported"}


def results(service, token=TOKEN, instance_id=INSTANCE, profile="documented", facts=None):
    run = ServiceRun(service, token, instance_id, profile, facts)
    try:
        return [result_of(trial, run, profile) for trial in SERVICE]
    finally:
        run.close()


def test_every_requirement_of_a_service_that_is_judged_has_a_trial_and_a_fake():
    judged = {
        r.id
        for r in catalog.requirements.values()
        if r.status == "checked" and r.check == "suite" and "service" in r.subject
    }
    assert {trial.requirement.id for trial in SERVICE} == judged
    assert {*FAKES, *timelines.BREAKING} == judged


@pytest.mark.representatives("documented")
@pytest.mark.parametrize("profile", ["documented", "strict"])
def test_the_reference_service_conforms(profile):
    app = reference()
    made = results(app, profile=profile, facts=replace(facts_of(app), fuzz=2))
    assert [(r.requirement.id, r.message) for r in made if r.status in (*BROKEN, "skipped")] == []
    assert verdict(made) == "conforming"
    assert {r.requirement.position for r in made if r.status == "not exercised"} == {"P29"}
    # what was made up is gone, and each of its requests is a case; some are preparation
    left = app.state.service.instances[INSTANCE]
    names = [each["name"] for kind in (left.topics, left.destinations, left.subscriptions) for each in kind.values()]
    assert [name for name in names if not re.fullmatch(r"backup \d+ of the kit", name)] == []
    cases = next(r.cases for r in made if r.requirement.id == "P34-robust")
    assert len(app.state.record) / 2 < cases < len(app.state.record)


def of_timeline(timeline):
    """What the trials of P29 say of it."""
    run = ServiceRun(event_notifications_app(deliver=undelivered), facts=ServiceFacts(fuzz=0, delivers=True))
    run.observation = timelines.observation(timeline)
    try:
        return [result_of(trial, run, "documented") for trial in SERVICE if trial.requirement.position == "P29"]
    finally:
        run.close()


@pytest.mark.exhaustive
def test_the_reference_service_delivers_as_documented(capsys):
    """In real time, over loopback, as the command line judges it."""
    with serve(both(TOKEN, INSTANCE)) as server:
        known = ("--token", TOKEN, "--instance-id", INSTANCE, "--fuzz", "0", "--delivers")
        status = main(["test", "service", f"{server.url}/event-notifications", *known, "--format", "json"])
        left = server.app.state.service.instances[INSTANCE]
    made = [r for r in json.loads(capsys.readouterr().out)["results"] if r["requirement"].startswith("P29-")]
    assert [(r["requirement"], r["message"]) for r in made if r["status"] != "passed"] == []
    assert len(made) == len(timelines.BREAKING)
    assert status == 0
    # what was made for it is gone
    assert not left.destinations
    assert not left.subscriptions


def test_a_service_that_calls_no_webhook_is_not_called_conforming():
    run = ServiceRun(event_notifications_app(deliver=undelivered), facts=ServiceFacts(fuzz=0, delivers=True))
    run.observation = timelines.observation({name: [] for name in timelines.conforming()})
    trials = [trial for trial in SERVICE if trial.requirement.position == "P29"]
    made = [result_of(trial, run, "documented") for trial in trials]
    run.close()
    assert {r.status for r in made if r.requirement.id not in ("P29-same-bytes",)} == {"skipped"}


def test_a_conforming_timeline_has_no_finding():
    assert {r.status for r in of_timeline(timelines.conforming())} == {"passed"}


def test_by_the_older_policy_what_it_does_not_say_is_not_exercised():
    made = {r.requirement.id: r.status for r in of_timeline(timelines.older())}
    assert made["P29-older-policy"] == "reported"
    assert {id for id, status in made.items() if status == "not exercised"} == {
        *("P29-max-retries", "P29-lost", "P29-backoff-exponential", "P29-retry-after")
    }


@pytest.mark.parametrize(
    ("requirement", "number"), [(id, number) for id, made in timelines.BREAKING.items() for number in range(len(made))]
)
def test_a_delivery_that_breaks_a_requirement_is_caught_by_it_and_no_other(requirement, number):
    made = of_timeline(timelines.BREAKING[requirement][number]())
    broken = {r.requirement.id: r for r in made if r.status in BROKEN}
    assert set(broken) == {requirement}, {id: r.message for id, r in broken.items()}
    message = broken[requirement].message
    assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
    assert " was called at 0.0" in message
    assert "asked:    curl -X " in message


@pytest.mark.parametrize(
    ("name", "waits", "lasts", "wanted"),
    [
        ("failing", (0.91, 1.2, 2.0), 0.0, set()),
        ("failing", (0.89, 1.2, 2.0), 0.0, {"P29-backoff-min"}),
        ("failing", (1.0, 2.0, 11.49), 0.0, set()),
        ("failing", (1.0, 2.0, 11.51), 0.0, {"P29-backoff-max"}),
        ("failing", (2.0, 2.41, 2.9), 0.0, set()),
        ("failing", (2.0, 2.39, 2.9), 0.0, {"P29-backoff-exponential"}),
        ("failing", (2.0, 8.99, 9.0), 0.0, set()),
        ("failing", (2.0, 8.99, 8.99), 0.0, {"P29-backoff-exponential"}),
        ("failing", (1.0,), 0.0, set()),
        ("failing", (1.0, 2.0, 4.0, 11.49), 0.0, {"P29-max-retries"}),
        ("failing", (1.0, 2.0, 4.0, 11.51), 0.0, {"P29-lost"}),
        ("failing", (1.0, 2.0, 4.0, 8.0, 11.51), 0.0, {"P29-max-retries", "P29-lost"}),
        ("failing", (), 0.0, set()),
        ("retry-after", (4.91, 3.49), 0.0, set()),
        ("retry-after", (6.49, 1.91), 0.0, set()),
        ("retry-after", (4.89, 2.0), 0.0, {"P29-retry-after"}),
        ("retry-after", (6.51, 2.0), 0.0, {"P29-retry-after"}),
        ("retry-after", (5.0, 1.89), 0.0, {"P29-retry-after"}),
        ("retry-after", (5.0,), 0.0, set()),
        ("retry-after", (5.0, 2.0, 1.0), 0.0, {"P29-first-success-stops"}),
        ("silent", (1.0,), 9.01, set()),
        ("silent", (1.0,), 11.49, set()),
        ("silent", (1.0,), 8.99, {"P29-timeout"}),
        ("silent", (1.0,), 11.51, {"P29-timeout"}),
        ("closing", (1.0,), 0.0, set()),
    ],
)
def test_what_a_delivery_may_take_ends_where_the_limits_say(name, waits, lasts, wanted):
    made = of_timeline({**timelines.conforming(), name: timelines.calls(*waits, lasts=lasts)})
    broken = {r.requirement.id: r.message for r in made if r.status in BROKEN}
    assert set(broken) == wanted, broken


@pytest.mark.parametrize(
    ("name", "skipped"),
    [
        ("accepting", {"P29-first-success-stops"}),
        ("silent", {"P29-timeout"}),
        ("once-410", {"P29-statuses"}),
        ("retry-after", {"P29-retry-after"}),
        ("closing", {"P29-network-errors"}),
        (
            "failing",
            {
                *("P29-max-retries", "P29-lost", "P29-backoff-min", "P29-backoff-max", "P29-backoff-exponential"),
                *("P29-same-bytes", "P29-older-policy"),
            },
        ),
    ],
)
def test_what_a_webhook_tells_that_is_not_called_is_skipped(name, skipped):
    made = of_timeline({**timelines.conforming(), name: []})
    not_judged = {r.requirement.id: r.message for r in made if r.status == "skipped"}
    assert set(not_judged) == skipped
    assert set(not_judged.values()) == {f"the service did not call the webhook that was {name}"}


@pytest.mark.exhaustive
def test_one_of_both_services_is_judged_by_itself():
    made = results(
        event_notifications_app(token=TOKEN, instance_id=INSTANCE, deliver=undelivered), facts=ServiceFacts(fuzz=2)
    )
    assert verdict(made) == "conforming"
    assert {r.requirement.position for r in made if r.status == "passed"} == {"P31", "P32", "P33", "P34", "P35"}
    made = results(backup_jobs_app(token=TOKEN))
    assert verdict(made) == "conforming"
    assert {r.requirement.position for r in made if r.status == "passed"} == {"P34", "P36"}


def test_an_independent_service_conforms():
    known = ServiceFacts(backup_policy=independent_service.POLICY, backup_policy_job=independent_service.JOB, fuzz=0)
    app, token, instance = independent_service.service(), independent_service.TOKEN, independent_service.INSTANCE
    made = results(app, token, instance, facts=known)
    # it may, and does not, say to which instance a source is connected
    told = [(r.requirement.id, r.status) for r in made if r.status in (*BROKEN, "skipped")]
    assert told == [("P31-answer-instance-crn", "reported")]
    assert verdict(made) == "conforming"


@pytest.mark.exhaustive
def test_the_reference_service_conforms_over_a_socket():
    with serve(both(TOKEN, INSTANCE, deliver=undelivered)) as server:
        made = results(f"{server.url}/event-notifications", facts=ServiceFacts(fuzz=2))
        # what was made up is gone: it can be judged again
        again = results(f"{server.url}/event-notifications", facts=ServiceFacts(fuzz=0))
    assert verdict(again) == "conforming"
    assert verdict(made) == "conforming"


def test_without_a_token_that_part_is_skipped():
    made = results(
        event_notifications_app(deliver=undelivered), token=None, instance_id=None, facts=ServiceFacts(fuzz=0)
    )
    assert [r.requirement.id for r in made if r.status == "skipped"] == ["P34-wrong-token"]
    assert verdict(made) == "partly judged"


@pytest.mark.representatives(
    "P31-created",
    "P32-serves-base",
    "P33-second-status",
    "P34-unknown-source",
    "P34-walk",
    "P35-resend",
    "P35-size",
    "P36-get-job",
)
@pytest.mark.parametrize("requirement", FAKES)
def test_a_fake_is_caught_by_its_requirement_and_no_other(requirement):
    fake = Fake(FAKES[requirement]())
    made = results(fake, facts=replace(facts_of(fake.app), fuzz=2 if requirement == "P34-robust" else 0))
    broken = {r.requirement.id: r for r in made if r.status in BROKEN}
    assert set(broken) == {requirement}, {id: r.message for id, r in broken.items()}
    assert broken[requirement].status == STATUS[catalog.requirements[requirement].profiles["documented"]]
    message = broken[requirement].message
    assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
    assert "asked:    curl -X " in message
    assert catalog.requirements[requirement].hint in message
    assert TOKEN not in message


@pytest.mark.parametrize("name", FURTHER)
def test_what_else_is_wrong_is_caught_by_its_requirements_and_no_other(name):
    requirements, make = FURTHER[name]
    fake = Fake(make())
    broken = {r.requirement.id: r.message for r in results(fake, facts=facts_of(fake.app)) if r.status in BROKEN}
    assert set(broken) == requirements, broken


def test_a_service_that_answers_nothing_useful_is_not_called_conforming():
    async def empty(scope, receive, send):
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body"})

    assert verdict(results(empty, facts=ServiceFacts(fuzz=0))) == "not conforming"


def test_a_short_token_is_no_part_of_every_word():
    app = event_notifications_app(token="t", instance_id=INSTANCE, deliver=undelivered)
    made = results(app, "t", facts=ServiceFacts(fuzz=0))
    assert verdict(made) == "conforming"
    app.state.record.clear()
    app.state.service.token = "another"
    broken = [r for r in results(app, "t", facts=ServiceFacts(fuzz=0)) if r.status in BROKEN]
    assert broken
    assert all(" -H 'Authorization: Bearer $TOKEN'" in r.message for r in broken if "Authorization" in r.message)
    assert all(r.message.startswith(f"{r.requirement.id}: {r.requirement.sentence}") for r in broken)


SECRET = "eyJ-secret-0123456789abcdef"


def repeating(status):
    """A service that repeats the header with the token in every answer."""

    async def app(scope, receive, send):
        token = dict(scope["headers"]).get(b"authorization", b"")
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"unknown: " + token + b' {"message": "' + token + b'"}'})

    return app


@pytest.mark.parametrize("token", [SECRET, f"{SECRET}\n", f" {SECRET}\r\n"])
@pytest.mark.parametrize("status", [200, 201, 401, 500])
def test_a_token_that_a_service_repeats_is_not_told(status, token):
    made = results(repeating(status), token, facts=ServiceFacts(fuzz=0))
    assert [r for r in made if r.status in BROKEN]
    assert not [r for r in made if SECRET in repr(r)]


def test_a_token_in_the_first_line_of_an_answer_is_not_told():
    listening = socket.create_server(("127.0.0.1", 0))

    def answer():
        with suppress(OSError):
            while True:
                sock, _ = listening.accept()
                with sock:
                    head = sock.recv(65_536).decode()
                    sock.sendall(head.replace("\r\n", " ").encode() + b"\r\n\r\n")

    threading.Thread(target=answer, daemon=True).start()
    with listening:
        made = results(f"http://127.0.0.1:{listening.getsockname()[1]}", SECRET, facts=ServiceFacts(fuzz=0))
    assert {r.status for r in made} <= {"failed", "warned", "reported", "skipped", "not exercised"}
    assert not [r for r in made if SECRET in repr(r)]


@pytest.mark.parametrize("url", ["http://[::1", "http://[::1/event-notifications", "http://", "http://x:99999"])
def test_a_url_that_is_none_is_an_error_that_says_so(url):
    with pytest.raises(UsageError):
        ServiceRun(url)


def test_a_token_that_no_header_can_hold_is_refused_and_not_shown():
    with pytest.raises(UsageError, match="control character") as problem:
        ServiceRun(reference(), f"{SECRET}\nmore")
    assert SECRET not in str(problem.value)
