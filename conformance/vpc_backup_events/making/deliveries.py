"""HTTP requests that carry an event to a consumer, in the forms that the documentation and IBM's clients show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from vpc_backup_events.catalog.names import NOTIFICATION_ID
from vpc_backup_events.making.draft import compact
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED

# what need not be percent-encoded in a header: printable ASCII but the blank, the quotation mark and the percent sign
SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


class Delivery(NamedTuple):
    """One POST request: what it says above its body, and the body."""

    headers: Mapping[str, str]
    body: bytes


def structured(event: Mapping[str, Any]) -> Delivery:
    """As CloudEvents' structured mode has it."""
    return Delivery({"Content-Type": STRUCTURED}, compact(event).encode())


def sdk_style(event: Mapping[str, Any]) -> Delivery:
    """As IBM's clients post it: plain JSON."""
    return Delivery({"Content-Type": PLAIN}, compact(event).encode())


def binary(event: Mapping[str, Any]) -> Delivery:
    """Attributes as percent-encoded `ce-` headers, `data` as the body (CloudEvents HTTP binding, 3.1)."""
    headers = {}
    body = b""
    for name, value in event.items():
        if name == "data":
            body = compact(value).encode()
        elif name == "datacontenttype":
            headers["Content-Type"] = value
        else:
            headers[f"ce-{name}"] = quote(header_text(value), safe=SAFE)
    if body:
        headers.setdefault("Content-Type", PLAIN)
    return Delivery(headers, body)


def header_text(value: Any) -> str:
    """An attribute's value as a header has it (CloudEvents, type system)."""
    return value if isinstance(value, str) else compact(value)


def received(event: Mapping[str, Any], notification_id: str) -> dict[str, Any]:
    """The event as a webhook receives it: with the member that Event Notifications adds."""
    return {**event, NOTIFICATION_ID: notification_id}


MODES: Mapping[str, Callable[[Mapping[str, Any]], Delivery]] = {
    "structured": structured,
    "sdk-style": sdk_style,
    "binary": binary,
}
