"""How a service delivers to webhooks: what is retried, how often, and after which time (position P29).

It takes real time, about half a minute, and a service that can reach loopback; so it is only done where the service is
said to deliver.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from vpc_backup_events.delivery.policy import policy
from vpc_backup_events.trials.service.run import Answer, ServiceRun, judge
from vpc_backup_events.trials.service.webhooks import CLOSING, LATE, OPEN, PLANS, POLICY, QUIET, STATUSES, Seen, watch
from vpc_backup_events.trials.trial import NotExercised, Skipped

OLDER = policy("2021")
# of a wait, what may be lost by the clocks of two programs
EARLY = 0.1
# a wait that grows at all is this many times the one before; the factor is not documented
GROWTH = 1.2


def _seen(subject: ServiceRun) -> Seen:
    if not subject.facts.delivers:
        raise NotExercised("whether the service delivers to loopback is not known: say so with `delivers`")
    if subject.seen is None:
        subject.seen = watch(subject)
    seen: Seen = subject.seen
    return seen


def _of(
    requirement: str, name: str = "failing", current: bool = False
) -> Callable[[Callable[[Seen], tuple[str, str]]], None]:
    """Registers a trial that looks at what was seen: the webhook that something is wrong with, and what is.

    `current` says that the policy before 2026-02 has no such rule.
    """

    def register(look: Callable[[Seen], tuple[str, str]]) -> None:
        @judge(requirement)
        def run(subject: ServiceRun) -> tuple[Answer, str]:
            seen = _seen(subject)
            if current and _is_older(seen):
                raise NotExercised(f"the service follows the policy {OLDER.name}, see P29-older-policy")
            wrong, at = look(seen)
            if not wrong:
                return seen.sent[name], ""
            return seen.sent[at], f"{wrong}; {_told(seen, at)}"

    return register


def _told(seen: Seen, name: str) -> str:
    """The calls of a webhook, for a message."""
    calls = seen.calls[name]
    if not calls:
        return f"the webhook that was {name} was not called"
    first = calls[0].at
    times = ", ".join(f"{call.at - first:.1f}" for call in calls)
    return f"the webhook that was {name} was called at {times} s"


def _is_older(seen: Seen) -> bool:
    """Whether the failing webhook was called every 5 seconds for about a minute."""
    waits = seen.waits("failing")
    steady = all(OLDER.first_wait - EARLY <= wait <= OLDER.longest_wait + LATE for wait in waits)
    return steady and sum(waits) > (OLDER.budget or 0) - 3 * (OLDER.longest_wait + LATE)


def _called(seen: Seen, *names: str) -> None:
    """Raises `Skipped` where one of the webhooks was not called at all."""
    for name in names:
        if not seen.calls[name]:
            raise Skipped(f"the service did not call the webhook that was {name}")


def _retries(seen: Seen) -> list[float]:
    """The waits of the failing webhook up to the last retry; raises `Skipped` where there is none."""
    _called(seen, "failing")
    waits = seen.waits("failing")[: POLICY.retries]
    if not waits:
        raise Skipped("a failed delivery was not tried again, see P29-statuses")
    return waits


@_of("P29-first-success-stops", "accepting")
def first_success_stops(seen: Seen) -> tuple[str, str]:
    """After a 2xx, at the first attempt or a later one."""
    _called(seen, "accepting")
    for name, plan in PLANS.items():
        due = len(plan)
        if plan[-1] == (204,) and len(seen.calls[name]) > due:
            return f"{len(seen.calls[name]) - due} more requests came after a 2xx answer", name
    return "", ""


@_of("P29-max-retries", current=True)
def max_retries(seen: Seen) -> tuple[str, str]:
    """What comes after longer than any wait is no retry, and found as such."""
    _called(seen, "failing")
    most = 1 + (POLICY.retries or 0)
    waits = seen.waits("failing")
    late = next((n for n, wait in enumerate(waits) if n + 1 >= most and wait > POLICY.longest_wait + LATE), len(waits))
    requests = late + 1
    return (f"{requests} requests, at most {most} are due", "failing") if requests > most else ("", "")


@_of("P29-lost", current=True)
def lost(seen: Seen) -> tuple[str, str]:
    """Once the last retry failed and its time is over."""
    _called(seen, "failing")
    for number, wait in enumerate(seen.waits("failing"), 1):
        if number > (POLICY.retries or 0) and wait > POLICY.longest_wait + LATE:
            return f"sent again {wait:.1f} s after request {number}", "failing"
    return "", ""


@_of("P29-backoff-min")
def backoff_min(seen: Seen) -> tuple[str, str]:
    """Each wait before a retry."""
    shortest = min(_retries(seen))
    wrong = shortest < POLICY.first_wait - EARLY
    return (f"waited {shortest:.2f} s, at least {POLICY.first_wait:g} s are due", "failing") if wrong else ("", "")


@_of("P29-backoff-max")
def backoff_max(seen: Seen) -> tuple[str, str]:
    """Each wait before a retry; an answer with `Retry-After` is not among them."""
    longest = max(_retries(seen))
    wrong = longest > POLICY.longest_wait + LATE
    return (f"waited {longest:.1f} s, at most {POLICY.longest_wait:g} s are due", "failing") if wrong else ("", "")


@_of("P29-backoff-exponential", current=True)
def backoff_exponential(seen: Seen) -> tuple[str, str]:
    """Waits grow until they are as long as they may be; what is too short or too long is found as such."""
    waits = _retries(seen)
    if min(waits) < POLICY.first_wait - EARLY:
        raise Skipped("a wait is too short, see P29-backoff-min")
    for before, after in pairwise(waits):
        if after < before * GROWTH and after < POLICY.longest_wait - 1:
            return f"waited {after:.1f} s after {before:.1f} s", "failing"
    return "", ""


@_of("P29-retry-after", "retry-after", current=True)
def retry_after(seen: Seen) -> tuple[str, str]:
    """First a long one, then a short one, so that no back-off is like it."""
    _called(seen, "retry-after")
    waits = seen.waits("retry-after")
    if not waits:
        raise Skipped("an answer with Retry-After was not tried again, see P29-statuses")
    asked = [plan[1] for plan in PLANS["retry-after"] if len(plan) > 1]
    for wait, seconds in zip(waits, asked, strict=False):
        if not seconds - EARLY <= wait <= seconds + LATE:
            return f"waited {wait:.1f} s, Retry-After says {seconds}", "retry-after"
    return "", ""


@_of("P29-timeout", "silent")
def timeout(seen: Seen) -> tuple[str, str]:
    """The webhook takes the request and never answers; the policy before 2026-02 has another limit."""
    _called(seen, "silent")
    call = seen.calls["silent"][0]
    limit = (OLDER if _is_older(seen) else POLICY).timeout
    if call.done is None:
        return ("", "") if limit > OPEN else (f"had not given up after {OPEN:g} s", "silent")
    after = call.done - call.at
    right = min(limit, POLICY.timeout) - 1 <= after <= limit + LATE
    return ("", "") if right else (f"gave up after {after:.1f} s, {limit:g} s are due", "silent")


@_of("P29-statuses", "once-503")
def statuses(seen: Seen) -> tuple[str, str]:
    """One of each kind that is no success."""
    names = [f"once-{status}" for status in STATUSES]
    _called(seen, *names)
    missed = [status for status, name in zip(STATUSES, names, strict=True) if len(seen.calls[name]) == 1]
    if missed:
        return f"did not try again after {', '.join(map(str, missed))}", f"once-{missed[0]}"
    return "", ""


@_of("P29-network-errors", CLOSING)
def network_errors(seen: Seen) -> tuple[str, str]:
    """A connection that is closed without an answer."""
    _called(seen, CLOSING)
    once = len(seen.calls[CLOSING]) == 1
    return (f"did not try again within {QUIET:g} s", CLOSING) if once else ("", "")


@_of("P29-same-bytes")
def same_bytes(seen: Seen) -> tuple[str, str]:
    """Of all webhooks."""
    _retries(seen)
    for name in PLANS:
        calls = seen.calls[name]
        for number, call in enumerate(calls[1:], 2):
            if call.event != calls[0].event:
                return f"request {number} differs from the first", name
    return "", ""


@_of("P29-older-policy")
def older_policy(seen: Seen) -> tuple[str, str]:
    """Said, and no fault."""
    _called(seen, "failing")
    return (f"follows the policy {OLDER.name}", "failing") if _is_older(seen) else ("", "")
