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
            observed = _observation(subject)
            if current and _is_older(observed):
                raise NotExercised(f"the service follows the policy {OLDER.name}, see P29-older-policy")
            flaw = look(observed)
            if flaw is None:
                return observed.sent[name], ""
            return observed.sent[flaw.webhook], f"{flaw.text}; {_calls_of(observed, flaw.webhook)}"

    return register


def _calls_of(observed: Observation, name: str) -> str:
    """The calls of a webhook, for a message."""
    calls = observed.calls[name]
    if not calls:
        return f"the webhook that was {name} was not called"
    first = calls[0].at
    times = ", ".join(f"{call.at - first:.1f}" for call in calls)
    return f"the webhook that was {name} was called at {times} s"


def _is_older(observed: Observation) -> bool:
    """Whether the failing webhook was called every 5 seconds for about a minute."""
    waits = observed.waits("failing")
    steady = all(OLDER.first_wait - EARLY <= wait <= OLDER.longest_wait + LATE for wait in waits)
    return steady and sum(waits) > (OLDER.budget or 0) - 3 * (OLDER.longest_wait + LATE)


def _called(observed: Observation, *names: str) -> None:
    """Raises `Skipped` where one of the webhooks was not called at all."""
    for name in names:
        if not observed.calls[name]:
            raise Skipped(f"the service did not call the webhook that was {name}")


def _retries(observed: Observation) -> list[float]:
    """The waits of the failing webhook up to the last retry; raises `Skipped` where there is none."""
    _called(observed, "failing")
    waits = observed.waits("failing")[: POLICY.retries]
    if not waits:
        raise Skipped("a failed delivery was not tried again, see P29-statuses")
    return waits


@_of("P29-first-success-stops", "accepting")
def first_success_stops(observed: Observation) -> Flaw | None:
    """After a 2xx, at the first attempt or a later one."""
    _called(observed, "accepting")
    for name, plan in PLANS.items():
        due = len(plan)
        if plan[-1] == (204,) and len(observed.calls[name]) > due:
            return Flaw(f"{len(observed.calls[name]) - due} more requests came after a 2xx answer", name)
    return None


@_of("P29-max-retries", current=True)
def max_retries(observed: Observation) -> Flaw | None:
    """What comes after longer than any wait is no retry, and found as such."""
    _called(observed, "failing")
    most = 1 + (POLICY.retries or 0)
    waits = observed.waits("failing")
    late = next((n for n, wait in enumerate(waits) if n + 1 >= most and wait > POLICY.longest_wait + LATE), len(waits))
    requests = late + 1
    return Flaw(f"{requests} requests, at most {most} are due", "failing") if requests > most else None


@_of("P29-lost", current=True)
def lost(observed: Observation) -> Flaw | None:
    """Once the last retry failed and its time is over."""
    _called(observed, "failing")
    for number, wait in enumerate(observed.waits("failing"), 1):
        if number > (POLICY.retries or 0) and wait > POLICY.longest_wait + LATE:
            return Flaw(f"sent again {wait:.1f} s after request {number}", "failing")
    return None


@_of("P29-backoff-min")
def backoff_min(observed: Observation) -> Flaw | None:
    """Each wait before a retry."""
    shortest = min(_retries(observed))
    wrong = shortest < POLICY.first_wait - EARLY
    return Flaw(f"waited {shortest:.2f} s, at least {POLICY.first_wait:g} s are due", "failing") if wrong else None


@_of("P29-backoff-max")
def backoff_max(observed: Observation) -> Flaw | None:
    """Each wait before a retry; an answer with `Retry-After` is not among them."""
    longest = max(_retries(observed))
    wrong = longest > POLICY.longest_wait + LATE
    return Flaw(f"waited {longest:.1f} s, at most {POLICY.longest_wait:g} s are due", "failing") if wrong else None


@_of("P29-backoff-exponential", current=True)
def backoff_exponential(observed: Observation) -> Flaw | None:
    """Waits grow until they are as long as they may be; what is too short or too long is found as such."""
    waits = _retries(observed)
    if min(waits) < POLICY.first_wait - EARLY:
        raise Skipped("a wait is too short, see P29-backoff-min")
    for before, after in pairwise(waits):
        if after < before * GROWTH and after < POLICY.longest_wait - 1:
            return Flaw(f"waited {after:.1f} s after {before:.1f} s", "failing")
    return None


@_of("P29-retry-after", "retry-after", current=True)
def retry_after(observed: Observation) -> Flaw | None:
    """First a long one, then a short one, so that no back-off is like it."""
    _called(observed, "retry-after")
    waits = observed.waits("retry-after")
    if not waits:
        raise Skipped("an answer with Retry-After was not tried again, see P29-statuses")
    asked = [plan[1] for plan in PLANS["retry-after"] if len(plan) > 1]
    for wait, seconds in zip(waits, asked, strict=False):
        if not seconds - EARLY <= wait <= seconds + LATE:
            return Flaw(f"waited {wait:.1f} s, Retry-After says {seconds}", "retry-after")
    return None


@_of("P29-timeout", "silent")
def timeout(observed: Observation) -> Flaw | None:
    """The webhook takes the request and never answers; the policy before 2026-02 has another limit."""
    _called(observed, "silent")
    call = observed.calls["silent"][0]
    limit = (OLDER if _is_older(observed) else POLICY).timeout
    if call.done is None:
        return None if limit > OPEN else Flaw(f"had not given up after {OPEN:g} s", "silent")
    after = call.done - call.at
    right = min(limit, POLICY.timeout) - 1 <= after <= limit + LATE
    return None if right else Flaw(f"gave up after {after:.1f} s, {limit:g} s are due", "silent")


@_of("P29-statuses", "once-503")
def statuses(observed: Observation) -> Flaw | None:
    """One of each kind that is no success."""
    names = [f"once-{status}" for status in STATUSES]
    _called(observed, *names)
    missed = [status for status, name in zip(STATUSES, names, strict=True) if len(observed.calls[name]) == 1]
    if missed:
        return Flaw(f"did not try again after {', '.join(map(str, missed))}", f"once-{missed[0]}")
    return None


@_of("P29-network-errors", CLOSING)
def network_errors(observed: Observation) -> Flaw | None:
    """A connection that is closed without an answer."""
    _called(observed, CLOSING)
    once = len(observed.calls[CLOSING]) == 1
    return Flaw(f"did not try again within {QUIET:g} s", CLOSING) if once else None


@_of("P29-same-bytes")
def same_bytes(observed: Observation) -> Flaw | None:
    """Of all webhooks."""
    _retries(observed)
    for name in PLANS:
        calls = observed.calls[name]
        for number, call in enumerate(calls[1:], 2):
            if call.event != calls[0].event:
                return Flaw(f"request {number} differs from the first", name)
    return None


@_of("P29-older-policy")
def older_policy(observed: Observation) -> Flaw | None:
    """Said, and no fault."""
    _called(observed, "failing")
    return Flaw(f"follows the policy {OLDER.name}", "failing") if _is_older(observed) else None
