"""What the suites say, word for word: of each fake at the trial that catches it, of odd subjects at every trial.

PYTHONPATH=tests python tests/trials/test_words.py [ROLE...]
writes the files anew; the difference is for a person to read.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.delivery import MessageHandler, TransportError
from vpc_backup_events.reference import backup_jobs_app, build_event, consumer_app, event_notifications_app
from vpc_backup_events.trials.client import CLIENT, Abilities, ClientRun
from vpc_backup_events.trials.consumer import CONSUMER, ConsumerRun, observer
from vpc_backup_events.trials.consumer import run as consumer_run
from vpc_backup_events.trials.email import EMAIL, EmailRun
from vpc_backup_events.trials.producer import PRODUCER, ProducerRun
from vpc_backup_events.trials.service import SERVICE, ServiceFacts, ServiceRun
from vpc_backup_events.trials.trial import result_of

pytest.importorskip("uvicorn")
from helpers import clients, consumers, emails, producers, services, timelines

FOLDER = Path(__file__).with_name("words")
# what differs between two runs, or is longer than it tells
CHANGING = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    # one that is cut
    (r"[0-9a-f]{8}-[0-9a-f-]*(?=…)", "<cut>"),
    # where this file is, and the line, say nothing
    (r"\(/\S*/test_words\.py, line \d+\)", "(test_words.py)"),
    (r"127\.0\.0\.1:\d+", "<address>"),
    (r"\d+\.\d+ s\b", "<seconds> s"),
    (r"backup \d+", "backup <number>"),
    (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", "<now>"),
    (r"( at 0x)[0-9a-f]+", r"\1<address>"),
    (r"(Traceback \(most recent call last\):).*\\n(?=\w+: )", r"\1 <lines> "),
    (r"(Traceback \(most recent call last\):) File .* (?=\w*Error: )", r"\1 <lines> "),
    # of several at the same time
    (r"interpreted \d+ times", "interpreted <number> times"),
    (r'"ibmendefaultshort":.*?\}"', "<texts>"),
)


def profile_of(requirement):
    """The one that judges it."""
    return "strict" if catalog.requirements[requirement].profiles["documented"] == "none" else "documented"


def observed(app):
    return ConsumerRun(app, lambda: app.interpretations)


def consumer(requirement):
    fake = consumers.FAKES[requirement]()
    options = {"limit": 0.3} if requirement == "P25-in-time" else {}
    methods = consumers.METHODS.get(requirement, ("POST",))
    return ConsumerRun(fake, lambda: fake.interpretations, methods=methods, **options)


def client(requirement):
    abilities = {**clients.ABILITIES, **clients.BROKEN_ABILITIES.get(requirement, {})}
    return ClientRun(clients.FAKES[requirement], profile_of(requirement), Abilities(**abilities))


def service(requirement):
    if requirement in timelines.BREAKING:
        run = ServiceRun(
            event_notifications_app(deliver=services.undelivered), facts=ServiceFacts(fuzz=0, delivers=True)
        )
        run.observation = timelines.observation(timelines.BREAKING[requirement][0]())
        return run
    fake = services.Fake(services.FAKES[requirement]())
    return ServiceRun(fake, services.TOKEN, services.INSTANCE, facts=replace(services.facts_of(fake.app), fuzz=0))


def producer(requirement):
    return ProducerRun(next(made for id, made, _ in producers.fakes() if id == requirement), profile_of(requirement))


def email(requirement):
    return EmailRun(next(made for id, _, made, _ in emails.fakes() if id == requirement), profile_of(requirement))


ROLES = {
    "consumer": (CONSUMER, consumer),
    "client": (CLIENT, client),
    "service": (SERVICE, service),
    "producer": (PRODUCER, producer),
    "email": (EMAIL, email),
}


def raising(*_):
    raise RuntimeError("out of order")


def answering(status, body=b"", headers=()):
    """An application that has one answer."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return app


def asked(app, **facts):
    return ServiceRun(app, services.TOKEN, services.INSTANCE, facts=ServiceFacts(**{"fuzz": 0, **facts}))


def open_to_all():
    return event_notifications_app(deliver=services.undelivered)


def whole():
    app = services.reference()
    return ServiceRun(app, services.TOKEN, services.INSTANCE, facts=services.facts_of(app))


class Silent:
    """A way to a consumer that closes each connection."""

    def send(self, request, timeout):
        raise TransportError("closed", "the connection was closed")

    def close(self):
        """Has nothing to close."""


def interpreting(change):
    """A consumer that takes each interpretation for those that this makes of it."""
    app = consumer_app()
    return ConsumerRun(app, lambda: [other for each in app.interpretations for other in change(each)])


OTHER_HEADERS = {"Authorization": "Basic eDp5", "Content-Type": "text/json; charset=utf-8"}
MEMBERS = ("name", "enabled", "description", "store_notifications", "source", "event_notifications_instance_crn")


def of_errors(errors):
    """A service with these in each answer that is an error."""
    fake = services.Fake(services.changing(lambda asked, status: status >= 400, services.having(errors=errors)))
    return ServiceRun(fake, services.TOKEN, services.INSTANCE, facts=ServiceFacts(fuzz=0))


JSON = [(b"content-type", b"application/json")]
TOKEN = {"token": services.TOKEN, "instance_id": services.INSTANCE, "deliver": services.undelivered}
ODD = {
    "consumer": {
        "conforms": lambda: observed(consumer_app()),
        "is not observed": lambda: ConsumerRun(consumer_app()),
        "interprets nothing": lambda: ConsumerRun(consumer_app(), list),
        "interprets without ids": lambda: ConsumerRun(consumer_app(), lambda: [{"reason": "x"}]),
        "refuses": lambda: ConsumerRun(lambda headers, body: 400, list),
        "breaks": lambda: ConsumerRun(lambda headers, body: 500, list),
        "redirects": lambda: ConsumerRun(lambda headers, body: 302, list),
        "serves no POST": lambda: ConsumerRun(lambda headers, body: 405, list),
        "takes everything": lambda: ConsumerRun(lambda headers, body: 200, list),
        "raises": lambda: ConsumerRun(lambda headers, body: raising(), list),
        "gets messages": lambda: ConsumerRun(MessageHandler(lambda message: None), list),
        "can not take messages": lambda: ConsumerRun(MessageHandler(raising), list),
        "answers nothing": lambda: ConsumerRun(Silent(), list),
        "interprets twice": lambda: interpreting(lambda each: [each, each]),
        "interprets otherwise": lambda: interpreting(lambda each: [{**dict.fromkeys(each, "x"), "id": each["id"]}]),
        "interprets some": lambda: interpreting(lambda each: [each] * ("volume" in each["event_type"])),
        "has its own ids": lambda: interpreting(lambda each: [{**each, "id": "x"}]),
    },
    "client": {
        "conforms": lambda: ClientRun(clients.client(), abilities=Abilities(**clients.ABILITIES)),
        "does one thing": lambda: ClientRun(clients.client()),
        "asks for nothing": lambda: ClientRun(lambda *facts: None),
        "raises": lambda: ClientRun(raising, abilities=Abilities(raising, raising, raising)),
        "sends no headers": lambda: ClientRun(clients.client(headers=lambda headers, token: {})),
        "sends other headers": lambda: ClientRun(clients.client(headers=lambda headers, token: OTHER_HEADERS)),
        "sends another token": lambda: ClientRun(
            clients.client(headers=lambda headers, token: {**headers, "Authorization": f"Bearer  {token}x"})
        ),
        "sends no JSON": lambda: ClientRun(clients.client(members=lambda members: b"{")),
        "sends no members": lambda: ClientRun(clients.client(members=lambda members: {})),
        "sends numbers": lambda: ClientRun(clients.client(members=lambda members: dict.fromkeys(MEMBERS, 7))),
        "sends blanks": lambda: ClientRun(clients.client(members=lambda members: dict.fromkeys(MEMBERS, " "))),
        "never gives up": lambda: ClientRun(clients.retrying(*range(400, 600))),
    },
    "service": {
        "conforms": whole,
        "has no sources": lambda: asked(answering(404)),
        "breaks": lambda: asked(answering(500, b"oh", JSON)),
        "takes everything": lambda: asked(answering(200, b"{}", JSON)),
        "creates everything": lambda: asked(answering(201, b'{"id": "x", "sources": []}', JSON)),
        "has no jobs": lambda: asked(event_notifications_app(**TOKEN)),
        "has jobs alone": lambda: ServiceRun(
            backup_jobs_app(token=services.TOKEN), services.TOKEN, facts=ServiceFacts(fuzz=0)
        ),
        "has words for errors": lambda: of_errors(["no"]),
        "has one error": lambda: of_errors({"code": "x"}),
        "has no errors": lambda: of_errors([]),
        "asks for no token": lambda: ServiceRun(open_to_all(), facts=ServiceFacts(fuzz=0)),
    },
    "producer": {
        "conforms": lambda: ProducerRun(build_event),
        "raises": lambda: ProducerRun(raising),
        "makes nothing": lambda: ProducerRun(lambda scenario: None),
    },
    "email": {
        "conforms": lambda: EmailRun(emails.pair),
        "raises": lambda: EmailRun(raising),
        "makes nothing": lambda: EmailRun(lambda scenario: None),
    },
}
# of a fake once, of an odd subject not at all
SHOWN = (
    "  sent: ",
    "  fix: ",
    "doc: ",
    "  asked: ",
    "  produced: ",
    "  scenario ",
    "  shows: ",
    "reproduce: ",
    "  also: ",
    "         ",
)
LONGEST = 300
# seconds
PATIENCE = 0.2
FAKES = [(role, trial.requirement.id) for role, (trials, _) in ROLES.items() for trial in trials]
FURTHER = {"consumer": consumers.FURTHER, "client": clients.FURTHER, "service": services.FURTHER}
# its logger holds the stream of the first test that called it
HOLDS_ON = "the token is logged by a handler of its own"
FURTHER_ONES = [(role, name) for role, fakes in FURTHER.items() for name in fakes if name != HOLDS_ON]
ODD_ONES = [(role, name) for role, subjects in ODD.items() for name in subjects]


def said(trial, run):
    result = result_of(trial, run, run.profile)
    shown = [f"  shows: {each.title}, {each.pointer}: {each.message} {each.event!r}" for each in result.evidence]
    text = "\n".join((f"{result.status}: {result.message}", *shown))
    for pattern, instead in CHANGING:
        text = re.sub(pattern, instead, text)
    return "\n".join(line[:LONGEST] for line in text.splitlines())


def once(text):
    """The lines, the second of a kind left out."""
    kinds = set()
    for line in text.splitlines():
        kind = next((start for start in SHOWN if line.startswith(start)), line)
        if kind not in kinds or kind == line:
            yield line
        kinds.add(kind)


def words_of_fake(role, requirement):
    trials, make = ROLES[role]
    run = make(requirement)
    try:
        return "\n".join(once(said(trials[requirement], run)))
    finally:
        getattr(run, "close", int)()


def started(role, name):
    """A further fake, and the requirements that it breaks."""
    broken, make = FURTHER[role][name]
    if role == "client":
        return broken, ClientRun(make, abilities=Abilities(**clients.ABILITIES))
    fake = make()
    if role == "consumer":
        return {broken}, ConsumerRun(fake, lambda: fake.interpretations)
    fake = services.Fake(fake)
    return broken, ServiceRun(fake, services.TOKEN, services.INSTANCE, facts=services.facts_of(fake.app))


def words_of_further(role, name):
    broken, run = started(role, name)
    try:
        return "\n".join("\n".join(once(said(ROLES[role][0][requirement], run))) for requirement in sorted(broken))
    finally:
        run.close()


def words_of_odd(role, name):
    run = ODD[role][name]()
    try:
        lines = "\n".join(f"{trial.requirement.id} {said(trial, run)}" for trial in ROLES[role][0]).splitlines()
        return "\n".join(line for line in lines if line and not line.startswith(SHOWN))
    finally:
        getattr(run, "close", int)()


def recorded():
    """What the files say, by their headings."""
    texts = {}
    for file in sorted(FOLDER.glob("*.txt")):
        parts = re.split(r"^== (.*)\n", file.read_text("utf-8"), flags=re.MULTILINE)[1:]
        texts.update(zip(parts[::2], (part.removesuffix("\n") for part in parts[1::2]), strict=True))
    return texts


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """What the fakes interpret is there with their answer."""
    monkeypatch.setattr(observer, "PATIENCE", PATIENCE)
    monkeypatch.setattr(consumer_run, "new_run", str)


RECORDED = recorded()


@pytest.mark.representatives(
    "producer-P01-id",
    "producer-P08-severity-known",
    "producer-P11-details-json",
    "producer-P16-code-known",
    "producer-P23-reasons",
    "email-P21-readable",
    "email-P22-body-job",
    "email-P23-resource",
    "consumer-P25-json",
    "consumer-P25-in-time",
    "consumer-P26-no-id",
    "consumer-P27-no-second-effect",
    "consumer-P28-reason",
    "client-P31-enabled",
    "client-P32-base",
    "client-P34-client-retry-after",
    "service-P31-created",
    "service-P33-second-status",
    "service-P34-walk",
    "service-P35-size",
    "service-P36-get-job",
)
@pytest.mark.parametrize(("role", "requirement"), FAKES)
def test_what_is_said_of_a_fake_is_what_was_said(role, requirement):
    assert words_of_fake(role, requirement) == RECORDED[f"{role} that breaks {requirement}"]


@pytest.mark.parametrize(("role", "name"), FURTHER_ONES)
def test_what_is_said_of_a_further_fake_is_what_was_said(role, name):
    assert words_of_further(role, name) == RECORDED[f"{role} of which {name}"]


@pytest.mark.representatives(
    "consumer-conforms",
    "consumer-refuses",
    "consumer-gets messages",
    "client-conforms",
    "client-raises",
    "service-conforms",
    "service-breaks",
    "producer-conforms",
    "producer-raises",
    "email-conforms",
    "email-raises",
)
@pytest.mark.parametrize(("role", "name"), ODD_ONES)
def test_what_is_said_of_an_odd_subject_is_what_was_said(role, name):
    assert words_of_odd(role, name) == RECORDED[f"{role} that {name}"]


def words_of(role):
    """The words about the subjects of a role, by heading."""
    fakes = [(f"{role} that breaks {id}", words_of_fake, id) for of, id in FAKES if of == role]
    fakes += [(f"{role} of which {name}", words_of_further, name) for of, name in FURTHER_ONES if of == role]
    fakes += [(f"{role} that {name}", words_of_odd, name) for of, name in ODD_ONES if of == role]
    return {heading: words(role, which) for heading, words, which in fakes}


if __name__ == "__main__":
    observer.PATIENCE = PATIENCE
    consumer_run.new_run = str
    for role in sys.argv[1:] or ROLES:
        text = "".join(f"== {heading}\n{words}\n" for heading, words in words_of(role).items())
        (FOLDER / f"{role}.txt").write_text(text, "utf-8")
