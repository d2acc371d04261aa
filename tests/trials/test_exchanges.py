"""What the suites ask of subjects, and what the loopback service answers to clients, word for word and in this order.

PYTHONPATH=tests python tests/trials/test_exchanges.py [ROLE...]
writes the files anew; the difference is for a person to read.
"""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from zlib import crc32

import pytest

from vpc_backup_events.delivery import MessageHandler
from vpc_backup_events.reference import build_event, consumer_app
from vpc_backup_events.trials.client import CLIENT, Abilities, ClientRun
from vpc_backup_events.trials.client import loopback as loopback_trials
from vpc_backup_events.trials.consumer import CONSUMER, ConsumerRun, observer
from vpc_backup_events.trials.consumer import run as consumer_run
from vpc_backup_events.trials.email import EMAIL, EmailRun
from vpc_backup_events.trials.producer import PRODUCER, ProducerRun
from vpc_backup_events.trials.service import SERVICE, ServiceFacts, ServiceRun
from vpc_backup_events.trials.trial import result_of

pytest.importorskip("uvicorn")
from helpers import clients, emails, services

FOLDER = Path(__file__).with_name("exchanges")
# what differs between two runs of the service suite or the client suite
CHANGING = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r"127\.0\.0\.1:\d+", "<address>"),
    (r"backup(.)\d+(.)of", r"backup\1<number>\2of"),
    (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
    (r"(start=)[\w=%-]+", r"\1<start>"),
)
LONGEST = 500


def lasting(text):
    """The text on one line, without what differs between two runs."""
    text = text.encode("unicode_escape").decode()
    for pattern, instead in CHANGING:
        text = re.sub(pattern, instead, text)
    return text


def summed(parts):
    """How long they are together, and a sum that changes with any of them."""
    text = "".join(parts).encode()
    return f"{len(text)} bytes, {crc32(text):08x}"


# ------------------------------------------------------------------------------------------------------- consumers


def observed():
    app = consumer_app()
    return ConsumerRun(app, lambda: app.interpretations)


def taking(takes, **options):
    """A consumer that takes what this holds of, by headers in lower case and body."""

    def take(headers, body):
        return 200 if takes({name.lower(): value for name, value in headers.items()}, body) else 400

    return ConsumerRun(take, list, **options)


CONSUMERS = {
    "conforms": observed,
    "has its path, headers and methods": lambda: ConsumerRun(
        lambda headers, body: 200, list, path="/hooks", headers={"X-Own": "1"}, methods=("PUT", "PATCH", "GET")
    ),
    "takes binary mode alone": lambda: taking(lambda headers, body: "ce-id" in headers),
    "takes structured mode alone": lambda: taking(lambda headers, body: "cloudevents" in headers["content-type"]),
    "takes plain JSON alone": lambda: taking(lambda headers, body: headers.get("content-type") == "application/json"),
    "wants notification_id": lambda: taking(
        lambda headers, body: b'"notification_id"' in body or "ce-notification_id" in headers
    ),
    "refuses": lambda: taking(lambda headers, body: False),
    "gets messages": lambda: ConsumerRun(MessageHandler(lambda message: None), list),
}


def sent_to_consumer(name, requirement):
    """Of one trial: what comes of it, how much was sent with the same headers, in which words, and its sum."""
    run = CONSUMERS[name]()
    kinds = {}
    send = run.attempt

    def kept(title, delivery, method="POST"):
        sent = send(title, delivery, method)
        request = sent.request
        headers = ", ".join(f"{n}: {v}" for n, v in request.headers.items() if not n.lower().startswith("ce-"))
        whole = (title, request.method, request.target, sorted(request.headers.items()), request.body)
        kinds.setdefault(f"{request.method} {request.target} {{{headers}}}", []).append(repr(whole))
        return sent

    run.attempt = kept
    try:
        result = result_of(CONSUMER[requirement], run, run.profile)
    finally:
        run.close()
    why = f": {result.message}" if result.status in ("skipped", "not exercised") else ""
    yield f"{result.status}{why}"
    for kind, sent in sorted(kinds.items()):
        # some are sent side by side
        yield f"  {len(sent)} times {kind}: {summed(sorted(sent))}"


# ---------------------------------------------------------------------------------------------- services and clients


def whole(**more):
    app = services.reference()
    return ServiceRun(app, services.TOKEN, services.INSTANCE, facts=replace(services.facts_of(app), **more))


# with what a line is to have in it
SERVICES = {
    "conforms": (whole, ""),
    "says nothing more of itself": (
        lambda: ServiceRun(services.reference(), services.TOKEN, services.INSTANCE, facts=ServiceFacts(fuzz=0)),
        "",
    ),
    "is asked of a job": (lambda: whole(backup_policy="p/1", backup_policy_job="j/2"), "/backup_policies/"),
}


def asked_of_service(name):
    """Of each trial: the requests, with what was answered."""
    make, within = SERVICES[name]
    run = make()
    lines = []
    send = run.transport.send

    def kept(request, timeout):
        answer = send(request, timeout)
        headers = ", ".join(f"{n}: {v}" for n, v in request.headers.items() if n not in ("Authorization", "Accept"))
        token = {None: "no token", f"Bearer {services.TOKEN}": ""}.get(request.headers.get("Authorization"), "another")
        body = request.body.decode("utf-8", "backslashreplace")
        lines.append(f"  {request.method} {request.target} {token} {{{headers}}} {body} -> {answer.status}")
        return answer

    run.transport.send = kept
    try:
        for trial in SERVICE:
            lines.append(trial.requirement.id)
            result_of(trial, run, run.profile)
    finally:
        run.close()
    return [line for line in lines if within in line]


CLIENTS = {
    "conforms": lambda: clients.client(),
    "tries again": lambda: clients.retrying(429, 503, most=3),
    "looks": lambda: clients.looking,
}


def answered_to_client(name):
    """Of each trial: the requests, with what was answered."""
    lines = []

    class Kept(loopback_trials.Loopback):
        async def __call__(self, scope, receive, send):
            async def keep(message):
                # before the client goes on
                if message["type"] == "http.response.start":
                    asked = self.requests[-1]
                    headers = ", ".join(f"{n.decode()}: {v.decode()}" for n, v in message["headers"])
                    words = f"{asked.method} {asked.target} -> {message['status']}"
                    lines.append(f"  {words} {{{headers}}}")
                elif message.get("body"):
                    lines.append(f"    {message['body'].decode()}")
                await send(message)

            await super().__call__(scope, receive, keep)

    loopback = loopback_trials.Loopback
    loopback_trials.Loopback = Kept
    run = ClientRun(CLIENTS[name](), abilities=Abilities(**clients.ABILITIES))
    try:
        for trial in CLIENT:
            lines.append(trial.requirement.id)
            result_of(trial, run, run.profile)
    finally:
        loopback_trials.Loopback = loopback
        run.close()
    return lines


# ----------------------------------------------------------------------------------------------- producers, emails


def asked_of_producer(name):
    """Of each trial: how many scenarios, and their sum."""
    trials, start, make = PRODUCERS[name]
    asked = []

    def kept(scenario):
        asked.append(scenario)
        return make(scenario)

    run = start(kept)
    for trial in trials:
        asked.clear()
        result_of(trial, run, run.profile)
        # several are asked for at once, in no order
        scenarios = sorted(repr(asdict(scenario)) for scenario in asked)
        yield f"{trial.requirement.id} {len(asked)}, {summed(scenarios)}"


PRODUCERS = {
    "producer that conforms": (PRODUCER, ProducerRun, build_event),
    "email that conforms": (EMAIL, EmailRun, emails.pair),
}
EXCHANGES = {
    **{
        f"consumer that {name}, {trial.requirement.id}": (sent_to_consumer, name, trial.requirement.id)
        for name in CONSUMERS
        for trial in CONSUMER
    },
    **{f"service that {name}": (asked_of_service, name) for name in SERVICES},
    **{f"client that {name}": (answered_to_client, name) for name in CLIENTS},
    **{name: (asked_of_producer, name) for name in PRODUCERS},
}


def cut(line):
    """The line, of which the sum stands for what is too long."""
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}... {summed([line])}"


def exchange(heading):
    """Its lines."""
    look, *facts = EXCHANGES[heading]
    return [cut(lasting(line)) for line in look(*facts)]


def role_of(heading):
    """Whose file it is in."""
    return heading.partition(" ")[0]


def recorded():
    """What the files say, by their headings."""
    lines = {}
    for file in sorted(FOLDER.glob("*.txt")):
        parts = re.split(r"^== (.*)\n", file.read_text("utf-8"), flags=re.MULTILINE)[1:]
        lines.update(zip(parts[::2], (part.splitlines() for part in parts[1::2]), strict=True))
    return lines


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(observer, "PATIENCE", 0.02)
    monkeypatch.setattr(consumer_run, "new_run", str)


RECORDED = recorded()


@pytest.mark.representatives(
    "consumer that conforms, P25-json",
    "consumer that conforms, P26-no-id",
    "consumer that refuses, P25-structured",
    "consumer that gets messages, P27-no-second-effect",
    "client that conforms",
    "client that tries again",
    "client that looks",
    "service that conforms",
    "service that is asked of a job",
    "email that conforms",
    "producer that conforms",
)
@pytest.mark.parametrize("heading", EXCHANGES)
def test_what_is_asked_and_answered_is_what_was(heading):
    assert exchange(heading) == RECORDED[heading]


if __name__ == "__main__":
    observer.PATIENCE = 0.02
    consumer_run.new_run = str
    roles = dict.fromkeys(map(role_of, EXCHANGES))
    for role in sys.argv[1:] or roles:
        text = ""
        for heading in (heading for heading in EXCHANGES if role_of(heading) == role):
            text += f"== {heading}\n" + "".join(f"{line}\n" for line in exchange(heading))
        (FOLDER / f"{role}.txt").write_text(text, "utf-8")
