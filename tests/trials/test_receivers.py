"""Receivers that are no web servers: what conforms passes, and each fault is found by its requirement and no other."""

from __future__ import annotations

import json
import sys
import textwrap

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.checking.interpretation import interpret
from vpc_backup_events.delivery import Job, MessageHandler, ObjectHandler, Request
from vpc_backup_events.reference.consumer import Consumer
from vpc_backup_events.trials.consumer import CONSUMER, OVER_HTTP, SIDE_BY_SIDE, ConsumerRun
from vpc_backup_events.trials.trial import result_of, verdict
from vpc_backup_events.values.errors import UsageError

BROKEN = ("failed", "warned", "reported", "errored", "skipped")
ON_CALL = {trial.requirement.id for trial in CONSUMER} - set(OVER_HTTP) - {SIDE_BY_SIDE}


class Receiver(Consumer):
    """The reference consumer, as a handler."""

    def take(self, body: bytes) -> None:
        status = self.receive("POST", [("Content-Type", "application/json")], body)
        if status >= 400:
            raise ValueError(f"refused with {status}")

    def message(self, key, value, headers):
        assert key is None
        assert list(headers) == []
        self.take(value)

    def object(self, key, content):
        name, _, rest = key.partition("/")
        assert name == "backup-events"
        assert rest.endswith(".json")
        self.take(content)


CARRIERS = {
    "message": lambda receiver: MessageHandler(receiver.message),
    "object": lambda receiver: ObjectHandler(receiver.object),
}


def results(transport, observe, profile="documented"):
    run = ConsumerRun(transport, observe, profile)
    return {trial.requirement.id: result_of(trial, run, profile) for trial in CONSUMER}


def broken(made):
    return {id for id, result in made.items() if result.status in BROKEN}


@pytest.mark.parametrize(
    "transport",
    [MessageHandler(lambda key, value, headers: sys.exit(3)), ObjectHandler(lambda key, content: sys.exit(3))],
)
def test_a_handler_that_exits_has_not_accepted(transport):
    answer = transport.send(Request("POST", {}, b"{}"), 5)
    assert answer.status == 500
    assert b"SystemExit: 3" in answer.body


@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_reference_conforms_as_a_handler(carrier, profile):
    receiver = Receiver()
    made = results(CARRIERS[carrier](receiver), lambda: receiver.interpretations, profile)
    assert broken(made) == set()
    assert verdict(made.values()) == "conforming"
    not_exercised = {id for id, result in made.items() if result.status == "not exercised"}
    not_judged = {trial.requirement.id for trial in CONSUMER if trial.requirement.profiles[profile] == "none"}
    assert not_exercised == {*OVER_HTTP, SIDE_BY_SIDE, *not_judged}
    assert f"events come as {carrier}s" in made["P25-post"].message


class Fussy(Receiver):
    """Refuses events for what a subclass says."""

    def take(self, body):
        if self.refuses(body):
            raise KeyError("unexpected")
        super().take(body)

    def refuses(self, body):
        return False


class NoUnknown(Fussy):
    def refuses(self, body):
        known = {"specversion", "id", "source", "type", "time", "subject", "data", "datacontenttype", "dataschema"}
        event = json.loads(body, strict=False)
        return bool(
            {n for n in event if not n.startswith("ibmen")}
            - known
            - {"notification_id", "en_source_id"}
            - {"message_subject", "attachments"}
        )


class Small(Fussy):
    def refuses(self, body):
        return len(body) > 60_000


class NoIdAdded(Fussy):
    def refuses(self, body):
        return b"notification_id" in body


class Forgetful(Receiver):
    def identity(self, reading):
        return (object(),)


class ByNotification(Receiver):
    """Takes the id of the notification for that of the event, and the event's own where there is none."""

    def identity(self, reading):
        return (reading.event.get("notification_id"), reading.event["source"], reading.event["id"])


class ByIdAlone(Receiver):
    def identity(self, reading):
        return (reading.event["id"],)


class Repelled(Fussy):
    """An event that it had is an error."""

    def refuses(self, body):
        seen = {(each["source"], each["id"]) for each in self.interpretations}
        try:
            event = json.loads(body, strict=False)
            return (event["source"], event["id"]) in seen
        except (ValueError, KeyError, TypeError):
            return False


class Dying(Fussy):
    """Gives up for good after something malformed."""

    dead = False

    def refuses(self, body):
        self.dead = self.dead or not body.startswith(b"{") or not body.endswith(b"}")
        return self.dead


class Confused(Receiver):
    def take(self, body):
        before = len(self.interpretations)
        super().take(body)
        for each in self.interpretations[before:]:
            if "backup_policy" in each:
                each["backup_policy"] = each["backup_policy_plan"]


FAULTS = {
    "P25-unknown-attributes": (NoUnknown, {"P25-odd-attribute-name"}),
    "P25-size-64k": (Small, set()),
    "P25-notification-id": (NoIdAdded, set()),
    "P27-no-second-effect": (Forgetful, {"P27-notification-id"}),
    "P27-notification-id": (ByNotification, set()),
    "P27-same-id-other-source": (ByIdAlone, set()),
    "P27-resend-accepted": (Repelled, set()),
    "P26-stays-up": (Dying, None),
    "P28-policy": (Confused, set()),
}


@pytest.mark.representatives("P25-unknown-attributes-message", "P27-no-second-effect-object")
@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("requirement", FAULTS)
def test_a_fault_is_found_by_its_requirement(requirement, carrier):
    make, also = FAULTS[requirement]
    receiver = make()
    made = results(CARRIERS[carrier](receiver), lambda: receiver.interpretations)
    level = catalog.requirements[requirement].profiles["documented"]
    assert made[requirement].status == {"error": "failed", "warning": "warned"}[level]
    assert "curl" not in made[requirement].message
    if also is not None:
        assert broken(made) == {requirement, *also}
    if requirement.startswith("P25"):
        assert "came:     an error" in made[requirement].message
        assert "KeyError: 'unexpected'" in made[requirement].message


def test_a_handler_that_never_returns_is_an_error_and_no_breach():
    from threading import Event

    transport = MessageHandler(lambda key, value, headers: Event().wait(30))
    run = ConsumerRun(transport, None)
    run.limit = 0.2
    made = {trial.requirement.id: result_of(trial, run, "documented") for trial in CONSUMER}
    assert {result.status for id, result in made.items() if id in ON_CALL} <= {"errored", "skipped"}
    assert "not done within 0.2 s" in made["P25-unknown-attributes"].message


def test_the_key_of_an_object_is_of_the_notification():
    keys = []
    handler = ObjectHandler(lambda key, content: keys.append(key), "archive")
    for body in (b'{"notification_id":"n-1"}', b"{}", b"\xff", b"[]", b'{"notification_id":5}'):
        assert handler.send(Request("", {}, body), 5).ok
    assert keys[0] == "archive/n-1.json"
    assert len(set(keys)) == 5


def test_a_transport_to_the_same_receiver_is_the_same():
    receiver = Receiver()
    for carrier, make in CARRIERS.items():
        assert make(receiver) == make(receiver), carrier
        assert hash(make(receiver)) == hash(make(receiver))
        assert make(receiver) != make(Receiver())
    assert MessageHandler(print) != ObjectHandler(print)
    python = [sys.executable, "job.py"]
    assert Job(python) == Job(python)
    assert Job(python) != Job(python, environment={"A": "1"})


def job(tmp_path, text):
    path = tmp_path / "job.py"
    path.write_text(textwrap.dedent(text))
    return Job([sys.executable, str(path)])


def test_a_job_finds_the_event_in_its_environment(tmp_path):
    transport = job(tmp_path, "import os, sys; sys.exit(0 if os.environ['ibmendata'] == '{\"ü\":1}' else 3)")
    assert transport.send(Request("", {}, '{"ü":1}'.encode()), 20).status == 204
    refused = transport.send(Request("", {}, b"{}"), 20)
    assert (refused.status, refused.body.partition(b"\n")[0]) == (500, b"exit status 3")


def test_a_job_that_is_not_there_is_a_usage_error():
    with pytest.raises(UsageError, match="can't be started"):
        Job("no-such-program --at-all")


@pytest.mark.exhaustive
def test_a_faulty_job_is_found_by_its_requirement(tmp_path):
    """It keeps every run, also of an event that it had."""
    seen = tmp_path / "seen"
    transport = job(
        tmp_path,
        f"""
        import json, os, sys, uuid
        event = json.loads(os.environ["ibmendata"], strict=False)
        os.makedirs({str(seen)!r}, exist_ok=True)
        with open(os.path.join({str(seen)!r}, str(uuid.uuid4())), "w") as file:
            file.write(json.dumps({{"source": event["source"], "id": event["id"]}}))
        """,
    )

    def observe():
        return [json.loads(path.read_text()) for path in seen.iterdir()] if seen.exists() else []

    run = ConsumerRun(transport, observe)
    wanted = ("P25-json", "P27-resend-accepted", "P27-no-second-effect", "P27-concurrent-repeat", "P28-id")
    made = {id: result_of(CONSUMER[id], run, "documented").status for id in wanted}
    assert made == {
        "P25-json": "passed",
        "P27-resend-accepted": "passed",
        "P27-no-second-effect": "warned",
        "P27-concurrent-repeat": "warned",
        "P28-id": "passed",
    }


def test_what_is_rendered_is_what_the_receivers_get():
    """The fixtures of destinations are what these transports hand over."""
    from vpc_backup_events.making import corpus

    receiver = Receiver()
    for case in corpus.cases():
        if case.rendering and case.rendering["destination"] in ("event-streams", "cos"):
            receiver.take(case.data)
            event = next(c.event for c in corpus.cases() if c.file == case.rendering["event"])
            assert interpret(event) in receiver.interpretations
    assert len(receiver.interpretations) == 4
