"""The transport to a consumer in this process that is an ASGI application."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Callable, Iterable
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from vpc_backup_events.delivery.in_process import crashed
from vpc_backup_events.delivery.message import Request, Response, Transport, TransportError

__all__ = ["Asgi"]

# bytes of a body that an application receives at once
CHUNK = 16_384
# seconds that an application has to end what it does after its answer, before the answer is taken without that
AFTERWARDS = 2.0
# seconds after which a client that waits for an answer goes away
_PATIENCE = 3600


class _Call:
    """One request to an application, and what it answers."""

    def __init__(self, app: Callable[..., Any], scope: dict[str, Any], request: Request) -> None:
        self._app = app
        self._scope = scope
        self._body = request.body
        self._size = len(request.chunks[0]) if request.chunked and request.body else CHUNK
        # of the next part of the body; None where the request is over
        self._position: int | None = 0
        self._status: int | None = None
        self._headers: Iterable[tuple[bytes, bytes]] = ()
        self._answer = b""
        # the answer is complete, or the application has ended without
        self.complete = asyncio.Event()
        # what the application raised, which is nothing to the client after the answer
        self._error: BaseException | None = None

    async def run(self) -> None:
        """Calls the application."""
        try:
            await self._app(self._scope, self._receive, self._send)
        except (Exception, SystemExit) as error:
            self._error = error
        finally:
            self.complete.set()

    async def _receive(self) -> dict[str, Any]:
        if self._position is None:
            # the client waits for the answer
            await asyncio.sleep(_PATIENCE)
            return {"type": "http.disconnect"}
        end = self._position + self._size
        part = self._body[self._position : end]
        more = end < len(self._body)
        self._position = end if more else None
        return {"type": "http.request", "body": part, "more_body": more}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = message.get("headers", ())
        elif message["type"] == "http.response.body":
            self._answer += message.get("body", b"")
            if not message.get("more_body", False):
                self.complete.set()

    def response(self) -> Response:
        """What came of it; raises `TransportError` where there is no answer."""
        if self._status is not None:
            headers = {bytes(n).decode("latin-1").lower(): bytes(v).decode("latin-1") for n, v in self._headers}
            return Response(self._status, headers, self._answer)
        if self._error is not None:
            return crashed(self._error)
        raise TransportError("protocol", "the ASGI application ended without an answer")


class Asgi(Transport):
    """An ASGI application, on an event loop of its own."""

    def __init__(self, app: Callable[..., Any], path: str = "/") -> None:
        self._app = app
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._to_lifespan: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._started = False
        # requests that were answered and go on
        self._going_on: set[asyncio.Task[None]] = set()
        atexit.register(self.close)

    def send(self, request: Request, timeout: float) -> Response:
        """Calls it; the first time, after its startup."""
        future = asyncio.run_coroutine_threadsafe(self._send(request), self._loop)
        try:
            return future.result(timeout)
        except FutureTimeoutError:
            future.cancel()
            raise TransportError("timeout", f"no answer within {timeout:g} s") from None

    async def _send(self, request: Request) -> Response:
        if not self._started:
            self._started = True
            await self._startup()
        call = _Call(self._app, self._scope(request), request)
        work = asyncio.ensure_future(call.run())
        try:
            await call.complete.wait()
            # work in the background is no part of the answer; most of it is done at once, so that it can be observed
            await asyncio.wait([work], timeout=AFTERWARDS)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if not work.done():
            self._going_on.add(work)
            work.add_done_callback(self._going_on.discard)
        return call.response()

    def _scope(self, request: Request) -> dict[str, Any]:
        parts = urlsplit(request.target or self._path)
        headers = [
            (n.lower().encode("latin-1"), v.encode("utf-8", "surrogatepass")) for n, v in request.headers.items()
        ]
        headers.append((b"host", b"localhost"))
        if not request.chunked:
            headers.append((b"content-length", str(len(request.body)).encode()))
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote(parts.path) or "/",
            "raw_path": (parts.path or "/").encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 80),
        }

    async def _startup(self) -> None:
        """Tells the application to start; one that knows no lifespan is told nothing more."""
        reply = asyncio.Event()
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}

        async def send(_: dict[str, Any]) -> None:
            reply.set()

        async def run() -> None:
            try:
                await self._app(scope, self._to_lifespan.get, send)
            except Exception:
                # ASGI: an application that raises here does not support it
                pass
            finally:
                reply.set()

        self._life = asyncio.ensure_future(run())
        await self._to_lifespan.put({"type": "lifespan.startup"})
        await reply.wait()

    async def _shutdown(self) -> None:
        if self._going_on:
            await asyncio.wait(self._going_on, timeout=AFTERWARDS)
        if self._started and not self._life.done():
            await self._to_lifespan.put({"type": "lifespan.shutdown"})
            await asyncio.wait([self._life], timeout=5)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def close(self) -> None:
        """Shuts the application down, and ends the loop."""
        atexit.unregister(self.close)
        if self._loop.is_closed():
            return
        try:
            asyncio.run_coroutine_threadsafe(self._shutdown(), self._loop).result(10)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)
            if not self._loop.is_running():
                self._loop.close()
