"""The documented retry policies (position P29)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, repeat
from operator import mul

from vpc_backup_events import catalog
from vpc_backup_events.catalog.delivery import RetryPolicy
from vpc_backup_events.values.errors import UsageError

__all__ = ["policy", "wait_of", "waits"]


def policy(name: str = "") -> RetryPolicy:
    """The policy of this name, by default the current one. Raises `UsageError`."""
    if not name:
        return next(rules for rules in catalog.retry_policies.values() if rules.current)
    if name not in catalog.retry_policies:
        raise UsageError(f"There is no retry policy {name!r}.", f"There are: {', '.join(catalog.retry_policies)}.")
    return catalog.retry_policies[name]


def waits(rules: RetryPolicy) -> Iterator[float]:
    """The seconds between attempts, one after the other, where nobody asks for others."""
    for wait in accumulate(repeat(rules.factor), mul, initial=rules.first_wait):
        yield min(wait, rules.longest_wait)


def wait_of(rules: RetryPolicy, wait: float, elapsed: float, retries: int, retry_after: str | None) -> float | None:
    """Seconds to wait before the next retry, or None where the event is given up.

    `wait` is one of `waits`; `elapsed` counts from the first attempt; `retries` is how many there were.
    """
    if rules.retries is not None and retries >= rules.retries:
        return None
    if rules.retry_after and retry_after is not None and retry_after.strip().isdecimal():
        wait = float(retry_after)
    return None if rules.budget is not None and elapsed + wait > rules.budget else wait
