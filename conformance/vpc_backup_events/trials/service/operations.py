"""Every operation once, from the first resource to the last: each has to succeed, and its answer is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.spec.openapi import BACKUP_JOBS, EVENT_NOTIFICATIONS, Problem, description
from vpc_backup_events.trials.service.answers import Answer
from vpc_backup_events.trials.service.notifications import event_of, routes
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import SERVICE, breached
from vpc_backup_events.trials.trial import Skipped

__all__ = ["WEBHOOK", "create_webhook", "new_resources"]

FORM = "P34-answer-form"
# where nothing listens: the name is reserved
WEBHOOK = "https://webhook.example.invalid/backup"
_BOUNDARY = "a-boundary-of-the-kit"
# of resources that no position asks for
KINDS = ("topic", "destination", "subscription")
# operations whose success is a requirement of its own
OWN = {
    "create_sources": "P31-created",
    "list_sources": "P34-list-array",
    "get_source": "P33-encoded-id",
    "send_notifications": "P35-accepted",
    "list_backup_policy_jobs": "P36-list-jobs",
    "get_backup_policy_job": "P36-get-job",
}
# how the requirements begin that speak of one member of an answer, and go on with its name
MEMBERS = {
    "create_sources": "P31-answer-",
    "get_backup_policy_job": "P36-job-",
    "list_backup_policy_jobs": "P36-list-",
    "list_sources": "P34-list-",
}


class NeverSucceededError(Exception):
    """Operations that did not succeed once, so that little is known about them."""


def _drive(subject: ServiceRun) -> dict[str, Answer]:
    """The answer of each operation of Event Notifications, by its name; it succeeds where the service conforms."""
    at = subject.at
    name = subject.name()
    answers: dict[str, Answer] = {}
    ids: dict[str, str] = {}
    for kind, answer in new_resources(subject, name, WEBHOOK):
        answers["create_sources" if kind == "source" else f"create_{kind}"] = answer
        ids[kind] = _id_of(answer)
    source, topic, destination, subscription = ids.values()
    for kind, id in ids.items():
        answers[f"list_{kind}s"] = subject.ask("GET", at(f"{kind}s"))
        answers[f"get_{kind}"] = subject.ask("GET", at(f"{kind}s", id))
    change = {"description": "changed by the kit"}
    answers["update_source"] = subject.ask("PATCH", at("sources", source), change)
    answers["replace_topic"] = subject.ask("PUT", at("topics", topic), {"name": name, **change, **routes(source)})
    answers["update_destination"] = send_form(subject, "PATCH", at("destinations", destination), change)
    answers["update_subscription"] = subject.ask("PATCH", at("subscriptions", subscription), {"name": name, **change})
    answers["test_destination"] = subject.ask("POST", f"{at('destinations', destination)}/test")
    test = str(answers["test_destination"].members.get("notification_id"))
    answers["get_notifications_status"] = subject.ask("GET", at("notifications", test))
    # nobody is to be called
    answers["delete_subscription"] = subject.ask("DELETE", at("subscriptions", subscription))
    answers["send_notifications"] = subject.ask("POST", at("notifications"), event_of(source))
    for kind in ("destination", "topic", "source"):
        answers[f"delete_{kind}"] = subject.ask("DELETE", at(f"{kind}s", ids[kind]))
    return answers


def new_resources(subject: ServiceRun, name: str, url: str) -> Iterator[tuple[str, Answer]]:
    """Creates a source, a topic that takes its events, a webhook, and a subscription of the webhook to the topic.

    Gives the kind of each and the answer, before the next is asked for.
    """
    source = subject.ask("POST", subject.at("sources"), {"name": name, "enabled": True})
    yield "source", source
    topic = subject.ask("POST", subject.at("topics"), {"name": name, **routes(_id_of(source))})
    yield "topic", topic
    destination = create_webhook(subject, name, url)
    yield "destination", destination
    between = {"topic_id": _id_of(topic), "destination_id": _id_of(destination)}
    body = {"name": name, **between, "attributes": {"signing_enabled": False}}
    yield "subscription", subject.ask("POST", subject.at("subscriptions"), body)


def _id_of(answer: Answer) -> str:
    return str(answer.members.get("id", "00000000-0000-4000-8000-000000000000"))


def create_webhook(subject: ServiceRun, name: str, url: str) -> Answer:
    """The answer to a new destination that is a webhook."""
    config = {"params": {"url": url, "verb": "post"}}
    texts = {"name": name, "type": "webhook", "description": "of the kit"}
    return send_form(subject, "POST", subject.at("destinations"), texts, config)


def send_form(subject: ServiceRun, method: str, path: str, texts: Mapping[str, str], config: Any = None) -> Answer:
    """The answer to a multipart body, as IBM's clients send it."""
    parts = [(name, "text/plain", text) for name, text in texts.items()]
    if config is not None:
        parts.append(("config", "application/json", json.dumps(config)))
    lines = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {media}\r\n\r\n{text}\r\n'
        for name, media, text in parts
    ]
    body = "".join(lines) + f"--{_BOUNDARY}--\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    return subject.ask(method, path, body=body.encode(), headers=headers)


@SERVICE.judges(FORM)
def answer_form(subject: ServiceRun) -> None:
    """What clients read is there; what another requirement says is a breach of that one."""
    answers = _drive(subject) if subject.serves_events else {}
    if subject.serves_jobs:
        answers["list_backup_policy_jobs"] = subject.jobs()
        answers["get_backup_policy_job"] = subject.jobs(subject.job)
    if subject.serves_events:
        answers["create_sources"].require(201, "create a source", OWN["create_sources"])
        if answers["create_sources"].id is None:
            raise Skipped("a new source has no id that is a text, see P31-answer-id")
    failures = {name: answer.status for name, answer in answers.items() if not answer.accepted}
    descriptions = {**description(EVENT_NOTIFICATIONS).operations, **description(BACKUP_JOBS).operations}
    for name, answer in answers.items():
        if name in failures or (name in OWN and answer.status not in descriptions[name].answers):
            continue
        problems = descriptions[name].answer_problems(answer.status, answer.headers, answer.body)
        own = [problem for problem in problems if not _is_judged(name, problem)]
        if own:
            more = f", and {len(own) - 1} more" if len(own) > 1 else ""
            breached(f"{name}: {own[0]}{more}", answer, subject)
    elsewhere = set(OWN)
    if "get_source" in failures:
        # what can't be found can't be changed either
        elsewhere |= {"update_source", "delete_source"}
    absent = _absent(subject, answers)
    names = [name for name in failures if name not in elsewhere and _kind(name) not in absent]
    if names:
        listed = ", ".join(f"{name} ({failures[name]})" for name in names)
        raise NeverSucceededError(f"operations that did not succeed, so that they could not be judged: {listed}")


def _kind(operation: str) -> str:
    """The kind of resource that an operation is about; the status of a test is one of destinations."""
    kind = next((kind for kind in KINDS if kind in operation), "")
    return "destination" if operation == "get_notifications_status" else kind


def _absent(subject: ServiceRun, answers: Mapping[str, Answer]) -> set[str]:
    """The kinds of resources that the service does not have at all: no position asks for them."""
    unknown = subject.ask("GET", subject.at("no-such-thing")).status
    not_there = {404, 405, 501, unknown if unknown >= 400 else 404}
    absent = set()
    for kind in KINDS:
        names = (f"create_{kind}", f"list_{kind}s", f"get_{kind}")
        if {answers[name].status for name in names if name in answers} <= not_there:
            absent.add(kind)
    return absent


def _is_judged(operation: str, problem: Problem) -> bool:
    """Whether another requirement says it."""
    id = problem.requirement
    if id is None and problem.path and operation in MEMBERS:
        id = MEMBERS[operation] + str(problem.path[0]).replace("_", "-")
    return id is not None and id in catalog.requirements and catalog.requirements[id].status == "checked"
