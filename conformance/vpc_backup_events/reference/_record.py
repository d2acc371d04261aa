"""What a reference service was asked and what it answered, for a test to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vpc_backup_events.breach import Breach
from vpc_backup_events.secret_text import without

MASK = "***"
_CREDENTIALS = re.compile(r"(?i)\A(\S+)\s.*\Z", re.DOTALL)
_APIKEY = re.compile(rb"(apikey=)[^&]*")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the status of its answer; tokens and API keys are masked."""

    method: str
    # path and query as they were on the wire
    target: str
    # names in lower case, in the order of the wire
    headers: tuple[tuple[str, str], ...]
    # as it was on the wire
    body: bytes
    # name of the operation, None where the path or the method is unknown
    operation: str | None
    # None where the connection was closed without an answer
    status: int | None
    # what was accepted although a requirement for clients or producers says otherwise
    warnings: tuple[Breach, ...] = ()

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        return next((value for key, value in self.headers if key == name), None)


class Record(list[Exchange]):
    """Every exchange, oldest first."""

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
