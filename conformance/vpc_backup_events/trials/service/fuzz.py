"""Requests that a person would not think of, as schemathesis makes them up from the description of the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vpc_backup_events.delivery import Asgi
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description
from vpc_backup_events.trials.service.notifications import event_of, routes
from vpc_backup_events.trials.service.operations import WEBHOOK, create_webhook
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import SERVICE
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped
from vpc_backup_events.values.visible import visible

__all__ = ["ROBUST"]

ROBUST = "P34-robust"
# IAM has an address of its own
ELSEWHERE = "/identity/token"
KINDS = ("subscriptions", "destinations", "topics", "sources")
# the same requests in every run
SEED = 0
# what is looked for; another check would end an operation at its first breach, and costs time
CHECK = "not_a_server_error"
SERVER_ERROR = 500
# operations of a resource that stays: the others take it away
STAYING = ("get", "patch", "put")
INSTANCE = "{instance_id}"


@SERVICE.judges(ROBUST)
def robust(subject: ServiceRun) -> None:
    """No request is answered 5xx; what was made meanwhile is deleted."""
    if not subject.facts.fuzz:
        raise NotExercised("no request is made up: `fuzz` is 0")
    if not subject.serves_events:
        raise NotExercised("the service has backup jobs, and nothing of Event Notifications")
    subject.created(description="of the kit")
    before = {kind: _ids(subject, kind) for kind in KINDS}
    try:
        failures = _failures(subject)
    finally:
        for kind, ids in before.items():
            for id in _ids(subject, kind) - ids:
                subject.ask("DELETE", subject.at(kind, id))
    if failures:
        # the shortest in full, since it says it best; the others a line each
        first, *others = sorted(failures, key=lambda failure: len(failure.title))
        exhibits = (("asked", first.title), ("answered", first.outcome))
        evidence = [Evidence(message=first.message, exhibits=exhibits), *others]
        among = f"{len(failures)} made-up {'request was' if len(failures) == 1 else 'requests were'} answered 5xx."
        raise Breached(*(piece.masked(subject.masked) for piece in evidence), among=among)


def _failures(subject: ServiceRun) -> list[Evidence]:
    """The requests that were answered 5xx, as commands; raises where no request was made."""
    try:
        from schemathesis.engine import events, from_schema
    except ImportError as error:
        raise Skipped(f"requests are made up by the extra `api`: {error}") from None
    failures: list[Evidence] = []
    problems: dict[str, None] = {}
    count = 0
    with _served(subject) as url:
        for event in from_schema(_schema(subject, url)).execute():
            if isinstance(event, events.FatalError):
                raise RuntimeError(subject.masked(f"schemathesis could not go on: {event.exception}"))
            if isinstance(event, events.NonFatalError):
                problems[f"{event.label}: {event.value!r}"] = None
            if not isinstance(event, events.ScenarioFinished):
                continue
            for id, interaction in event.recorder.interactions.items():
                count += 1
                status = interaction.response.status_code if interaction.response is not None else 0
                if status >= SERVER_ERROR:
                    curl = event.recorder.cases[id].value.as_curl_command()
                    failures.append(Evidence(curl, f"the answer is {status}", outcome=str(status)))
    subject.cases += count
    if not count:
        why = "; ".join(list(problems)[:3]) or "schemathesis does not say why"
        raise RuntimeError(subject.masked(f"no request was made, so nothing is known ({visible(why, 1_000)})"))
    return failures


def _schema(subject: ServiceRun, url: str) -> Any:
    """The description as schemathesis has it, told to make up requests and nothing else."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig

    schema = schemathesis.openapi.from_dict(_document(subject), config=SchemathesisConfig(seed=SEED))
    config = schema.config
    config.update(
        base_url=url,
        headers={"Authorization": f"Bearer {subject.token}"},
        parameters={"instance_id": subject.instance},
    )
    config.generation.update(max_examples=subject.facts.fuzz)
    config.checks.update(included_check_names=[CHECK])
    # every operation was asked once with its example already, and other methods have no content
    config.phases.examples.enabled = False
    config.phases.coverage.unexpected_methods = set()
    # sequences of requests are other trials; here they would only wait for each other
    config.phases.stateful.enabled = False
    return schema


# --------------------------------------------------------------------------------------------------- the description


def _document(subject: ServiceRun) -> dict[str, Any]:
    """The description without what takes time and finds nothing.

    The instance and the ids of resources that are there stand in the paths, so that requests get to the handlers; an
    event has the attributes of an event and not its schema, since a service takes them as texts; answers are not read.
    """
    document = description(EVENT_NOTIFICATIONS).self_contained()
    document["paths"].pop(ELSEWHERE)
    parameters_by_key = document["components"]["parameters"].items()
    names = {f"#/components/parameters/{key}": parameter["name"] for key, parameter in parameters_by_key}
    ids = _resources(subject)
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        bound = path.replace(INSTANCE, subject.instance)
        kind = bound.rpartition("/{id}")[0].rpartition("/")[2]
        for verb, operation in item.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            is_bound = bound.endswith("/{id}") and kind in ids and verb in STAYING
            place = bound.replace("{id}", ids[kind]) if is_bound else bound
            unbound = {"instance_id"} | ({"id"} if is_bound else set())
            parameters = [p for p in item.get("parameters", ()) if names[p["$ref"]] not in unbound]
            answers = {"default": {"description": "Not read."}}
            paths.setdefault(place, {"parameters": parameters})[verb] = {**operation, "responses": answers}
    send = paths[f"/v1/instances/{subject.instance}/notifications"]["post"]
    for content in send["requestBody"]["content"].values():
        content["schema"] = _event_schema()
        content.pop("examples", None)
    return {**document, "paths": paths}


def _event_schema() -> dict[str, Any]:
    """An object with the attributes of an event, all of them texts."""
    attributes = event_of("a source")
    return {
        "type": "object",
        "required": list(attributes),
        "properties": {name: {"type": "string", "minLength": 1, "examples": [attributes[name]]} for name in attributes},
    }


def _resources(subject: ServiceRun) -> dict[str, str]:
    """The id of a new resource of each kind that the service has."""
    name = subject.name()
    source = subject.source()
    ids: dict[str, str | None] = {"sources": source}
    ids["topics"] = subject.ask("POST", subject.at("topics"), {"name": name, **routes(source)}).id
    ids["destinations"] = create_webhook(subject, name, WEBHOOK).id
    if None not in ids.values():
        body: dict[str, Any] = {"topic_id": ids["topics"], "destination_id": ids["destinations"], "attributes": {}}
        ids["subscriptions"] = subject.ask("POST", subject.at("subscriptions"), {"name": name, **body}).id
    return {kind: id for kind, id in ids.items() if id is not None}


@contextmanager
def _served(subject: ServiceRun) -> Iterator[str]:
    """The base URL of the service: its own, or one of loopback for an application."""
    service: Any = subject.service
    if isinstance(service, str):
        yield service if service.rstrip("/").endswith(subject.base) else service.rstrip("/") + subject.base
        return
    if not isinstance(subject.transport, Asgi):
        raise Skipped("requests are made up for a URL or an ASGI application: serve this one, and give its URL")
    try:
        from vpc_backup_events.reference.server import serve
    except ImportError as error:
        raise Skipped(f"an application is served by the extra `api`: {error}") from None
    with serve(service) as server:
        yield server.url + subject.base


def _ids(subject: ServiceRun, kind: str) -> set[str]:
    """The ids of every resource of a kind."""
    ids: set[str] = set()
    while True:
        page = subject.ask("GET", subject.at(kind), query={"limit": 100, "offset": len(ids)}).members.get(kind)
        entries = page if isinstance(page, list) else []
        new = {str(entry.get("id")) for entry in entries if isinstance(entry, dict)} - ids
        if not new:
            return ids
        ids |= new
