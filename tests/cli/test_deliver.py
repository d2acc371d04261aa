"""`deliver` as a process, against a server on loopback."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vpc_backup_events.delivery import engine
from vpc_backup_events.delivery.clock import RealClock, VirtualClock


@pytest.fixture
def server():
    """A server that answers with the statuses it is given, then 204; keeps what it got."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            made.got.append((self.command, dict(self.headers), body))
            self.send_response(made.statuses.pop(0) if made.statuses else 204)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_POST

        def log_message(self, *_):
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.got, made.statuses, made.headers = [], [], {}
    made.url = f"http://127.0.0.1:{made.server_port}/events"
    # it looks as often whether it is to end
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_an_event_is_delivered_as_a_webhook_receives_it(run, write, event, server):
    done = run("deliver", write("event.json", event), server.url)
    assert (done.returncode, done.stdout) == (
        0,
        "event.json: delivered: 204\n1 of 1 delivered, policy of 2026-02\n",
    )
    method, headers, body = server.got[0]
    assert method == "POST"
    assert headers["Content-Type"] == "application/cloudevents+json"
    got = json.loads(body)
    assert got.pop("notification_id")
    assert got == event


def test_modes_methods_and_headers(run, write, event, server):
    name = write("event.json", event)
    done = run(
        "deliver", name, server.url, "--mode", "binary", "--method", "PUT", "--no-notification-id", "--header", "X-A: b"
    )
    assert done.returncode == 0
    method, headers, body = server.got[0]
    assert (method, body, headers["X-A"]) == ("PUT", b"", "b")
    assert headers["ce-type"] == event["type"]
    assert "ce-notification_id" not in headers


def test_several_events_from_standard_input(run, event, server):
    lines = b"\n".join(json.dumps({**event, "id": str(n)}).encode() for n in range(3))
    done = run("deliver", "-", server.url, "--format", "json", stdin=lines)
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert (report["delivered"], report["lost"]) == (3, 0)
    assert [each["event"] for each in report["events"]] == ["<stdin>:0", "<stdin>:1", "<stdin>:2"]


def test_a_failed_request_is_sent_again(run, write, event, server):
    server.statuses = [503]
    done = run("deliver", write("event.json", event), server.url)
    assert done.returncode == 0
    assert "delivered: 503, 204 after 1 s" in done.stdout
    assert server.got[0][2] == server.got[1][2]


def test_an_event_that_is_lost(run, write, event, server):
    server.statuses = [500] * 4
    server.headers = {"Retry-After": "0"}
    done = run("deliver", write("event.json", event), server.url)
    assert done.returncode == 1
    assert "event.json: lost: 500, 500 after 0 s" in done.stdout
    assert len(server.got) == 4


def test_a_fault_in_between(run, write, event, server, monkeypatch):
    monkeypatch.setattr(engine, "RealClock", VirtualClock)
    done = run("deliver", write("event.json", event), server.url, "--fault", "lost")
    assert done.returncode == 0
    assert len(server.got) == 2


def test_a_message_is_sent_as_it_is(run, write, server):
    name = write("sent.http", b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\nX-B: c\r\n\r\nhello")
    assert run("deliver", name, server.url).returncode == 0
    _, headers, body = server.got[0]
    assert (headers["Content-Type"], headers["X-B"], body) == ("text/plain", "c", b"hello")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.json", "http://127.0.0.1:1"), "No such file"),
        (("event.json", "ftp://x"), "is no URL of a consumer"),
        (("event.json", "http://127.0.0.1:1", "--fault", "boom"), "'boom' is no fault"),
        (("event.json", "http://127.0.0.1:1", "--policy", "1999"), "no retry policy '1999'"),
        (("event.json", "http://127.0.0.1:1", "--header", "secret-token"), "NAME:VALUE"),
        (("empty.json", "http://127.0.0.1:1"), "no event"),
        (("alert.eml", "http://127.0.0.1:1"), "an email already"),
    ],
)
def test_what_can_not_be_asked(run, write, event, arguments, message):
    write("event.json", event)
    write("empty.json", b"")
    write("alert.eml", b"Subject: Volume Backup Job Creation Failure\r\n\r\nA backup job failed.\r\n")
    done = run("deliver", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "secret-token" not in done.stderr


def test_a_consumer_that_can_not_be_reached(run, write, event, monkeypatch):
    # its retries take seven seconds of real time
    monkeypatch.setattr(RealClock, "sleep", staticmethod(lambda seconds: None))
    done = run("deliver", write("event.json", event), "http://127.0.0.1:1/")
    assert done.returncode == 2
    assert "can't be reached" in done.stderr
    assert "Start the consumer" in done.stderr
