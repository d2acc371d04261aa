"""What goes to a consumer, what comes back, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

__all__ = ["Problem", "Request", "Response", "Transport", "TransportError"]

# parts of a body that comes in chunks
CHUNKS = 3

Problem = Literal["timeout", "refused", "reset", "protocol"]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request."""

    method: str
    headers: Mapping[str, str]
    body: bytes
    #: path and query, where the request does not go to the place that the transport knows
    target: str = ""

    @property
    def chunked(self) -> bool:
        """Its body comes in chunks, and no header says how long it is."""
        return any(n.lower() == "transfer-encoding" and "chunked" in v.lower() for n, v in self.headers.items())

    @property
    def chunks(self) -> tuple[bytes, ...]:
        """The body in parts, none of them empty."""
        size = max(1, -(-len(self.body) // CHUNKS))
        return tuple(self.body[start : start + size] for start in range(0, len(self.body), size))


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a request."""

    status: int
    #: names in lower case
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """The status is 2xx."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """The status is 4xx."""
        return 400 <= self.status < 500


class TransportError(Exception):
    """There is no answer; `kind` says why, `str()` tells a person."""

    def __init__(self, kind: Problem, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Transport(Protocol):
    """A way to a consumer."""

    def send(self, request: Request, timeout: float) -> Response:
        """The answer, within `timeout` seconds. Raises `TransportError`."""

    def close(self) -> None:
        """Ends what the transport started; most start nothing that goes on."""
        return
