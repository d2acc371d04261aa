"""Transports: applications in this process, and real sockets on loopback."""

from __future__ import annotations

import asyncio
import functools
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from vpc_backup_events.delivery import Asgi, Function, Http, Request, TransportError, Wsgi, transport_for
from vpc_backup_events.reference import consumer_app
from vpc_backup_events.values.errors import UsageError

REQUEST = Request("POST", {"Content-Type": "application/json", "X-Text": "für ✓"}, b"x" * 40_000)


async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError("not supported")
    parts = []
    while True:
        message = await receive()
        parts.append(message["body"])
        if not message["more_body"]:
            break
    headers = dict(scope["headers"])
    body = f"{scope['method']} {len(parts)} {sum(map(len, parts))} {headers[b'x-text'].decode()}"
    await send({"type": "http.response.start", "status": 201, "headers": [(b"Retry-After", b"7")]})
    await send({"type": "http.response.body", "body": body.encode()})


def wsgi(environ, start_response):
    body = environ["wsgi.input"].read()
    text = environ["HTTP_X_TEXT"].encode("latin-1").decode()
    start_response("201 Created", [("Retry-After", "7")])
    return [f"{environ['REQUEST_METHOD']} {len(body)} {text}".encode()]


def function(headers, body):
    return 200 if headers["X-Text"] == "für ✓" and len(body) == 40_000 else 400


class Object:
    async def __call__(self, scope, receive, send):
        await asgi(scope, receive, send)

    def method(self, headers, body):
        return function(headers, body)


def test_each_kind_is_told_by_its_signature():
    kinds = {
        Asgi: [asgi, Object(), consumer_app(), functools.partial(asgi)],
        Wsgi: [wsgi, lambda environ, start_response: []],
        Function: [function, Object().method, lambda headers, body: 200, functools.partial(lambda x, h, b: 200, 1)],
        Http: ["http://127.0.0.1:1/events"],
    }
    for kind, targets in kinds.items():
        for target in targets:
            transport = transport_for(target)
            assert type(transport) is kind, target
            transport.close()


@pytest.mark.parametrize(
    "target", [5, None, object(), lambda: 200, lambda *parts: 200, "ftp://x", "events", "http://x:99999999"]
)
def test_what_can_not_be_told_is_an_error(target):
    with pytest.raises(UsageError):
        transport_for(target)


def test_flask_and_starlette_are_told_too():
    flask = pytest.importorskip("flask")
    starlette = pytest.importorskip("starlette.applications")
    assert type(transport_for(flask.Flask("x"))) is Wsgi
    transport = transport_for(starlette.Starlette())
    assert type(transport) is Asgi
    transport.close()


def test_an_asgi_application_gets_the_whole_request_in_parts():
    transport = Asgi(asgi)
    answer = transport.send(REQUEST, 5)
    transport.close()
    assert (answer.status, answer.body.decode()) == (201, "POST 3 40000 für ✓")
    assert answer.headers["retry-after"] == "7"


def test_a_wsgi_application_gets_the_whole_request():
    answer = Wsgi(wsgi).send(REQUEST, 5)
    assert (answer.status, answer.body.decode()) == (201, "POST 40000 für ✓")
    assert answer.headers["retry-after"] == "7"


def test_a_function_gets_headers_and_body():
    assert Function(function).send(REQUEST, 5).status == 200


def test_startup_and_shutdown_are_told_once():
    told = []

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            for _ in range(2):
                message = await receive()
                told.append(message["type"])
                await send({"type": f"{message['type']}.complete"})
            return
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    transport = Asgi(app)
    assert transport.send(REQUEST, 5).status == 204
    assert transport.send(REQUEST, 5).status == 204
    transport.close()
    transport.close()
    assert told == ["lifespan.startup", "lifespan.shutdown"]


def test_an_application_that_raises_answers_500_with_its_traceback():
    async def broken_asgi(scope, receive, send):
        raise ValueError("no luck")

    def broken_wsgi(environ, start_response):
        raise ValueError("no luck")

    def broken_function(headers, body):
        raise ValueError("no luck")

    for target in (broken_asgi, broken_wsgi, broken_function):
        transport = transport_for(target)
        answer = transport.send(REQUEST, 5)
        transport.close()
        assert answer.status == 500
        assert b"no luck" in answer.body


def test_an_application_that_takes_too_long_is_a_timeout():
    async def slow_asgi(scope, receive, send):
        if scope["type"] == "lifespan":
            raise RuntimeError("not supported")
        await asyncio.sleep(30)

    def slow_function(headers, body):
        time.sleep(0.5)
        return 200

    for target in (slow_asgi, slow_function):
        transport = transport_for(target)
        with pytest.raises(TransportError) as caught:
            transport.send(REQUEST, 0.1)
        transport.close()
        assert caught.value.kind == "timeout"


@pytest.mark.parametrize("answer", [None, "200", True])
def test_a_function_must_return_a_status(answer):
    with pytest.raises(TransportError) as caught:
        Function(lambda headers, body: answer).send(REQUEST, 5)
    assert caught.value.kind == "protocol"


def test_an_application_that_does_not_answer_is_named():
    async def silent(scope, receive, send):
        return

    transport = Asgi(silent)
    with pytest.raises(TransportError, match="without an answer"):
        transport.send(REQUEST, 5)
    transport.close()
    with pytest.raises(TransportError, match="start_response"):
        Wsgi(lambda environ, start_response: []).send(REQUEST, 5)


def test_it_works_inside_a_running_loop():
    import asyncio

    async def main():
        return await asyncio.to_thread(lambda: Asgi(asgi).send(REQUEST, 5).status)

    assert asyncio.run(main()) == 201


# ------------------------------------------------------------------------------------------------- sockets


@contextmanager
def listening(answer):
    """A socket on loopback that does `answer` with each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        threading.Thread(target=run, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/events?x=1"


def whole(connection):
    """The request, read to its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return head, body


def test_a_request_over_a_socket():
    seen = []

    def answer(connection):
        seen.append(whole(connection))
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")

    with listening(answer) as url:
        got = Http(url).send(REQUEST, 5)
    assert (got.status, got.body) == (202, b"ok")
    head, body = seen[0]
    assert head.startswith(b"POST /events?x=1 HTTP/1.1\r\n")
    assert "X-Text: für ✓".encode() in head
    assert body == REQUEST.body


def test_a_redirect_is_not_followed():
    def answer(connection):
        whole(connection)
        connection.sendall(
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        )

    with listening(answer) as url:
        assert Http(url).send(REQUEST, 5).status == 307


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda connection: None, "reset"),
        (lambda connection: whole(connection), "reset"),
        (lambda connection: (whole(connection), connection.sendall(b"what?\r\n\r\n")), "protocol"),
        (lambda connection: (whole(connection), time.sleep(1)), "timeout"),
        (
            lambda connection: (
                whole(connection),
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"),
            ),
            "reset",
        ),
    ],
    ids=["closed at once", "closed before the answer", "no HTTP", "silent", "closed within the answer"],
)
def test_what_goes_wrong_on_the_way(answer, kind):
    with listening(answer) as url, pytest.raises(TransportError) as caught:
        Http(url).send(REQUEST, 0.3)
    assert caught.value.kind == kind


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        Http(f"http://127.0.0.1:{port}").send(REQUEST, 1)
    assert caught.value.kind == "refused"


def test_a_host_that_is_not_known():
    with pytest.raises(TransportError) as caught:
        Http("http://no-such-host.invalid").send(REQUEST, 5)
    assert caught.value.kind == "refused"


async def busy(scope, receive, send):
    """Answers at once, and goes on for longer than anybody waits."""
    if scope["type"] == "lifespan":
        raise RuntimeError("not supported")
    await send({"type": "http.response.start", "status": 202, "headers": []})
    await send({"type": "http.response.body", "body": b"taken"})
    await asyncio.sleep(60)


def test_what_an_application_does_after_its_answer_is_no_part_of_it(monkeypatch):
    monkeypatch.setattr("vpc_backup_events.delivery.asgi.AFTERWARDS", 0.2)
    transport = Asgi(busy)
    try:
        answer = transport.send(REQUEST, timeout=8)
    finally:
        transport.close()
    assert (answer.status, answer.body) == (202, b"taken")
