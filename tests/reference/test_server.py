"""The server helper, and the fixture of the plugin."""

import http.client
import socket
import time
from urllib.parse import urlsplit

import pytest

from vpc_backup_events.reference import serve
from vpc_backup_events.reference.server import both
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import UsageError

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
SEED = (data_root("fixtures") / "documented" / "registration" / "create-source.json").read_bytes()


def ask(url, method, path, body=None, **headers):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, path, body, {"Authorization": "Bearer t", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_seeds_post_is_answered_201_over_the_wire(event_notifications_server):
    path = f"/event-notifications/v1/instances/{INSTANCE}/sources"
    status, _ = ask(event_notifications_server.url, "POST", path, SEED, **{"Content-Type": "application/json"})
    assert status == 201
    assert event_notifications_server.app.state.record[0].body == SEED


def test_both_services_are_on_one_port(event_notifications_server):
    jobs = "/v1/backup_policies/unknown/jobs?version=2026-10-06&generation=2"
    assert ask(event_notifications_server.url, "GET", jobs)[0] == 404
    assert event_notifications_server.app.state.backup_jobs.state.record.statuses == [404]
    assert event_notifications_server.app.state.record.statuses == []


def test_it_starts_in_milliseconds_and_stops():
    with serve(both()):
        pass

    def seconds():
        started = time.perf_counter()
        with serve(both()):
            return time.perf_counter() - started

    # of a machine that is busy, too
    assert any(seconds() < 0.5 for _ in range(3))
    with serve(both()) as server:
        pass
    with pytest.raises(OSError, match="refused"):
        ask(server.url, "GET", "/")


def test_requests_take_no_time_to_wait_for_each_other(event_notifications_server):
    path = f"/event-notifications/v1/instances/{INSTANCE}/sources"

    def seconds():
        started = time.perf_counter()
        for _ in range(20):
            ask(event_notifications_server.url, "GET", path)
        return time.perf_counter() - started

    # 40 ms each where small packets are held back
    assert any(seconds() < 0.5 for _ in range(3))


def test_a_port_that_is_taken_is_an_error_that_says_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=str(port)), serve(both(), port=port):
            pass
