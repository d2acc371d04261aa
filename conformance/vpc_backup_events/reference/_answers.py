"""How the reference services refuse a request, and what they do after an answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from starlette.background import BackgroundTask

from vpc_backup_events.spec.openapi import Problem

__all__ = ["Entry", "RefusedError", "afterwards", "refuse"]


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
