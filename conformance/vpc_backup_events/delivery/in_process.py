"""Transports to consumers in this process: a function, a WSGI application, an ASGI application."""

from __future__ import annotations

import asyncio
import atexit
import inspect
import io
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from vpc_backup_events.delivery.message import Request, Response, TransportError
from vpc_backup_events.values.errors import Declined, KitError

__all__ = ["Asgi", "Function", "Headers", "Wsgi", "crashed", "within"]

# bytes of a body that an ASGI application receives at once
CHUNK = 16_384
# seconds that an ASGI application has to end what it does after its answer, before the answer is taken without that
AFTERWARDS = 2.0


def within(seconds: float, work: Callable[[], Response]) -> Response:
    """What `work` returns, in a thread of its own; raises `TransportError` where it takes longer."""
    future: Future[Response] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    # a daemon, so that a consumer that never returns does not keep the process alive
    Thread(target=run, daemon=True).start()
    try:
        return future.result(seconds)
    except FutureTimeoutError:
        if future.done():
            raise
        raise TransportError("timeout", f"no answer within {seconds:g} s") from None


def crashed(error: BaseException) -> Response:
    """What a server answers where the application raised."""
    return Response(500, {"content-type": "text/plain"}, "".join(traceback.format_exception(error)).encode())


class Headers(dict[str, str]):
    """Headers as a function gets them: names as they were sent, found in any case."""

    def _name(self, name: str) -> str:
        return name if super().__contains__(name) else next((n for n in self if n.lower() == name.lower()), name)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(self._name(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(self._name(name))

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default."""
        return self[name] if name in self else default  # noqa: SIM401 - this is what get does


async def _awaited(answer: Awaitable[Any]) -> Any:
    return await answer


class Function:
    """A callable that takes headers and body and returns a status; it may be asynchronous."""

    def __init__(self, function: Callable[[Mapping[str, str], bytes], Any]) -> None:
        self._function = function

    def send(self, request: Request, timeout: float) -> Response:
        """Calls it."""
        return within(timeout, lambda: self._call(request))

    def _call(self, request: Request) -> Response:
        try:
            answer = self._function(Headers(request.headers), request.body)
            if inspect.isawaitable(answer):
                answer = asyncio.run(_awaited(answer))
        except (KitError, Declined):
            # about the subject's program, no answer of the consumer
            raise
        except (Exception, SystemExit) as error:
            return crashed(error)
        status = getattr(answer, "status_code", answer)
        if not isinstance(status, int) or isinstance(status, bool):
            raise TransportError("protocol", f"the function returned {answer!r}; it must return a status, such as 204")
        return Response(int(status))

    def close(self) -> None:
        """Nothing was started."""


class Wsgi:
    """A WSGI application (PEP 3333)."""

    def __init__(self, app: Callable[..., Any], path: str = "/") -> None:
        self._app = app
        self._path = path

    def send(self, request: Request, timeout: float) -> Response:
        """Calls it."""
        return within(timeout, lambda: self._call(request))

    def _call(self, request: Request) -> Response:
        started: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], None]:
            started[:] = [status, headers]
            return lambda _: None

        try:
            parts = self._app(self._environ(request), start_response)
            try:
                body = b"".join(parts)
            finally:
                if hasattr(parts, "close"):
                    parts.close()
        except (Exception, SystemExit) as error:
            return crashed(error)
        if not started:
            raise TransportError("protocol", "the WSGI application did not call start_response")
        status, headers = started
        return Response(int(status.split(" ")[0]), {name.lower(): value for name, value in headers}, body)

    def _environ(self, request: Request) -> dict[str, Any]:
        parts = urlsplit(request.target or self._path)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(parts.path) or "/",
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            # as servers do: the bytes of the wire, read as Latin-1
            text = value.encode("utf-8", "surrogatepass").decode("latin-1")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
        return environ

    def close(self) -> None:
        """Nothing was started."""


class Asgi:
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
            await self._lifespan("startup")
        body, position = request.body, 0
        size = len(request.chunks[0]) if request.chunked and body else CHUNK
        answered: dict[str, Any] = {"body": b""}
        complete = asyncio.Event()
        # what the application raised, which is nothing to the client after the answer
        raised: list[BaseException] = []

        async def receive() -> dict[str, Any]:
            nonlocal position
            if position > len(body):
                # the request is over; the client waits for the answer
                await asyncio.sleep(3600)
                return {"type": "http.disconnect"}
            part = body[position : position + size]
            position += size
            more = position < len(body)
            if not more:
                position = len(body) + 1
            return {"type": "http.request", "body": part, "more_body": more}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answered.update(status=message["status"], headers=message.get("headers", ()))
            elif message["type"] == "http.response.body":
                answered["body"] += message.get("body", b"")
                if not message.get("more_body", False):
                    complete.set()

        async def call() -> None:
            try:
                await self._app(self._scope(request), receive, send)
            except (Exception, SystemExit) as error:
                raised.append(error)
            finally:
                complete.set()

        work = asyncio.ensure_future(call())
        try:
            await complete.wait()
            # work in the background is no part of the answer; most of it is done at once, so that it can be observed
            await asyncio.wait([work], timeout=AFTERWARDS)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if not work.done():
            self._going_on.add(work)
            work.add_done_callback(self._going_on.discard)
        elif "status" not in answered and raised:
            return crashed(raised[0])
        if "status" not in answered:
            raise TransportError("protocol", "the ASGI application ended without an answer")
        headers = {bytes(n).decode("latin-1").lower(): bytes(v).decode("latin-1") for n, v in answered["headers"]}
        return Response(answered["status"], headers, answered["body"])

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

    async def _lifespan(self, phase: str) -> None:
        """Tells the application to start; one that knows no lifespan is told nothing more."""
        done = asyncio.Event()
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}

        async def send(message: dict[str, Any]) -> None:
            done.set()

        async def run() -> None:
            try:
                await self._app(scope, self._to_lifespan.get, send)
            except Exception:
                # ASGI: an application that raises here does not support it
                pass
            finally:
                done.set()

        self._life = asyncio.ensure_future(run())
        await self._to_lifespan.put({"type": f"lifespan.{phase}"})
        await done.wait()

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
