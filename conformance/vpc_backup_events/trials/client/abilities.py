"""What only some clients do: list sources, send an event, look at a backup job (positions P34 to P36)."""

from __future__ import annotations

import re
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.trials.account import INSTANCE, TOKEN
from vpc_backup_events.trials.client.loopback import LISTED, Behaviour, page_of, pages
from vpc_backup_events.trials.client.requests import ClientCall
from vpc_backup_events.trials.client.run import CLIENT, ClientRun, breached
from vpc_backup_events.trials.trial import NotExercised, Skipped

EVENT_ID = "8f4c1d2e-0b7a-4a1d-9c55-3e2f1a6b7c80"
_VERSION = re.compile(r"\d{4}-\d\d-\d\d")


def _call(subject: ClientRun, ability: str, facts: tuple[Any, ...], behaviour: Behaviour | None = None) -> ClientCall:
    """What the client asks by an ability; raises `NotExercised` where it has none of this name."""
    function = getattr(subject.abilities, ability)
    if function is None:
        raise NotExercised(f"it is not known how the client does this: say it with `{ability}`")
    return subject.call(function, facts, behaviour)


@CLIENT.judges("P34-client-follows-next")
def follows_next(subject: ClientRun) -> None:
    """A list of several pages."""
    attempt = _call(subject, "list_sources", (API_BASE, TOKEN, INSTANCE), pages)
    lists = [request for request in attempt.requests if request.lists]
    if not lists:
        raise Skipped(f"the client did not ask for sources{attempt.ending}")
    if max(sum(page_of(request)) for request in lists) < LISTED:
        breached(f"{len(lists)} pages of {LISTED} sources were asked for", lists[-1])


@CLIENT.judges("P35-path")
def path(subject: ClientRun) -> None:
    """An event."""
    event = draft(scenario_of(next(iter(catalog.pairs.values())), Plain()), EVENT_ID).event()
    attempt = _call(subject, "send", (API_BASE, TOKEN, INSTANCE, event))
    if not attempt.asks_for("POST", f"{API_BASE}/v1/instances/{INSTANCE}/notifications"):
        breached(attempt.summary)


def _confirmation(subject: ClientRun) -> tuple[ClientCall, str]:
    """What the client asks of the VPC API, and the path of the job that it was to look at."""
    from vpc_backup_events.reference.backup_jobs import example

    job = example()
    policy = job["href"].split("/backup_policies/")[1].split("/")[0]
    attempt = _call(subject, "confirm", ("/v1", TOKEN, policy, job["id"]))
    return attempt, f"/v1/backup_policies/{policy}/jobs/{job['id']}"


@CLIENT.judges("P36-asks-policy-and-job")
def asks_policy_and_job(subject: ClientRun) -> None:
    """In the path; a list of the policy's jobs is no job."""
    attempt, job = _confirmation(subject)
    if not attempt.asks_for("GET", job):
        breached(attempt.summary)


@CLIENT.judges("P36-asks-version")
def asks_version(subject: ClientRun) -> None:
    """In the query."""
    attempt, _ = _confirmation(subject)
    of_jobs = [request for request in attempt.requests if request.path.startswith("/v1/backup_policies/")]
    if not of_jobs:
        raise Skipped("the client did not ask for a job, see P36-asks-policy-and-job")
    for request in of_jobs:
        query = request.query
        if not _VERSION.fullmatch(query.get("version", "")) or query.get("generation") != "2":
            breached(f"the query is {request.target.partition('?')[2]!r}", request)
