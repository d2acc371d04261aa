"""What an event says, as a digest: the same each time it is sent, in whatever spelling of JSON and order of members.

The digest of a canonical text is taken of its frame, the text without ids, accounts and times, and of these values in
their order: a shape knows the frame, so that of an event that fits it only the values are left to digest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from vpc_backup_events.catalog.names import NOTIFICATION_ID

DIGEST_SIZE = 16

# each begins with a text that is found fast, and looks back from there
# from the first hyphen on; a first digit behind a backslash may be a letter of an escape
UUID = re.compile(
    rb"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?<=[^0-9A-Za-z\\][0-9a-f]{8}-[0-9a-f-]{27})(?![0-9A-Za-z])"
)
_BEFORE_HYPHEN = 8
ACCOUNT = re.compile(rb":a/([0-9a-f]{32})(?=:)")
# the text before the zone; a quotation mark behind a backslash stands within a name, or within the long text
TIME = re.compile(
    rb'"time"(?<!\\"time")[ \t]*:[ \t]*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:Z|[+-]\d\d:\d\d)"',
    re.ASCII,
)

# beginning and end in a text
Span = tuple[int, int]


def gaps(text: bytes) -> list[Span]:
    """Where ids, accounts and times stand in a text of JSON, in their order."""
    spans = [(match.start() - _BEFORE_HYPHEN, match.end()) for match in UUID.finditer(text)]
    spans += (match.span(1) for pattern in (ACCOUNT, TIME) for match in pattern.finditer(text))
    return sorted(spans)


def canonical(event: Mapping[str, Any]) -> bytes:
    """The one text of all events that say the same; the long text is in it as it was written."""
    members = {name: value for name, value in event.items() if name != NOTIFICATION_ID}
    text = json.dumps(members, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def frame(text: bytes, spans: list[Span]) -> bytes:
    """A digest of a canonical text without what stands in the gaps; how long they are is a part of it."""
    masked = bytearray(text)
    for start, end in spans:
        # no text of JSON has a zero
        masked[start:end] = bytes(end - start)
    return blake2b(masked, digest_size=DIGEST_SIZE).digest()


def digest_of(event: Mapping[str, Any]) -> bytes:
    """The digest of an event."""
    text = canonical(event)
    spans = gaps(text)
    values = b"".join(text[start:end] for start, end in spans)
    return blake2b(frame(text, spans) + values, digest_size=DIGEST_SIZE).digest()
