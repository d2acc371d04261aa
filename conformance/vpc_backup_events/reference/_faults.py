"""Faults on request: what a reference service does to the next requests instead of answering them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Fault", "Faults"]


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
