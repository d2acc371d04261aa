"""What holds between the events of one run: `source` and `id` name one event (P10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from vpc_backup_events.catalog.names import NOTIFICATION_ID
from vpc_backup_events.reading import Reading
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.breach import Breach, Verbatim
from vpc_backup_events.values.report import Source

__all__ = ["Identities", "conflict", "content", "identity"]


class Identities:
    """The pairs of `source` and `id` so far, with what the event said."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], tuple[bytes, Source]] = {}

    def breaches(self, reading: Reading, source: Source) -> Iterator[Breach]:
        """Remembers the event; a breach where the pair came before with other content. Emails are not compared."""
        names = None if reading.email is not None else identity(reading.event)
        if names is None:
            return
        digest = content(reading.event)
        first, where = self._first.setdefault(names, (digest, source))
        if first != digest:
            yield conflict(where)


def identity(event: Any) -> tuple[str, str] | None:
    """`source` and `id`, or None where one of them does not name anything."""
    if not isinstance(event, dict):
        return None
    source, id = event.get("source"), event.get("id")
    if isinstance(source, str) and isinstance(id, str) and not is_blank(source) and not is_blank(id):
        return source, id
    return None


def content(event: dict[str, Any]) -> bytes:
    """A digest of what the event says, the same for each time that it is sent."""
    members = {name: value for name, value in event.items() if name != NOTIFICATION_ID}
    return hashlib.sha256(json.dumps(members, sort_keys=True).encode()).digest()


def conflict(first: Source) -> Breach:
    """The breach of an event whose pair of `source` and `id` came before, at `first`, with other content."""
    return Breach("P10-id-unique", ("id",), {"first": Verbatim(_place(first))})


def _place(source: Source) -> str:
    parts = [source.file or "the input"]
    if source.line is not None:
        parts.append(f"line {source.line}")
    if source.index is not None:
        parts.append(f"index {source.index}")
    return ", ".join(parts)
