"""Requests that a person would not think of: schemathesis' examples, coverage, fuzzing and walks along the links."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vpc_backup_events.delivery import Asgi
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description
from vpc_backup_events.trials.service.run import SERVICE, ServiceRun
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped
from vpc_backup_events.values.visible import visible

ROBUST = "P34-robust"
# IAM has an address of its own
ELSEWHERE = "/identity/token"
KINDS = ("subscriptions", "destinations", "topics", "sources")
# the same requests in every run
SEED = 0


@SERVICE.judges(ROBUST)
def robust(subject: ServiceRun) -> None:
    """No request is answered 5xx; what was made meanwhile is deleted."""
    if not subject.given.fuzz:
        raise NotExercised("no request is made up: `fuzz` is 0")
    if not subject.serves_events:
        raise NotExercised("the service has backup jobs, and nothing of Event Notifications")
    subject.created(description="of the kit")
    before = {kind: _ids(subject, kind) for kind in KINDS}
    try:
        failed = _run(subject)
    finally:
        for kind, known in before.items():
            for id in _ids(subject, kind) - known:
                subject.ask("DELETE", subject.at(kind, id))
    if failed:
        _breached(subject, failed)


def _run(subject: ServiceRun) -> list[tuple[int, str]]:
    """Status and curl command of each request that was answered 5xx; raises where no request was made."""
    try:
        import schemathesis
        from schemathesis.config import SchemathesisConfig
        from schemathesis.engine import events, from_schema
    except ImportError as error:
        raise Skipped(f"requests are made up by the extra `api`: {error}") from None
    document = description(EVENT_NOTIFICATIONS).self_contained()
    document["paths"].pop(ELSEWHERE)
    failed: list[tuple[int, str]] = []
    problems: dict[str, None] = {}
    asked = 0
    with _served(subject) as url:
        schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig(seed=SEED))
        schema.config.update(
            base_url=url,
            headers={"Authorization": f"Bearer {subject.token}"},
            parameters={"instance_id": subject.instance},
        )
        schema.config.generation.update(max_examples=subject.given.fuzz)
        for event in from_schema(schema).execute():
            if isinstance(event, events.FatalError):
                raise RuntimeError(subject.masked(f"schemathesis could not go on: {event.exception}"))
            if isinstance(event, events.NonFatalError):
                problems[f"{event.label}: {event.value!r}"] = None
            if not isinstance(event, events.ScenarioFinished):
                continue
            for id, interaction in event.recorder.interactions.items():
                asked += 1
                subject.cases += 1
                answer = interaction.response
                if answer is not None and answer.status_code >= 500:
                    case = event.recorder.cases[id].value
                    failed.append((answer.status_code, case.as_curl_command()))
    if not asked:
        why = "; ".join(list(problems)[:3]) or "schemathesis does not say why"
        raise RuntimeError(subject.masked(f"no request was made, so nothing is known ({visible(why, 1_000)})"))
    return failed


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
    found: set[str] = set()
    while True:
        page = subject.ask("GET", subject.at(kind), query={"limit": 100, "offset": len(found)}).members.get(kind)
        new = {str(each.get("id")) for each in page if isinstance(each, dict)} if isinstance(page, list) else set()
        if not new - found:
            return found
        found |= new


def _breached(subject: ServiceRun, failed: list[tuple[int, str]]) -> None:
    # the shortest request says it best
    by_length = sorted(failed, key=lambda failure: len(failure[1]))
    evidence = (
        Evidence(curl, f"it was answered {status}", outcome=str(status)).masked(subject.masked)
        for status, curl in by_length
    )
    raise Breached(*evidence, among=f"{len(failed)} requests were answered 5xx.")
