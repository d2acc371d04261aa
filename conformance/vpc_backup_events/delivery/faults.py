"""Faults between the delivery and the consumer, one an attempt, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from vpc_backup_events.delivery.clock import Clock
from vpc_backup_events.delivery.message import Request, Response, Transport, TransportError
from vpc_backup_events.values.errors import UsageError

__all__ = ["Fault", "Kind", "parse_faults"]

Kind = Literal["ok", "timeout", "reset", "refused", "lost", "status"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one attempt.

    `timeout`, `reset`, `refused`: the consumer never sees the request. `lost`: it does, and the answer is lost.
    `status`: something in between answers. `ok`: nothing happens.
    """

    kind: Kind
    status: int = 0
    #: seconds, as a header of the answer
    retry_after: int | None = None

    def send(self, request: Request, transport: Transport, timeout: float, clock: Clock) -> Response:
        """The answer that the delivery gets. Raises `TransportError`."""
        if self.kind == "status":
            headers = {} if self.retry_after is None else {"retry-after": str(self.retry_after)}
            return Response(self.status, headers)
        if self.kind == "timeout":
            clock.sleep(timeout)
            raise TransportError("timeout", f"no answer within {timeout:g} s (fault)")
        if self.kind == "reset":
            raise TransportError("reset", "the connection was closed (fault)")
        if self.kind == "refused":
            raise TransportError("refused", "the connection was refused (fault)")
        answer = transport.send(request, timeout)
        if self.kind == "lost":
            raise TransportError("reset", "the answer was lost after the consumer had the request (fault)")
        return answer


_FAULT = re.compile(r"(ok|timeout|reset|refused|lost|[1-5][0-9]{2})(?::retry-after=([0-9]+))?(?:\*([0-9]+))?\Z")


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Faults of their text: `503*2,lost,429:retry-after=3`. Raises `UsageError`."""
    faults: list[Fault] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _FAULT.match(part)
        if not match:
            raise UsageError(
                f"{part!r} is no fault.",
                "Write ok, timeout, reset, refused, lost or a status, such as 429:retry-after=3; *2 for two of them.",
            )
        name, after, count = match.groups()
        status = int(name) if name.isdecimal() else 0
        kind: Kind = "status" if status else name  # type: ignore[assignment]
        faults += [Fault(kind, status, int(after) if after else None)] * int(count or 1)
    return tuple(faults)
