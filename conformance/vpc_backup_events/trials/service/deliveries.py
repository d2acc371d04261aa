"""How a service delivers to webhooks: what is retried, how often, and after which time (position P29).

It takes real time, about half a minute, and a service that can reach loopback; so it is only done where the service is
said to deliver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from vpc_backup_events.delivery.policy import policy
from vpc_backup_events.trials.service.run import Answer, ServiceRun
from vpc_backup_events.trials.service.trials import trial_of
from vpc_backup_events.trials.service.webhooks import (
    CLOSING,
    LATE,
    OPEN,
    PLANS,
    POLICY,
    QUIET,
    STATUSES,
    Observation,
    watch,
)
from vpc_backup_events.trials.trial import NotExercised, Skipped

OLDER = policy("2021")
# of a wait, what may be lost by the clocks of two programs
EARLY = 0.1
# a wait that grows at all is this many times the one before; the factor is not documented
GROWTH = 1.2


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the calls of a webhook."""

    text: str
    #: its name
    webhook: str


def _observation(subject: ServiceRun) -> Observation:
    if not subject.facts.delivers:
        raise NotExercised("whether the service delivers to loopback is not known: say so with `delivers`")
    if subject.observation is None:
        subject.observation = watch(subject)
    observation: Observation = subject.observation
    return observation


def _of(
    requirement: str, name: str = "failing", current: bool = False
) -> Callable[[Callable[[Observation], Flaw | None]], None]:
    """Registers a trial that looks at what was seen: it returns what is wrong, or nothing.

    `current` says that the policy before 2026-02 has no such rule.
    """

    def register(look: Callable[[Observation], Flaw | None]) -> None:
        @trial_of(requirement)
        def run(subject: ServiceRun) -> tuple[Answer, str]:
            observation = _observation(subject)
            if current and _is_older(observation):
                raise NotExercised(f"the service follows the policy {OLDER.name}, see P29-older-policy")
            flaw = look(observation)
            if flaw is None:
                return observation.answers[name], ""
            return observation.answers[flaw.webhook], f"{flaw.text}; {_calls_of(observation, flaw.webhook)}"

    return register


def _calls_of(observation: Observation, name: str) -> str:
    """The calls of a webhook, for a message."""
    calls = observation.calls[name]
    if not calls:
        return f"the webhook that was {name} was not called"
    first = calls[0].at
    times = ", ".join(f"{call.at - first:.1f}" for call in calls)
    return f"the webhook that was {name} was called at {times} s"


def _is_older(observation: Observation) -> bool:
    """Whether the failing webhook was called every 5 seconds for about a minute."""
    waits = observation.waits("failing")
    steady = all(OLDER.first_wait - EARLY <= wait <= OLDER.longest_wait + LATE for wait in waits)
    return steady and sum(waits) > (OLDER.budget or 0) - 3 * (OLDER.longest_wait + LATE)


def _called(observation: Observation, *names: str) -> None:
    """Raises `Skipped` where one of the webhooks was not called at all."""
    for name in names:
        if not observation.calls[name]:
            raise Skipped(f"the service did not call the webhook that was {name}")


def _retries(observation: Observation) -> list[float]:
    """The waits of the failing webhook up to the last retry; raises `Skipped` where there is none."""
    _called(observation, "failing")
    waits = observation.waits("failing")[: POLICY.retries]
    if not waits:
        raise Skipped("a failed delivery was not tried again, see P29-statuses")
    return waits


@_of("P29-first-success-stops", "accepting")
def first_success_stops(observation: Observation) -> Flaw | None:
    """After a 2xx, at the first attempt or a later one."""
    _called(observation, "accepting")
    for name, plan in PLANS.items():
        due = len(plan)
        if plan[-1] == (204,) and len(observation.calls[name]) > due:
            return Flaw(f"{len(observation.calls[name]) - due} more requests came after a 2xx answer", name)
    return None


@_of("P29-max-retries", current=True)
def max_retries(observation: Observation) -> Flaw | None:
    """What comes after longer than any wait is no retry, and found as such."""
    _called(observation, "failing")
    most = 1 + (POLICY.retries or 0)
    waits = observation.waits("failing")
    late = next((n for n, wait in enumerate(waits) if n + 1 >= most and wait > POLICY.longest_wait + LATE), len(waits))
    requests = late + 1
    return Flaw(f"{requests} requests, at most {most} are due", "failing") if requests > most else None


@_of("P29-lost", current=True)
def lost(observation: Observation) -> Flaw | None:
    """Once the last retry failed and its time is over."""
    _called(observation, "failing")
    for number, wait in enumerate(observation.waits("failing"), 1):
        if number > (POLICY.retries or 0) and wait > POLICY.longest_wait + LATE:
            return Flaw(f"sent again {wait:.1f} s after request {number}", "failing")
    return None


@_of("P29-backoff-min")
def backoff_min(observation: Observation) -> Flaw | None:
    """Each wait before a retry."""
    shortest = min(_retries(observation))
    wrong = shortest < POLICY.first_wait - EARLY
    return Flaw(f"waited {shortest:.2f} s, at least {POLICY.first_wait:g} s are due", "failing") if wrong else None


@_of("P29-backoff-max")
def backoff_max(observation: Observation) -> Flaw | None:
    """Each wait before a retry; an answer with `Retry-After` is not among them."""
    longest = max(_retries(observation))
    wrong = longest > POLICY.longest_wait + LATE
    return Flaw(f"waited {longest:.1f} s, at most {POLICY.longest_wait:g} s are due", "failing") if wrong else None


@_of("P29-backoff-exponential", current=True)
def backoff_exponential(observation: Observation) -> Flaw | None:
    """Waits grow until they are as long as they may be; what is too short or too long is found as such."""
    waits = _retries(observation)
    if min(waits) < POLICY.first_wait - EARLY:
        raise Skipped("a wait is too short, see P29-backoff-min")
    for before, after in pairwise(waits):
        if after < before * GROWTH and after < POLICY.longest_wait - 1:
            return Flaw(f"waited {after:.1f} s after {before:.1f} s", "failing")
    return None


@_of("P29-retry-after", "retry-after", current=True)
def retry_after(observation: Observation) -> Flaw | None:
    """First a long one, then a short one, so that no back-off is like it."""
    _called(observation, "retry-after")
    waits = observation.waits("retry-after")
    if not waits:
        raise Skipped("an answer with Retry-After was not tried again, see P29-statuses")
    due = [plan[1] for plan in PLANS["retry-after"] if len(plan) > 1]
    for wait, seconds in zip(waits, due, strict=False):
        if not seconds - EARLY <= wait <= seconds + LATE:
            return Flaw(f"waited {wait:.1f} s, Retry-After says {seconds}", "retry-after")
    return None


@_of("P29-timeout", "silent")
def timeout(observation: Observation) -> Flaw | None:
    """The webhook takes the request and never answers; the policy before 2026-02 has another limit."""
    _called(observation, "silent")
    call = observation.calls["silent"][0]
    limit = (OLDER if _is_older(observation) else POLICY).timeout
    if call.end is None:
        return None if limit > OPEN else Flaw(f"had not given up after {OPEN:g} s", "silent")
    after = call.end - call.at
    right = min(limit, POLICY.timeout) - 1 <= after <= limit + LATE
    return None if right else Flaw(f"gave up after {after:.1f} s, {limit:g} s are due", "silent")


@_of("P29-statuses", "once-503")
def statuses(observation: Observation) -> Flaw | None:
    """One of each kind that is no success."""
    _called(observation, *(f"once-{status}" for status in STATUSES))
    once = [str(status) for status in STATUSES if len(observation.calls[f"once-{status}"]) == 1]
    return Flaw(f"did not try again after {', '.join(once)}", f"once-{once[0]}") if once else None


@_of("P29-network-errors", CLOSING)
def network_errors(observation: Observation) -> Flaw | None:
    """A connection that is closed without an answer."""
    _called(observation, CLOSING)
    once = len(observation.calls[CLOSING]) == 1
    return Flaw(f"did not try again within {QUIET:g} s", CLOSING) if once else None


@_of("P29-same-bytes")
def same_bytes(observation: Observation) -> Flaw | None:
    """Of all webhooks."""
    _retries(observation)
    for name in PLANS:
        calls = observation.calls[name]
        for number, call in enumerate(calls[1:], 2):
            if call.event != calls[0].event:
                return Flaw(f"request {number} differs from the first", name)
    return None


@_of("P29-older-policy")
def older_policy(observation: Observation) -> Flaw | None:
    """Said, and no fault."""
    _called(observation, "failing")
    return Flaw(f"follows the policy {OLDER.name}", "failing") if _is_older(observation) else None
