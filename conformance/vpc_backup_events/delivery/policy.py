"""The documented retry policies (position P29)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vpc_backup_events import catalog
from vpc_backup_events.catalog.delivery import RetryPolicy
from vpc_backup_events.values.errors import UsageError

__all__ = ["Waits", "policy"]


def policy(name: str = "") -> RetryPolicy:
    """The policy of this name, by default the current one. Raises `UsageError`."""
    if not name:
        return next(rules for rules in catalog.retry_policies.values() if rules.current)
    if name not in catalog.retry_policies:
        raise UsageError(f"There is no retry policy {name!r}.", f"There are: {', '.join(catalog.retry_policies)}.")
    return catalog.retry_policies[name]


@dataclass
class Waits:
    """How long to wait before each retry, as a policy has it."""

    policy: RetryPolicy

    def __post_init__(self) -> None:
        self._backoff: Iterator[float] = self._steps()

    def _steps(self) -> Iterator[float]:
        wait = self.policy.first_wait
        while True:
            yield min(wait, self.policy.longest_wait)
            wait *= self.policy.factor

    def next(self, elapsed: float, retries: int, retry_after: str | None) -> float | None:
        """Seconds to wait before the next retry, or None where the event is given up.

        `elapsed` counts from the first attempt; `retries` is how many there were.
        """
        step = next(self._backoff)
        if self.policy.retries is not None and retries >= self.policy.retries:
            return None
        if self.policy.retry_after and retry_after is not None and retry_after.strip().isdecimal():
            step = float(retry_after)
        if self.policy.budget is not None and elapsed + step > self.policy.budget:
            return None
        return step
