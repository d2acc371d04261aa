"""Clocks: one that only counts, and the real one."""

from __future__ import annotations

import time
from typing import Protocol

__all__ = ["Clock", "RealClock", "VirtualClock"]


class Clock(Protocol):
    """Seconds, and waiting for them to pass."""

    def now(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Lets so many pass."""


class VirtualClock:
    """A clock that stands still but for sleeping, which takes no time."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Seconds that were slept."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Counts them."""
        self._now += seconds


class RealClock:
    """The clock of the machine."""

    now = staticmethod(time.monotonic)
    sleep = staticmethod(time.sleep)
