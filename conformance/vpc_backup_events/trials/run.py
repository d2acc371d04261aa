"""A whole suite without pytest: for the command line, and for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from vpc_backup_events.delivery import Target
from vpc_backup_events.trials.client import CLIENT, ClientRun, Register
from vpc_backup_events.trials.consumer import CONSUMER, LIMIT, ConsumerRun
from vpc_backup_events.trials.consumer.observer import Observe
from vpc_backup_events.trials.email import EMAIL
from vpc_backup_events.trials.producer import PRODUCER, Produce, ProducerRun
from vpc_backup_events.trials.report import KNOWN_GAP, SuiteReport
from vpc_backup_events.trials.service import SERVICE, ServiceFacts, ServiceRun
from vpc_backup_events.trials.trial import Result, S, Trials, result_of
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.report import Level, Profile

__all__ = [
    "INTERRUPTED",
    "KNOWN_GAP",
    "TRIALS",
    "SuiteReport",
    "judge_client",
    "judge_consumer",
    "judge_producer",
    "judge_service",
]

# by role
TRIALS: Mapping[str, Trials[Any]] = {
    "producer": PRODUCER,
    "consumer": CONSUMER,
    "client": CLIENT,
    "service": SERVICE,
    "email": EMAIL,
}
# why a requirement was skipped that an interrupt left out
INTERRUPTED = "interrupted before it was judged"

# takes how many more requirements are judged
Progress = Callable[[int], None]


def _unseen(_: int) -> None:
    """Nobody looks."""


def judge_producer(
    produce: Produce,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    progress: Progress = _unseen,
) -> SuiteReport:
    """Judges a producer, a callable from `Scenario` to an event; an interrupt leaves out the requirements to come.

    `progress` is called with 1 after each requirement, here and in the functions below.
    """
    run = ProducerRun(produce, profile)
    report = _report("producer", PRODUCER, run, fail_on, gaps, progress)
    # of its program; that it made nothing of a scenario is a breach
    errors = dict.fromkeys(str(error) for error in run.errors.values() if isinstance(error, KitError))
    return replace(report, errors=tuple(errors), pairs=run.pairs)


def judge_consumer(
    consumer: Target,
    observe: Observe | None = None,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    progress: Progress = _unseen,
    *,
    methods: Sequence[str] = ("POST",),
    limit: float = LIMIT,
    path: str = "/",
    headers: Mapping[str, str] | None = None,
) -> SuiteReport:
    """Judges a consumer, what `transport_for` takes.

    `methods` are those that it says it serves, `limit` the seconds that an answer may take, `path` where an application
    is called, and `headers` those that every delivery has.
    """
    consumer_run = ConsumerRun(consumer, observe, profile, methods=methods, limit=limit, path=path, headers=headers)
    with closing(consumer_run) as run:
        return replace(_report("consumer", CONSUMER, run, fail_on, gaps, progress), pairs=run.pairs)


def judge_client(
    register: Register,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    progress: Progress = _unseen,
) -> SuiteReport:
    """Judges a client, a callable from base URL, token, instance id, source and instance CRN."""
    with closing(ClientRun(register, profile)) as run:
        return _report("client", CLIENT, run, fail_on, gaps, progress)


def judge_service(
    service: Target,
    token: str | None = None,
    instance_id: str | None = None,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    facts: ServiceFacts | None = None,
    progress: Progress = _unseen,
) -> SuiteReport:
    """Judges a service of the API: a base URL, or an application; `facts` says what else is known of it."""
    with closing(ServiceRun(service, token, instance_id, profile, facts)) as run:
        return _report("service", SERVICE, run, fail_on, gaps, progress)


def _report(
    role: str, trials: Trials[S], run: S, fail_on: Level, gaps: Mapping[str, str] | None, progress: Progress
) -> SuiteReport:
    results: list[Result] = []
    for trial in trials:
        try:
            results.append(result_of(trial, run, run.profile, fail_on))
        except KeyboardInterrupt:
            break
        progress(1)
    for trial in list(trials)[len(results) :]:
        results.append(Result(trial.requirement, "skipped", INTERRUPTED))
    return SuiteReport(role, run.profile, tuple(results), gaps or {})
