"""What a client asked of the loopback service, and how its call ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from vpc_backup_events.trials.bodies import JsonBody
from vpc_backup_events.trials.trial import Skipped

__all__ = ["ClientCall", "ClientRequest", "SourcesPath"]

_SOURCES = re.compile(r"(?P<base>.*)/v1/(?P<kind>instances|apps)/(?P<instance>[^/]+)/sources(?P<end>/?)\Z")


@dataclass(frozen=True, slots=True)
class SourcesPath:
    """The parts of a path that names the sources of an instance."""

    #: what comes before /v1
    base: str
    #: instances or apps
    kind: str
    #: as it is on the wire
    instance: str
    #: a slash at the end, or nothing
    end: str


@dataclass(frozen=True, slots=True)
class ClientRequest(JsonBody):
    """One request of the client."""

    method: str
    #: path and query, as on the wire
    target: str
    #: names in lower case
    headers: Mapping[str, str]
    body: bytes
    #: seconds
    at: float

    @property
    def path(self) -> str:
        """The target without its query, as on the wire."""
        return urlsplit(self.target).path

    @property
    def decoded_path(self) -> str:
        """The path without its percent codes."""
        return unquote(self.path)

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the query."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def place(self) -> SourcesPath | None:
        """The parts of its path, None where it does not name the sources of an instance."""
        match = _SOURCES.match(self.path)
        return SourcesPath(**match.groupdict()) if match else None

    @property
    def creates(self) -> bool:
        """It creates a source."""
        return self.method == "POST" and self.place is not None

    @property
    def lists(self) -> bool:
        """It lists sources."""
        return self.method == "GET" and self.place is not None


@dataclass(slots=True)
class ClientCall:
    """One call of the client: what it asked, and how it ended."""

    requests: list[ClientRequest] = field(default_factory=list)
    #: what it raised, or None where it returned
    error: BaseException | None = None

    @property
    def creations(self) -> list[ClientRequest]:
        """The requests that create a source."""
        return [request for request in self.requests if request.creates]

    def asks_for(self, method: str, path: str) -> bool:
        """It asked for this path, percent codes decoded."""
        return any(request.method == method and request.decoded_path == path for request in self.requests)

    def require_creation(self) -> None:
        """Raises `Skipped` where it did not ask to create a source."""
        if not self.creations:
            raise Skipped("the client did not ask to create a source, see P31-method-path")

    @property
    def summary(self) -> str:
        """What it asked for, for a message."""
        targets = [f"{request.method} {request.target}" for request in self.requests] or ["nothing"]
        return f"it asked for {', '.join(targets)}{self.ending}"

    @property
    def ending(self) -> str:
        """How it ended, for a message; empty where it returned."""
        return f"; it raised {self.error!r}" if self.error else ""
