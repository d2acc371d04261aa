"""What only some clients do: list sources, send an event, look at a backup job (positions P34 to P36)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.trials.account import INSTANCE
from vpc_backup_events.trials.client.facts import TOKEN
from vpc_backup_events.trials.client.loopback import LISTED, page_of, pages
from vpc_backup_events.trials.client.requests import ClientCall
from vpc_backup_events.trials.client.run import ClientRun
from vpc_backup_events.trials.client.trials import CLIENT, breached
from vpc_backup_events.trials.trial import NotExercised, Skipped

EVENT_ID = "8f4c1d2e-0b7a-4a1d-9c55-3e2f1a6b7c80"
_VERSION = re.compile(r"\d{4}-\d\d-\d\d")


def _ability(function: Callable[..., Any] | None, name: str) -> Callable[..., Any]:
    if function is None:
        raise NotExercised(f"it is not known how the client does this: say it with `{name}`")
    return function


@CLIENT.judges("P34-client-follows-next")
def follows_next(subject: ClientRun) -> None:
    """A list of several pages."""
    function = _ability(subject.abilities.list_sources, "list_sources")
    attempt = subject.call(function, (API_BASE, TOKEN, INSTANCE), pages)
    lists = [request for request in attempt.requests if request.lists]
    if not lists:
        raise Skipped(f"the client did not ask for sources{attempt.ending}")
    if max(sum(page_of(request)) for request in lists) < LISTED:
        breached(f"{len(lists)} pages of {LISTED} sources were asked for", lists[-1])


@CLIENT.judges("P35-path")
def path(subject: ClientRun) -> None:
    """An event."""
    function = _ability(subject.abilities.send, "send")
    attempt = subject.call(function, (API_BASE, TOKEN, INSTANCE, _event()))
    if not _asks_for(attempt, "POST", f"{API_BASE}/v1/instances/{INSTANCE}/notifications"):
        breached(attempt.summary)


def _event() -> dict[str, Any]:
    from vpc_backup_events.making.choices import Plain
    from vpc_backup_events.making.draft import draft, scenario_of

    scenario = scenario_of(next(iter(catalog.pairs.values())), Plain())
    return draft(scenario, EVENT_ID).event()


def _asks_for(attempt: ClientCall, method: str, path: str) -> bool:
    return any(request.method == method and request.decoded_path == path for request in attempt.requests)


@dataclass(frozen=True, slots=True)
class _Confirmation:
    """What the client asks of the VPC API, and for which job it was to."""

    attempt: ClientCall
    #: of the job
    path: str


def _confirmation(subject: ClientRun) -> _Confirmation:
    from vpc_backup_events.reference.backup_jobs import example

    function = _ability(subject.abilities.confirm, "confirm")
    job = example()
    policy = job["href"].split("/backup_policies/")[1].split("/")[0]
    attempt = subject.call(function, ("/v1", TOKEN, policy, job["id"]))
    return _Confirmation(attempt, f"/v1/backup_policies/{policy}/jobs/{job['id']}")


@CLIENT.judges("P36-asks-policy-and-job")
def asks_policy_and_job(subject: ClientRun) -> None:
    """In the path; a list of the policy's jobs is no job."""
    confirmation = _confirmation(subject)
    if not _asks_for(confirmation.attempt, "GET", confirmation.path):
        breached(confirmation.attempt.summary)


@CLIENT.judges("P36-asks-version")
def asks_version(subject: ClientRun) -> None:
    """In the query."""
    requests = _confirmation(subject).attempt.requests
    of_jobs = [request for request in requests if request.path.startswith("/v1/backup_policies/")]
    if not of_jobs:
        raise Skipped("the client did not ask for a job, see P36-asks-policy-and-job")
    for request in of_jobs:
        query = request.query
        if not _VERSION.fullmatch(query.get("version", "")) or query.get("generation") != "2":
            breached(f"the query is {request.target.partition('?')[2]!r}", request)
