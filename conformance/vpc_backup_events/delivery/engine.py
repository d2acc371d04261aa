"""Delivering: attempts, waits, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from vpc_backup_events.catalog.delivery import RetryPolicy
from vpc_backup_events.delivery.clock import Clock, RealClock, VirtualClock
from vpc_backup_events.delivery.faults import Fault
from vpc_backup_events.delivery.http import Http
from vpc_backup_events.delivery.message import Request, Response, Transport, TransportError
from vpc_backup_events.delivery.policy import policy as named_policy
from vpc_backup_events.delivery.policy import wait_of, waits
from vpc_backup_events.delivery.signature import Signer
from vpc_backup_events.delivery.transports import Target, transport_for
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.visible import visible

__all__ = ["LONGEST_WAIT", "Attempt", "Outcome", "deliver", "deliver_all"]

# seconds; a consumer that asks for more is not waited for
LONGEST_WAIT = 86_400.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of a delivery."""

    #: from 1
    number: int
    #: seconds since the first attempt
    at: float
    #: None where there was no answer
    answer: Response | None
    #: why there was none
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """Its members for a report."""
        status = self.answer.status if self.answer else None
        return {"number": self.number, "at": self.at, "status": status, "error": self.error}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a delivery."""

    attempts: tuple[Attempt, ...]

    @property
    def delivered(self) -> bool:
        """The last attempt was answered 2xx."""
        return bool(self.attempts) and self.attempts[-1].answer is not None and self.attempts[-1].answer.ok

    @property
    def reached(self) -> bool:
        """One attempt at least was answered."""
        return any(attempt.answer for attempt in self.attempts)

    @property
    def seconds(self) -> float:
        """From the first attempt to the last."""
        return self.attempts[-1].at

    def as_json(self) -> dict[str, Any]:
        """Its members for a report."""
        return {"delivered": self.delivered, "attempts": [attempt.as_json() for attempt in self.attempts]}


def deliver(
    delivery: Any,
    target: Target,
    *,
    policy: RetryPolicy | str = "",
    clock: Clock | None = None,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    signer: Signer | None = None,
) -> Outcome:
    """Delivers one event as Event Notifications would, and says what came of it.

    `delivery` is a `Delivery`, a pair of headers and body, or a `Request`; `target` what `transport_for` takes, or a
    transport, which stays open. `policy` is a policy or its name; `clock` is virtual unless the target is a URL. The
    first fault is that of the first attempt, and so on. `headers` are the custom headers of a destination.
    """
    request = delivery if isinstance(delivery, Request) else Request(method, dict(delivery[0]), bytes(delivery[1]))
    request = replace(request, headers={**request.headers, **(headers or {})})
    if signer is not None:
        request = signer.sign(request)
    transport = transport_for(target)
    if clock is None:
        clock = RealClock() if isinstance(transport, Http) else VirtualClock()
    try:
        rules = named_policy(policy) if isinstance(policy, str) else policy
        return _attempts(request, transport, rules, clock, faults)
    finally:
        if transport is not target:
            transport.close()


def _attempts(
    request: Request, transport: Transport, rules: RetryPolicy, clock: Clock, faults: Sequence[Fault]
) -> Outcome:
    attempts: list[Attempt] = []
    started = clock.now()
    for usual in waits(rules):
        at = clock.now() - started
        answer, error = None, ""
        fault = faults[len(attempts)] if len(attempts) < len(faults) else Fault("ok")
        try:
            answer = fault.send(request, transport, rules.timeout, clock)
        except TransportError as problem:
            error = str(problem)
        attempts.append(Attempt(len(attempts) + 1, at, answer, error))
        if answer is not None and answer.ok:
            break
        retry_after = answer.headers.get("retry-after") if answer else None
        wait = wait_of(rules, usual, clock.now() - started, len(attempts) - 1, retry_after)
        if wait is None:
            break
        if wait > LONGEST_WAIT:
            seconds = visible(retry_after or "", 40)
            raise UsageError(
                f"The consumer wants to be left alone for more than a day: Retry-After is {seconds}.",
                "Let it answer with a number of seconds that a delivery can wait.",
            )
        clock.sleep(wait)
    return Outcome(tuple(attempts))


def deliver_all(
    deliveries: Iterable[Any],
    target: Target,
    *,
    concurrency: int = 1,
    policy: RetryPolicy | str = "",
    clock: Clock | None = None,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    signer: Signer | None = None,
) -> list[Outcome]:
    """Delivers several as `deliver` does, so many at a time; outcomes in the order of the deliveries."""
    transport = transport_for(target)
    one = partial(
        deliver,
        target=transport,
        policy=policy,
        clock=clock,
        faults=faults,
        headers=headers,
        method=method,
        signer=signer,
    )
    try:
        with ThreadPoolExecutor(concurrency) as pool:
            return list(pool.map(one, deliveries))
    finally:
        if transport is not target:
            transport.close()
