"""What a served application is spared: heads that are too large, and clients that take for ever with a body."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["IDLE", "MAX_HEAD", "MAX_HEADERS", "PATIENCE", "limited"]

# bytes of the request line and the headers together, and how many headers
MAX_HEAD = 32 * 1024
MAX_HEADERS = 100
# seconds that a client has for the body of a request
PATIENCE = 20.0
# seconds that a connection may be idle between two requests
IDLE = 20
_TOO_LARGE = 431
_TOO_SLOW = 408


class _Exchange:
    """A request whose body has to come within a number of seconds, and its answer."""

    def __init__(self, receive: Receive, send: Send, seconds: float) -> None:
        self._receive = receive
        self._send = send
        self._until = asyncio.get_running_loop().time() + seconds
        # the body has come
        self._whole = False
        # an answer has begun; what comes after it was given up is dropped
        self._begun = False
        self._given_up = False

    @property
    def transport(self) -> Any:
        """The connection, where the server lets one have it."""
        return getattr(getattr(self._receive, "__self__", None), "transport", None)

    async def receive(self) -> Message:
        """The next part of the body; one that does not come in time is answered 408, and the client is gone."""
        if self._whole:
            # what comes now is the end of the connection
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            if not self._begun:
                await _refuse(self._send, _TOO_SLOW)
            self._given_up = True
            return {"type": "http.disconnect"}
        self._whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """A part of the answer."""
        if not self._given_up:
            self._begun = True
            await self._send(message)


def limited(app: ASGIApp, seconds: float = PATIENCE) -> ASGIApp:
    """The application, spared of requests that are too large or too slow: these are answered 431 and 408.

    `seconds` is what a client has for the body of a request.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif _is_large(scope):
            await _refuse(send, _TOO_LARGE)
        else:
            exchange = _Exchange(receive, send, seconds)
            await app(scope, exchange.receive, exchange.send)

    return application


async def _refuse(send: Send, status: int) -> None:
    """An answer without a body, after which the connection is closed."""
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _is_large(scope: Any) -> bool:
    headers = scope["headers"]
    target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return len(headers) > MAX_HEADERS or target + sum(len(name) + len(value) + 4 for name, value in headers) > MAX_HEAD
