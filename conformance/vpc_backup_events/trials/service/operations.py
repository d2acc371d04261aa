"""Every operation once, from the first resource to the last: each has to succeed, and its answer is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.spec.openapi import BACKUP_JOBS, EVENT_NOTIFICATIONS, Operation, Problem, description
from vpc_backup_events.trials.service.notifications import EVERY, event_of
from vpc_backup_events.trials.service.run import SERVICE, Answer, ServiceRun, breached
from vpc_backup_events.trials.trial import Skipped

FORM = "P34-answer-form"
# where nothing listens: the name is reserved
WEBHOOK = "https://webhook.example.invalid/backup"
_BOUNDARY = "a-boundary-of-the-kit"
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


def drive(subject: ServiceRun) -> dict[str, Answer]:
    """The answer of each operation that the service is to have, by its name; it succeeds where the service conforms."""
    made: dict[str, Answer] = {}
    if subject.serves_events:
        _events(subject, made)
    if subject.serves_jobs:
        made["list_backup_policy_jobs"] = subject.jobs()
        made["get_backup_policy_job"] = subject.jobs(subject.job)
    return made


def _events(subject: ServiceRun, made: dict[str, Answer]) -> None:
    name = subject.name()
    at = subject.at
    source = _create(subject, made, "create_sources", "sources", {"name": name, "enabled": True})
    rules = {"sources": [{"id": source, "rules": EVERY}]}
    topic = _create(subject, made, "create_topic", "topics", {"name": name, **rules})
    made["create_destination"] = subject.ask("POST", at("destinations"), **webhook_form(name, WEBHOOK))
    destination = _id_of(made["create_destination"])
    body = {"name": name, "topic_id": topic, "destination_id": destination, "attributes": {"signing_enabled": False}}
    subscription = _create(subject, made, "create_subscription", "subscriptions", body)
    known = {"source": source, "topic": topic, "destination": destination, "subscription": subscription}
    for kind, id in known.items():
        made[f"list_{kind}s"] = subject.ask("GET", at(f"{kind}s"))
        made[f"get_{kind}"] = subject.ask("GET", at(f"{kind}s", id))
    changed = {"description": "changed by the kit"}
    made["update_source"] = subject.ask("PATCH", at("sources", source), changed)
    made["replace_topic"] = subject.ask("PUT", at("topics", topic), {"name": name, **changed, **rules})
    made["update_destination"] = subject.ask("PATCH", at("destinations", destination), **_form(changed))
    made["update_subscription"] = subject.ask("PATCH", at("subscriptions", subscription), {"name": name, **changed})
    made["test_destination"] = subject.ask("POST", f"{at('destinations', destination)}/test")
    test = str(made["test_destination"].members.get("notification_id"))
    made["get_notifications_status"] = subject.ask("GET", at("notifications", test))
    # nobody is to be called
    made["delete_subscription"] = subject.ask("DELETE", at("subscriptions", subscription))
    made["send_notifications"] = subject.ask("POST", at("notifications"), event_of(source))
    for kind in ("destination", "topic", "source"):
        made[f"delete_{kind}"] = subject.ask("DELETE", at(f"{kind}s", known[kind]))


def _create(subject: ServiceRun, made: dict[str, Answer], operation: str, kind: str, body: Mapping[str, Any]) -> str:
    made[operation] = subject.ask("POST", subject.at(kind), body)
    return _id_of(made[operation])


def _id_of(answer: Answer) -> str:
    return str(answer.members.get("id", "00000000-0000-4000-8000-000000000000"))


def webhook_form(name: str, url: str) -> dict[str, Any]:
    """Body and headers that create a webhook."""
    config = {"params": {"url": url, "verb": "post"}}
    return _form({"name": name, "type": "webhook", "description": "of the kit"}, config)


def _form(texts: Mapping[str, str], config: Any = None) -> dict[str, Any]:
    """A multipart body, as IBM's clients send it."""
    parts = [(name, "text/plain", text) for name, text in texts.items()]
    if config is not None:
        parts.append(("config", "application/json", json.dumps(config)))
    lines = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {media}\r\n\r\n{text}\r\n'
        for name, media, text in parts
    ]
    body = "".join(lines) + f"--{_BOUNDARY}--\r\n"
    return {"body": body.encode(), "headers": {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}}


def operations() -> dict[str, Operation]:
    """Every operation of both APIs, by its name."""
    return {**description(EVENT_NOTIFICATIONS).operations, **description(BACKUP_JOBS).operations}


@SERVICE.judges(FORM)
def answer_form(subject: ServiceRun) -> None:
    """What clients read is there; what another requirement says is found as such."""
    made = drive(subject)
    if "create_sources" in made and made["create_sources"].status != 201:
        status = made["create_sources"].status
        raise Skipped(f"the service does not create a source ({status}), see {OWN['create_sources']}")
    if "create_sources" in made and not isinstance(made["create_sources"].members.get("id"), str):
        raise Skipped("a new source has no id that is a text, see P31-answer-id")
    failed = {name: answer for name, answer in made.items() if not 200 <= answer.status < 300}
    known = operations()
    for name, answer in made.items():
        if name in failed or (name in OWN and answer.status not in known[name].answers):
            continue
        problems = known[name].answer_problems(answer.status, answer.headers, answer.body)
        mine = [each for each in problems if not _is_judged(name, each)]
        if mine:
            more = f", and {len(mine) - 1} more" if len(mine) > 1 else ""
            breached(FORM, f"{name}: {mine[0]}{more}", answer, subject)
    absent = _absent(subject, made)
    if "get_source" in failed:
        # what can't be found can't be changed either
        failed = {name: answer for name, answer in failed.items() if name not in ("update_source", "delete_source")}
    failed = {name: answer for name, answer in failed.items() if name not in OWN and _kind(name) not in absent}
    if failed:
        said = ", ".join(f"{name} ({answer.status})" for name, answer in failed.items())
        raise NeverSucceededError(f"operations that did not succeed, so that they could not be judged: {said}")


def _kind(operation: str) -> str:
    """The kind of resource that an operation is about; the status of a test is one of destinations."""
    kind = next((each for each in ("topic", "destination", "subscription") if each in operation), "")
    return "destination" if operation == "get_notifications_status" else kind


def _absent(subject: ServiceRun, made: Mapping[str, Answer]) -> set[str]:
    """The kinds of resources that the service does not have at all: no position asks for them."""
    unknown = subject.ask("GET", subject.at("no-such-thing")).status
    missing = {404, 405, 501, unknown if unknown >= 400 else 404}
    return {
        kind
        for kind in ("topic", "destination", "subscription")
        if {made[name].status for name in (f"create_{kind}", f"list_{kind}s", f"get_{kind}") if name in made} <= missing
    }


def _is_judged(operation: str, problem: Problem) -> bool:
    """Whether another requirement says it."""
    named = problem.requirement
    if named is None and problem.path and operation in MEMBERS:
        named = MEMBERS[operation] + str(problem.path[0]).replace("_", "-")
    return named is not None and named in catalog.requirements and catalog.requirements[named].status == "checked"
