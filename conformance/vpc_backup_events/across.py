"""What holds between the events of one run: `source` and `id` name one event (P10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from vpc_backup_events.breach import Breach
from vpc_backup_events.report import Source
from vpc_backup_events.violations import Verbatim

# added on delivery, so a resend of the same event has another one
_DELIVERY = "notification_id"


class Identities:
    """The pairs of `source` and `id` seen so far, with what the event said."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[bytes, Source]] = {}

    def seen(self, event: Any, source: Source) -> Iterator[Breach]:
        """Remembers the event; a breach where the pair came before with other content."""
        if not isinstance(event, dict):
            return
        names = event.get("source"), event.get("id")
        if not all(isinstance(name, str) and name.strip() for name in names):
            return
        content = {name: value for name, value in event.items() if name != _DELIVERY}
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
        first, where = self._seen.setdefault((str(names[0]), str(names[1])), (digest, source))
        if first != digest:
            yield Breach("P10-id-unique", ("id",), {"first": Verbatim(_place(where))})


def _place(source: Source) -> str:
    parts = [source.file or "the input"]
    if source.line is not None:
        parts.append(f"line {source.line}")
    if source.index is not None:
        parts.append(f"index {source.index}")
    return ", ".join(parts)
