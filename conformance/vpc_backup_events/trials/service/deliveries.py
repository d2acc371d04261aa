"""How a service delivers to webhooks: what is retried, how often, and after which time (position P29).

It takes real time, about half a minute, and a service that can reach loopback; so it is only done where the service is
said to deliver.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from vpc_backup_events.delivery.policy import policy
from vpc_backup_events.trials.service.run import ServiceRun
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

Look = Callable[[Observation], None]


def _of(requirement: str, *webhooks: str, current: bool = False) -> Callable[[Look], Look]:
    """Registers a trial that looks at what was seen; it is skipped where one of the webhooks was not called.

    `current` says that the policy before 2026-02 has no such rule.
    """

    def register(look: Look) -> Look:
        @trial_of(requirement)
        def run(subject: ServiceRun) -> None:
            observation = _observation(subject)
            if current and _is_older(observation):
                raise NotExercised(f"the service follows the policy {OLDER.name}, see P29-older-policy")
            for name in webhooks:
                if not observation.calls[name]:
                    raise Skipped(f"the service did not call the webhook that was {name}")
            look(observation)

        return look

    return register


def _observation(subject: ServiceRun) -> Observation:
    if not subject.facts.delivers:
        raise NotExercised("whether the service delivers to loopback is not known: say so with `delivers`")
    if subject.observation is None:
        subject.observation = watch(subject)
    observation: Observation = subject.observation
    return observation


def _is_older(observation: Observation) -> bool:
    """Whether the failing webhook was called every 5 seconds for about a minute."""
    waits = observation.waits("failing")
    steady = all(OLDER.first_wait - EARLY <= wait <= OLDER.longest_wait + LATE for wait in waits)
    return steady and sum(waits) > (OLDER.budget or 0) - 3 * (OLDER.longest_wait + LATE)


def _retries(observation: Observation) -> list[float]:
    """The waits of the failing webhook up to the last retry; raises `Skipped` where there is none."""
    waits = observation.waits("failing")[: POLICY.retries]
    if not waits:
        raise Skipped("a failed delivery was not tried again, see P29-statuses")
    return waits


@_of("P29-first-success-stops", "accepting")
def first_success_stops(observation: Observation) -> None:
    """After a 2xx, at the first attempt or a later one."""
    for name, plan in PLANS.items():
        more = len(observation.calls[name]) - len(plan)
        right = plan[-1] != (204,) or more <= 0
        observation.expect(name, right, f"{more} more requests came after a 2xx answer")


@_of("P29-max-retries", "failing", current=True)
def max_retries(observation: Observation) -> None:
    """What comes after longer than any wait is no retry, and found as such."""
    most = 1 + (POLICY.retries or 0)
    waits = observation.waits("failing")
    late = next((n for n, wait in enumerate(waits) if n + 1 >= most and wait > POLICY.longest_wait + LATE), len(waits))
    requests = late + 1
    observation.expect("failing", requests <= most, f"{requests} requests, at most {most} are due")


@_of("P29-lost", "failing", current=True)
def lost(observation: Observation) -> None:
    """Once the last retry failed and its time is over."""
    for number, wait in enumerate(observation.waits("failing"), 1):
        right = number <= (POLICY.retries or 0) or wait <= POLICY.longest_wait + LATE
        observation.expect("failing", right, f"sent again {wait:.1f} s after request {number}")


@_of("P29-backoff-min", "failing")
def backoff_min(observation: Observation) -> None:
    """Each wait before a retry."""
    shortest = min(_retries(observation))
    right = shortest >= POLICY.first_wait - EARLY
    observation.expect("failing", right, f"waited {shortest:.2f} s, at least {POLICY.first_wait:g} s are due")


@_of("P29-backoff-max", "failing")
def backoff_max(observation: Observation) -> None:
    """Each wait before a retry; an answer with `Retry-After` is not among them."""
    longest = max(_retries(observation))
    right = longest <= POLICY.longest_wait + LATE
    observation.expect("failing", right, f"waited {longest:.1f} s, at most {POLICY.longest_wait:g} s are due")


@_of("P29-backoff-exponential", "failing", current=True)
def backoff_exponential(observation: Observation) -> None:
    """Waits grow until they are as long as they may be; what is too short or too long is found as such."""
    waits = _retries(observation)
    if min(waits) < POLICY.first_wait - EARLY:
        raise Skipped("a wait is too short, see P29-backoff-min")
    for before, after in pairwise(waits):
        right = after >= before * GROWTH or after >= POLICY.longest_wait - 1
        observation.expect("failing", right, f"waited {after:.1f} s after {before:.1f} s")


@_of("P29-retry-after", "retry-after", current=True)
def retry_after(observation: Observation) -> None:
    """First a long one, then a short one, so that no back-off is like it."""
    waits = observation.waits("retry-after")
    if not waits:
        raise Skipped("an answer with Retry-After was not tried again, see P29-statuses")
    due = [plan[1] for plan in PLANS["retry-after"] if len(plan) > 1]
    for wait, seconds in zip(waits, due, strict=False):
        right = seconds - EARLY <= wait <= seconds + LATE
        observation.expect("retry-after", right, f"waited {wait:.1f} s, Retry-After says {seconds}")


@_of("P29-timeout", "silent")
def timeout(observation: Observation) -> None:
    """The webhook takes the request and never answers; the policy before 2026-02 has another limit."""
    call = observation.calls["silent"][0]
    limit = (OLDER if _is_older(observation) else POLICY).timeout
    if call.end is None:
        observation.expect("silent", limit > OPEN, f"had not given up after {OPEN:g} s")
        return
    after = call.end - call.at
    right = min(limit, POLICY.timeout) - 1 <= after <= limit + LATE
    observation.expect("silent", right, f"gave up after {after:.1f} s, {limit:g} s are due")


@_of("P29-statuses", *(f"once-{status}" for status in STATUSES))
def statuses(observation: Observation) -> None:
    """One of each kind that is no success."""
    once = [str(status) for status in STATUSES if len(observation.calls[f"once-{status}"]) == 1]
    if once:
        observation.expect(f"once-{once[0]}", False, f"did not try again after {', '.join(once)}")


@_of("P29-network-errors", CLOSING)
def network_errors(observation: Observation) -> None:
    """A connection that is closed without an answer."""
    right = len(observation.calls[CLOSING]) != 1
    observation.expect(CLOSING, right, f"did not try again within {QUIET:g} s")


@_of("P29-same-bytes", "failing")
def same_bytes(observation: Observation) -> None:
    """Of all webhooks."""
    _retries(observation)
    for name in PLANS:
        calls = observation.calls[name]
        for number, call in enumerate(calls[1:], 2):
            observation.expect(name, call.event == calls[0].event, f"request {number} differs from the first")


@_of("P29-older-policy", "failing")
def older_policy(observation: Observation) -> None:
    """Said, and no fault."""
    observation.expect("failing", not _is_older(observation), f"follows the policy {OLDER.name}")
