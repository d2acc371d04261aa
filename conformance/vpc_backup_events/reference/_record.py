"""What a reference service was asked and what it answered, for a test to look at."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.tokens import without

__all__ = ["MASK", "MOST", "Exchange", "Latest", "Record", "masked", "masked_headers"]

MASK = "***"
# what a record keeps
MOST = 10_000
MOST_BYTES = 64 * 1024 * 1024

T = TypeVar("T")

_CREDENTIALS = re.compile(r"(?i)\A(\S+)\s.*\Z", re.DOTALL)
_APIKEY = re.compile(rb"(apikey=)[^&]*")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the status of its answer; tokens and API keys are masked."""

    method: str
    #: path and query as they were on the wire
    target: str
    #: names in lower case, in the order of the wire
    headers: tuple[tuple[str, str], ...]
    #: as it was on the wire
    body: bytes
    #: name of the operation, None where the path or the method is unknown
    operation: str | None
    #: None where the connection was closed without an answer
    status: int | None
    #: what was accepted although a requirement for clients or producers says otherwise
    warnings: tuple[Breach, ...] = ()

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        return next((value for key, value in self.headers if key == name), None)


class Latest(list[T]):
    """What was appended last, oldest first: a service that runs for days must not fill the memory."""

    def __init__(self) -> None:
        super().__init__()
        # how many are kept, and how many bytes together
        self.most = MOST
        self.most_bytes = MOST_BYTES
        # how many are gone
        self.dropped = 0
        self._sizes: deque[int] = deque()
        self._bytes = 0

    def size(self, item: T) -> int:
        """About how many bytes an item has."""
        return 0

    def append(self, item: T) -> None:
        """Adds one and drops the oldest that are too many; the new one always stays."""
        super().append(item)
        self._sizes.append(self.size(item))
        self._bytes += self._sizes[-1]
        surplus = 0
        while len(self._sizes) > 1 and (len(self._sizes) > self.most or self._bytes > self.most_bytes):
            self._bytes -= self._sizes.popleft()
            surplus += 1
        del self[:surplus]
        self.dropped += surplus

    def clear(self) -> None:
        """Forgets all."""
        super().clear()
        self._sizes.clear()
        self._bytes = 0


class Record(Latest[Exchange]):
    """The latest exchanges, oldest first: 10,000, or 64 MiB; `dropped` says how many are gone."""

    def size(self, item: Exchange) -> int:
        """What its body, its target and its headers take."""
        return len(item.body) + len(item.target) + sum(len(name) + len(value) for name, value in item.headers)

    def of(self, operation: str) -> list[Exchange]:
        """Those of one operation, such as `create_sources`."""
        return [exchange for exchange in self if exchange.operation == operation]

    @property
    def statuses(self) -> list[int | None]:
        """The statuses of all answers."""
        return [exchange.status for exchange in self]


def masked_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers without the credentials in Authorization."""
    return tuple((k, _CREDENTIALS.sub(rf"\1 {MASK}", v) if k == "authorization" else v) for k, v in headers)


def masked(data: bytes, tokens: Iterable[str]) -> bytes:
    """The bytes without API keys of a form and without these tokens."""
    data = _APIKEY.sub(rb"\1" + MASK.encode(), data)
    for token in tokens:
        data = without(token.encode().decode("latin-1"), data.decode("latin-1"), MASK).encode("latin-1")
    return data
