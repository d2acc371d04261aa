"""What a served application is spared: heads that are too large, and clients that take for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

# bytes of the request line and the headers together, and how many headers
MAX_HEAD = 32 * 1024
MAX_HEADERS = 100
# seconds that a client has for a whole request
PATIENCE = 20.0
# seconds in which what was answered last must have been taken
_LEAVE = 1.0


def patient(seconds: float) -> type[H11Protocol]:
    """The protocol of uvicorn, for clients that send each request, with its body, within so many seconds.

    One that does not is answered 408, where no answer has begun, and its connection is closed.
    """

    class Patient(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._deadline = self.loop.call_later(seconds, self._late)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._forget()
            super().connection_lost(exc)

        def _watch(self) -> None:
            state = self.conn.their_state
            # between two requests the time for an idle connection runs
            begun = state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))
            if not begun or self.transport.is_closing():
                self._forget()
            elif self._deadline is None:
                self._deadline = self.loop.call_later(seconds, self._late)

        def _forget(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _late(self) -> None:
            if self.transport.is_closing():
                return
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                headers = [("Connection", "close"), ("Content-Length", "0")]
                for event in (h11.Response(status_code=408, headers=headers), h11.EndOfMessage()):
                    self.transport.write(self.conn.send(event) or b"")
            if self.cycle is not None:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self.transport.close()
            # also where the client does not read
            self.loop.call_later(_LEAVE, self.transport.abort)

    return Patient


def modest(app: ASGIApp) -> ASGIApp:
    """The application, for requests whose head is not too large; others are answered 431."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_large(scope):
            headers = [(b"content-length", b"0"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 431, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return limited


def _is_large(scope: Any) -> bool:
    headers = scope["headers"]
    target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return len(headers) > MAX_HEADERS or target + sum(len(name) + len(value) + 4 for name, value in headers) > MAX_HEAD
