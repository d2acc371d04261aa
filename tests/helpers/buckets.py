"""A server of S3 on loopback: moto's, behind a look at each request that can also go wrong on purpose."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

import pytest

# a secret that no output may show
SECRET = "wJalrXUtnFEMI0K7MDENG0bPxRfiCYEXAMPLEKEY"
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
BUCKET = "backup-events"
# moto has no route for a key with a line break; this stands for one in its backend
_LINE_BREAK = "\u2424"


@dataclass
class Request:
    method: str
    key: str
    query: str
    range: str
    is_signed: bool
    # bytes of the answer that were sent
    sent: int = 0


@dataclass
class Buckets:
    """What the server was asked, and what it does wrong."""

    endpoint: str = ""
    requests: list[Request] = field(default_factory=list)
    # of an object's GET requests, what happens to the next ones: a status, one with a code, or "cut"
    faults: list[int | tuple[int, str] | str] = field(default_factory=list)
    # keys that nobody may read
    forbidden: set[str] = field(default_factory=set)
    # headers of requests that the server does not know, as WSGI names them
    ignored: tuple[str, ...] = ()

    def url(self, key: str = "") -> str:
        return f"s3://{BUCKET}/{key}"

    @cached_property
    def client(self):
        """A client that the package knows nothing of."""
        from botocore.session import Session

        return Session().create_client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET,
        )

    def put(self, key: str, data: bytes, access: str = "private") -> None:
        self.client.put_object(Bucket=BUCKET, Key=key, Body=data, ACL=access)

    def put_folder(self, folder, prefix: str = "") -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                key = prefix + path.relative_to(folder).as_posix()
                self.client.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())

    def gets(self, key: str | None = None) -> list[Request]:
        """The requests for the content of objects since the last reset."""
        return [
            request
            for request in self.requests
            if request.method == "GET" and request.key and key in (None, request.key)
        ]

    def listings(self) -> list[Request]:
        return [request for request in self.requests if "list-type=2" in request.query]


class _Server:
    """The WSGI application in front of moto's."""

    def __init__(self, buckets: Buckets) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app

        self._application = DomainDispatcherApplication(create_backend_app)
        self._buckets = buckets

    def __call__(self, environ, start_response):
        buckets = self._buckets
        environ["PATH_INFO"] = environ["PATH_INFO"].replace("\n", _LINE_BREAK.encode().decode("latin-1"))
        key = environ["PATH_INFO"].encode("latin-1").decode().removeprefix("/").partition("/")[2]
        request = Request(
            environ["REQUEST_METHOD"],
            key,
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_RANGE", ""),
            "HTTP_AUTHORIZATION" in environ,
        )
        buckets.requests.append(request)
        for name in buckets.ignored:
            environ.pop(name, None)
        if key in buckets.forbidden and request.method in ("GET", "HEAD"):
            return _refuse(start_response, 403, "AccessDenied", request.method)
        fault = buckets.faults.pop(0) if buckets.faults and key and request.method == "GET" else None
        if isinstance(fault, tuple):
            return _refuse(start_response, *fault, request.method)
        if isinstance(fault, int) and fault != 200:
            return _refuse(start_response, fault, "SlowDown", request.method)
        if "list-type" in request.query:
            return self._listed(environ, start_response)
        body = self._application(environ, start_response)
        return self._sent(request, body, environ["werkzeug.socket"] if fault == "cut" else None)

    def _listed(self, environ, start_response):
        answer = []
        body = b"".join(self._application(environ, lambda *arguments: answer.extend(arguments)))
        body = body.replace(quote(_LINE_BREAK).encode(), b"%0A")
        headers = [header for header in answer[1] if header[0].lower() != "content-length"]
        start_response(answer[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    @staticmethod
    def _sent(request: Request, body, connection: socket.socket | None) -> Iterator[bytes]:
        data = b"".join(body)
        if connection:
            data = data[: len(data) // 2]
        for start in range(0, len(data), 65536):
            piece = data[start : start + 65536]
            yield piece
            request.sent += len(piece)
        if connection:
            connection.shutdown(socket.SHUT_RDWR)


def _refuse(start_response, status, code, method):
    start_response(f"{status} {code}", [("Content-Type", "application/xml")])
    text = f"<Error><Code>{code}</Code><Message>the secret is {SECRET}</Message></Error>"
    return [b"" if method == "HEAD" else text.encode()]


@contextmanager
def serving(buckets: Buckets) -> Iterator[None]:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *_):
            pass

    server = make_server("127.0.0.1", 0, _Server(buckets), threaded=True, request_handler=Handler)
    buckets.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def server():
    pytest.importorskip("moto.server")
    buckets = Buckets()
    with serving(buckets):
        yield buckets


@pytest.fixture
def buckets(server, monkeypatch, tmp_path_factory):
    """A server with one empty bucket, and an environment that knows its credentials and nothing else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server.endpoint)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.forbidden.clear()
    server.faults.clear()
    _reset()
    server.client.create_bucket(Bucket=BUCKET)
    server.requests.clear()
    yield server
    _forget()


def _reset():
    from moto.s3.models import s3_backends

    s3_backends.reset()
    _forget()


def _forget():
    """A process keeps its clients; the next test has another environment."""
    from vpc_backup_events.reading import objects

    objects._client.cache_clear()
