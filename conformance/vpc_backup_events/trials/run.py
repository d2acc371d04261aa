"""A whole suite without pytest: for the command line, and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vpc_backup_events.trials.client import CLIENT, ClientRun
from vpc_backup_events.trials.consumer import CONSUMER, ConsumerRun
from vpc_backup_events.trials.email import EMAIL
from vpc_backup_events.trials.producer import PRODUCER, ProducerRun
from vpc_backup_events.trials.report import KNOWN_GAP, SuiteReport
from vpc_backup_events.trials.service import SERVICE, ServiceFacts, ServiceRun
from vpc_backup_events.trials.trial import Result, Trials, result_of
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
Done = Callable[[int], None]


def _nobody(_: int) -> None:
    """Nobody looks."""


def judge_producer(
    produce: Any,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    done: Done = _nobody,
) -> SuiteReport:
    """Judges a producer, a callable from `Scenario` to an event; an interrupt leaves out the requirements to come.

    `done` is called with 1 after each requirement, here and in the functions below.
    """
    run = ProducerRun(produce, profile)
    results = _results(PRODUCER, run, profile, fail_on, done)
    # of its program; that it made nothing of a scenario is a breach
    errors = dict.fromkeys(str(error) for error in run.errors.values() if isinstance(error, KitError))
    return SuiteReport("producer", profile, results, gaps or {}, tuple(errors), run.pairs)


def judge_consumer(
    consumer: Any,
    observe: Any = None,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    done: Done = _nobody,
    **options: Any,
) -> SuiteReport:
    """Judges a consumer, what `transport_for` takes; `options` are those of `ConsumerRun`."""
    run = ConsumerRun(consumer, observe, profile, **options)
    try:
        results = _results(CONSUMER, run, profile, fail_on, done)
        return SuiteReport("consumer", profile, results, gaps or {}, pairs=run.pairs)
    finally:
        run.close()


def judge_client(
    register: Any,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    done: Done = _nobody,
) -> SuiteReport:
    """Judges a client, a callable from base URL, token, instance id, source and instance CRN."""
    run = ClientRun(register, profile)
    try:
        return SuiteReport("client", profile, _results(CLIENT, run, profile, fail_on, done), gaps or {})
    finally:
        run.close()


def judge_service(
    service: Any,
    token: str | None = None,
    instance_id: str | None = None,
    profile: Profile = "documented",
    fail_on: Level = "error",
    gaps: Mapping[str, str] | None = None,
    facts: ServiceFacts | None = None,
    done: Done = _nobody,
) -> SuiteReport:
    """Judges a service of the API: a base URL, or an application; `facts` says what else is known of it."""
    run = ServiceRun(service, token, instance_id, profile, facts)
    try:
        return SuiteReport("service", profile, _results(SERVICE, run, profile, fail_on, done), gaps or {})
    finally:
        run.close()


def _results(trials: Trials[Any], run: Any, profile: Profile, fail_on: Level, done: Done) -> tuple[Result, ...]:
    return tuple(_each(trials, run, profile, fail_on, done))


def _each(trials: Trials[Any], run: Any, profile: Profile, fail_on: Level, done: Done) -> Iterator[Result]:
    interrupted = False
    for trial in trials:
        if not interrupted:
            try:
                result = result_of(trial, run, profile, fail_on)
            except KeyboardInterrupt:
                interrupted = True
            else:
                yield result
                done(1)
                continue
        yield Result(trial.requirement, "skipped", INTERRUPTED)
