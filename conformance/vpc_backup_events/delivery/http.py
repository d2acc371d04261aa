"""The transport to a consumer behind a URL."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

from vpc_backup_events.delivery.message import Request, Response, Transport, TransportError
from vpc_backup_events.values.errors import UsageError

__all__ = ["Http", "url_parts"]

# bytes that are read of the body of an answer; its status is what counts
MAX_ANSWER = 1024 * 1024


def url_parts(url: str) -> SplitResult:
    """The parts of a URL. Raises `UsageError` where it is none, as `http://[::1`."""
    try:
        return urlsplit(url)
    except ValueError as error:
        # not shown: there may be a password in it
        raise UsageError(f"The URL can't be read: {error}.", "Give one that begins with http:// or https://.") from None


class Http(Transport):
    """A consumer behind a URL; each request has a connection of its own, redirects are not followed."""

    def __init__(self, url: str) -> None:
        parts = url_parts(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{url!r} is no URL of a consumer.", "Give one that begins with http:// or https://.")
        try:
            self._port = parts.port
        except ValueError as error:
            raise UsageError(f"{url!r} has no valid port ({error}).", "Give one from 1 to 65535.") from None
        self._host = parts.hostname
        self._secure = parts.scheme == "https"
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def send(self, request: Request, timeout: float) -> Response:
        """Sends it."""
        connection = self._connection(timeout)
        try:
            connection.putrequest(request.method, request.target or self._path, skip_accept_encoding=True)
            names = {name.lower() for name in request.headers}
            chunked = request.chunked
            has_length = "content-length" in names or chunked
            if not has_length and (request.body or request.method not in ("GET", "DELETE")):
                connection.putheader("Content-Length", str(len(request.body)))
            for name, value in request.headers.items():
                connection.putheader(name, value.encode("utf-8", "surrogatepass"))
            body: Any = iter(request.chunks) if chunked else request.body or None
            connection.endheaders(body, encode_chunked=chunked)
            answer = connection.getresponse()
            body = answer.read(MAX_ANSWER)
            if answer.length and len(body) < MAX_ANSWER:
                raise http.client.IncompleteRead(body, answer.length)
            return Response(answer.status, {n.lower(): v for n, v in answer.getheaders()}, body)
        except TimeoutError:
            raise TransportError("timeout", f"no answer within {timeout:g} s") from None
        except ConnectionRefusedError:
            raise TransportError("refused", f"{self._host} refused the connection") from None
        except socket.gaierror as error:
            raise TransportError("refused", f"{self._host} is not known ({error.strerror})") from None
        except (ConnectionError, http.client.RemoteDisconnected, http.client.IncompleteRead) as error:
            raise TransportError("reset", f"the connection was closed before the answer ({error})") from None
        except (http.client.HTTPException, ValueError) as error:
            # not what it says: the other side may have repeated a token in its first line
            raise TransportError("protocol", f"the answer is no HTTP ({type(error).__name__})") from None
        except OSError as error:
            raise TransportError("refused", f"{self._host} can't be reached ({error.strerror or error})") from None
        finally:
            connection.close()

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if self._secure:
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=timeout, context=context)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        until = time.monotonic() + timeout
        answer: Any = partial(_Answer, until)
        connection.response_class = answer
        return connection


class _Answer(http.client.HTTPResponse):
    """An answer that must be there at a time, however many bytes it comes in."""

    def __init__(self, until: float, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Until(until, sock, self.fp.detach()))


class _Until(io.RawIOBase):
    """Reads a socket; raises `TimeoutError` when the time has come."""

    def __init__(self, until: float, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._until, self._sock, self._raw = until, sock, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        # a closed connection, whose answer is still read, keeps the time that it has
        if self._sock.fileno() >= 0:
            self._sock.settimeout(seconds)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
