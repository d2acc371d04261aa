"""Transports to consumers in this process: a function, or a WSGI application; `asgi` has that to another."""

from __future__ import annotations

import asyncio
import inspect
import io
import sys
import traceback
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from vpc_backup_events.delivery.message import Request, Response, Transport, TransportError
from vpc_backup_events.values.errors import Declined, KitError

__all__ = ["Function", "Headers", "InProcess", "Wsgi", "crashed"]


def crashed(error: BaseException) -> Response:
    """What a server answers where the application raised."""
    return Response(500, {"content-type": "text/plain"}, "".join(traceback.format_exception(error)).encode())


class InProcess(Transport):
    """A consumer in this process, called in a thread of its own."""

    def send(self, request: Request, timeout: float) -> Response:
        """What it answers. Raises `TransportError` where it takes longer."""
        future: Future[Response] = Future()

        def run() -> None:
            try:
                future.set_result(self.answer(request))
            except BaseException as error:
                future.set_exception(error)

        # a daemon, so that a consumer that never returns does not keep the process alive
        Thread(target=run, daemon=True).start()
        try:
            return future.result(timeout)
        except FutureTimeoutError:
            if future.done():
                raise
            raise TransportError("timeout", f"no answer within {timeout:g} s") from None

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """What it answers, however long that takes."""


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


class Function(InProcess):
    """A callable that takes headers and body and returns a status; it may be asynchronous."""

    def __init__(self, function: Callable[[Mapping[str, str], bytes], Any]) -> None:
        self._function = function

    def answer(self, request: Request) -> Response:
        """The status that the call has, 500 where it raises."""
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


class Wsgi(InProcess):
    """A WSGI application (PEP 3333)."""

    def __init__(self, app: Callable[..., Any], path: str = "/") -> None:
        self._app = app
        self._path = path

    def answer(self, request: Request) -> Response:
        """The status that the call has, 500 where it raises."""
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
