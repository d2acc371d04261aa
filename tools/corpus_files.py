"""What the files of the corpus hold: events, text that is broken on purpose, requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from vpc_backup_events.reading import Message


def pretty(event: Any) -> bytes:
    """An event as a person reads it."""
    return (json.dumps(event, indent=2) + "\n").encode()


def raw(text: str | bytes) -> bytes:
    """Text that is broken on purpose, as it is."""
    return text.encode() if isinstance(text, str) else text


def lines(events: list[Any]) -> bytes:
    """An event a line."""
    return "".join(json.dumps(event) + "\n" for event in events).encode()


def http(message: Message) -> bytes:
    """An HTTP request."""
    head = ["POST /events HTTP/1.1", *(f"{name}: {value}" for name, value in message.headers)]
    return "\r\n".join([*head, f"Content-Length: {len(message.body)}", "", ""]).encode() + message.body


WRITERS: dict[str, Callable[[Any], bytes]] = {
    "object": pretty,
    "text": raw,
    "message": http,
    "batch": lines,
    "email": raw,
}
