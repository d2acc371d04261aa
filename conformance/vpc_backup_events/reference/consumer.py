"""The reference consumer: an ASGI application that needs no framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from threading import Lock
from typing import Any

from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.reading import Message, Reading, read_event
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED, TooLargeError, gunzip
from vpc_backup_events.values.json_text import NotJsonError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY = 1024 * 1024
REQUIRED = ("specversion", "id", "source", "type")


class Consumer:
    """Takes events by POST, in any documented form, and interprets each (`source`, `id`) once.

    What it interpreted is kept in memory for as long as it lives, which is meant to be a test.
    """

    def __init__(self) -> None:
        # oldest first
        self.interpretations: list[dict[str, str]] = []
        self._seen: set[tuple[Any, ...]] = set()
        self._lock = Lock()

    def receive(self, method: str, headers: Iterable[tuple[Any, Any]], body: bytes) -> int:
        """The status of the answer to a request."""
        if method != "POST":
            return 405
        if len(body) > MAX_BODY:
            return 413
        message = Message.of(headers, body)
        media = (message.header("content-type") or "").partition(";")[0].strip().lower()
        binary = any(name.lower().startswith("ce-") for name, _ in message.headers)
        if media not in (STRUCTURED, PLAIN) and not (binary and not media):
            return 415
        if (message.header("content-encoding") or "").strip().lower() in ("gzip", "x-gzip"):
            try:
                gunzip(body, MAX_BODY)
            except TooLargeError:
                return 413
            except NotJsonError:
                return 400
        reading = read_event(message)
        event = reading.event
        if not isinstance(event, dict) or not all(isinstance(event.get(n), str) and event[n].strip() for n in REQUIRED):
            return 400
        identity = self.identity(reading)
        with self._lock:
            if identity not in self._seen:
                self._seen.add(identity)
                self.interpretations.append(interpretation(reading))
        return 204

    def identity(self, reading: Reading) -> tuple[Any, ...]:
        """What makes two deliveries the same event."""
        return reading.event["source"], reading.event["id"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: HTTP and lifespan."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        body = bytearray()
        while len(body) <= MAX_BODY:
            part = await receive()
            if part["type"] == "http.disconnect":
                return
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        status = self.receive(scope["method"], scope["headers"], bytes(body))
        headers = [(b"allow", b"POST")] if status == 405 else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def consumer_app() -> Consumer:
    """A new consumer; its `interpretations` are what it made of the events, oldest first."""
    return Consumer()
