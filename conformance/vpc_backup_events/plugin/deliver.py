"""What the fixture `deliver_backup_event` does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vpc_backup_events.catalog.delivery import RetryPolicy
from vpc_backup_events.delivery import Clock, Outcome, Signer, Target, Transport, deliver, parse_faults, transport_for
from vpc_backup_events.making.deliveries import MODES, Delivery, received
from vpc_backup_events.reference import build_event
from vpc_backup_events.values.scenario import Scenario


class Deliverer:
    """Delivers events, and keeps the way to each consumer open until the test ends."""

    def __init__(self) -> None:
        self._transports: list[tuple[Any, Transport]] = []

    def __call__(
        self,
        event: Any,
        target: Target,
        *,
        mode: str = "structured",
        notification_id: str | None = None,
        faults: str = "",
        policy: RetryPolicy | str = "",
        clock: Clock | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
        signer: Signer | None = None,
    ) -> Outcome:
        """What came of it; the options are those of `delivery.deliver`, but for `faults`, which are text."""
        if isinstance(event, Scenario):
            event = build_event(event)
        if isinstance(event, dict):
            event = MODES[mode](event if notification_id is None else received(event, notification_id))
        elif isinstance(event, str | bytes):
            media = "application/cloudevents+json"
            event = Delivery({"Content-Type": media}, event.encode() if isinstance(event, str) else event)
        return deliver(
            event,
            self._transport(target),
            faults=parse_faults(faults),
            policy=policy,
            clock=clock,
            headers=headers,
            method=method,
            signer=signer,
        )

    def _transport(self, target: Target) -> Transport:
        for other, transport in self._transports:
            if other is target:
                return transport
        self._transports.append((target, transport_for(target)))
        return self._transports[-1][1]

    def close(self) -> None:
        """Closes what was opened."""
        for target, transport in self._transports:
            if transport is not target:
                transport.close()
