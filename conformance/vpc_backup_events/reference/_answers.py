"""What the reference services do in place of an answer, and after one: refusals, faults on request, deliveries."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from starlette.background import BackgroundTask

from vpc_backup_events.spec.openapi import Problem

__all__ = ["Entry", "Fault", "Faults", "RefusedError", "afterwards", "refuse"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is wrong, as an error lists it."""

    code: str
    message: str
    more_info: str | None = None
    #: the problem in the request, where it is one
    problem: Problem | None = None


class RefusedError(Exception):
    """The request is answered with an error."""

    def __init__(self, status: int, *entries: Entry, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, *entries)
        self.status = status
        self.entries = entries
        self.headers = headers or {}


def refuse(status: int, code: str, message: str) -> RefusedError:
    """An error with one entry."""
    return RefusedError(status, Entry(code, message))


@dataclass(slots=True)
class Fault:
    """What happens to a request, and to how many of them."""

    #: answered with this status and the error body of the service; None answers as always
    status: int | None = None
    #: seconds to wait before the answer
    delay: float = 0
    #: value of the header Retry-After: seconds or a date; a 429 always has one
    retry_after: int | str | None = None
    #: the connection is closed without an answer
    reset: bool = False
    #: how many requests it hits
    times: int = 1
    #: only requests for this operation, such as `create_sources`
    operation: str | None = None


class Faults:
    """The faults that are still to come, the first one first."""

    def __init__(self, *faults: Fault) -> None:
        self._waiting = list(faults)

    def add(self, fault: Fault | None = None, /, **members: object) -> None:
        """Puts a fault at the end, given whole or by its members: `add(status=503, retry_after=2)`."""
        self._waiting.append(fault or Fault(**members))  # type: ignore[arg-type]

    def clear(self) -> None:
        """Takes all faults away."""
        self._waiting.clear()

    def take(self, operation: str | None) -> Fault | None:
        """The fault for a request, used up once."""
        for fault in self._waiting:
            if fault.operation in (None, operation):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None


def afterwards(work: Callable[[], None]) -> BackgroundTask:
    """What is done when the answer has been sent, in a thread that keeps no process alive."""

    async def wait() -> None:
        loop = asyncio.get_running_loop()
        over = asyncio.Event()

        def run() -> None:
            try:
                work()
            finally:
                # the loop may have ended before
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(over.set)

        threading.Thread(target=run, name="vpc-backup-events-delivery", daemon=True).start()
        await over.wait()

    return BackgroundTask(wait)
