"""What `serve` and the reference consumer withstand, over loopback with real sockets, and that nothing is lost."""

from __future__ import annotations

import ast
import gzip
import http.client
import json
import re
import resource
import socket
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import vpc_backup_events
from vpc_backup_events.cli import main
from vpc_backup_events.delivery import Http, TransportError, deliver, deliver_all
from vpc_backup_events.delivery.message import Request
from vpc_backup_events.making import find
from vpc_backup_events.making.bulk import conforming
from vpc_backup_events.making.deliveries import structured
from vpc_backup_events.reference import consumer_app, serve
from vpc_backup_events.reference._record import Exchange, Record
from vpc_backup_events.reference._webhooks import call_webhook, deliver_on_loopback, result_of
from vpc_backup_events.reference.server import both
from vpc_backup_events.values.errors import UsageError

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
BASE = f"/event-notifications/v1/instances/{INSTANCE}"
MANY = 1_000
MIB = 1024 * 1024


def connect(url):
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def answered(sock):
    """The status of the answer, or None where the connection was closed without one."""
    with suppress(ConnectionError):
        data = b""
        while b"\r\n" not in data:
            more = sock.recv(4096)
            if not more:
                return None
            data += more
        return int(data.split()[1])
    return None


def ended(sock, seconds=5):
    """Whether the other side closes the connection in time."""
    sock.settimeout(seconds)
    try:
        while sock.recv(65_536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def head(*lines, path=f"{BASE}/sources", method="POST"):
    start = (f"{method} {path} HTTP/1.1", "Host: x", "Authorization: Bearer t", "Content-Type: application/json")
    return "\r\n".join((*start, *lines, "", "")).encode()


@pytest.fixture(scope="module")
def hasty():
    """A service that waits half a second for a request."""
    with serve(both(), patience=0.5) as server:
        yield server


@pytest.fixture(scope="module")
def served():
    with serve(both()) as server:
        yield server


def ask(server, method, path, body=None, **headers):
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request(method, path, body, {"Authorization": "Bearer t", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def alive(server):
    return ask(server, "GET", f"{BASE}/sources")[0] == 200


# -- slow clients


@pytest.mark.parametrize(
    "sent",
    [
        head("Content-Length: 100"),
        head("Content-Length: 100") + b"{",
        head("Transfer-Encoding: chunked") + b"5\r\n12",
        head("Transfer-Encoding: chunked") + b"1\r\n{\r\n",
    ],
    ids=["no body", "part of a body", "part of a chunk", "no last chunk"],
)
def test_a_body_that_does_not_end_is_cut_off(hasty, sent):
    with connect(hasty.url) as sock:
        sock.sendall(sent)
        started = time.monotonic()
        assert answered(sock) == 408
        assert ended(sock)
        assert time.monotonic() - started < 3
    assert alive(hasty)


@pytest.mark.parametrize("begun", [head("Content-Length: 9999"), head("Transfer-Encoding: chunked")])
def test_a_body_that_comes_byte_by_byte_is_answered_408(hasty, begun):
    with connect(hasty.url) as sock:
        sock.sendall(begun)
        piece = b"1\r\nx\r\n" if b"chunked" in begun else b"x"
        status, started = None, time.monotonic()
        sock.settimeout(0.05)
        while status is None and time.monotonic() - started < 3:
            with suppress(TimeoutError):
                sock.sendall(piece)
                status = answered(sock)
        assert status == 408
        assert ended(sock)
    assert alive(hasty)


def test_clients_that_send_half_a_head_keep_nobody_waiting(hasty):
    with ExitStack() as open_ones:
        for _ in range(100):
            open_ones.enter_context(connect(hasty.url)).sendall(b"GET / HTTP/1.1\r\nX: ")
        started = time.monotonic()
        assert alive(hasty)
        assert time.monotonic() - started < 1


def test_a_hundred_slow_clients_keep_nobody_waiting(hasty):
    slow = [connect(hasty.url) for _ in range(100)]
    try:
        for sock in slow:
            sock.sendall(head("Content-Length: 100") + b"{")
        started = time.monotonic()
        assert alive(hasty)
        assert time.monotonic() - started < 1
        assert all(answered(sock) == 408 for sock in slow)
    finally:
        for sock in slow:
            sock.close()


@pytest.mark.exhaustive
def test_a_client_with_pauses_between_its_requests_is_served(hasty):
    with connect(hasty.url) as sock:
        for _ in range(3):
            sock.sendall(head(method="GET"))
            assert answered(sock) == 200
            time.sleep(0.7)


# -- large heads and bodies


def many_headers(count):
    return head(*(f"X-{number}: 1" for number in range(count)), method="GET")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (many_headers(90), 200),
        (many_headers(110), 431),
        (many_headers(1_000), 431),
        (head(f"X: {'x' * 20_000}", method="GET"), 200),
        (head(f"X: {'x' * 40_000}", method="GET"), 431),
        (head(path="/" + "x" * 40_000, method="GET"), 431),
    ],
)
def test_a_head_has_a_limit(served, sent, status):
    with connect(served.url) as sock:
        sock.sendall(sent)
        # 400 where it was not even waited for its end
        assert answered(sock) in (status, 400 if status == 431 else status)
    assert alive(served)


@pytest.mark.parametrize("endless", [b"X: 1\r\n", b"x" * 1000])
def test_a_head_without_end_is_refused_before_it_fills_the_memory(served, endless):
    with connect(served.url) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nA: ")
        sent = 0
        with suppress(ConnectionError):
            while sent < 64 * MIB:
                sent += sock.send(endless * 1000)
        assert sent < 16 * MIB
    assert alive(served)


@contextmanager
def measured(most):
    """The memory that Python takes in the block stays below so many bytes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(served):
    with connect(served.url) as sock, measured(20 * MIB):
        sock.sendall(head(f"Content-Length: {10**12}", "Expect: 100-continue"))
        assert answered(sock) == 413
    assert alive(served)


@pytest.mark.parametrize("number", ["9" * 4_000, "9" * 30])
def test_a_length_that_is_no_length_is_refused(served, number):
    with connect(served.url) as sock:
        sock.sendall(head(f"Content-Length: {number}"))
        assert answered(sock) in (400, 413)
    assert alive(served)


def test_a_chunked_body_has_a_limit(served):
    chunk = b"100000\r\n" + b" " * MIB + b"\r\n"
    with connect(served.url) as sock, measured(160 * MIB):
        sock.sendall(head("Transfer-Encoding: chunked"))
        with suppress(ConnectionError):
            for _ in range(45):
                sock.sendall(chunk)
        assert answered(sock) == 413
    assert alive(served)


def bomb(size):
    """Zeros, packed about a thousand to one."""
    return gzip.compress(bytes(size), 9)


@pytest.mark.exhaustive
def test_a_gzip_body_that_grows_is_refused_with_bounded_memory(served):
    packed = bomb(512 * MIB)
    assert len(packed) < MIB
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    with measured(160 * MIB):
        assert ask(served, "POST", f"{BASE}/sources", packed, **headers)[0] == 413
        assert ask(served, "POST", f"{BASE}/notifications", packed, **headers)[0] == 413
    assert alive(served)


def test_the_consumer_has_the_same_limits():
    consumer = consumer_app()
    kind = {"Content-Type": "application/cloudevents+json"}
    packed = bomb(100 * MIB)
    with serve(consumer) as server, measured(40 * MIB):
        assert ask(server, "POST", "/", b" " * (2 * MIB), **kind)[0] == 413
        assert ask(server, "POST", "/", packed, **kind, **{"Content-Encoding": "gzip"})[0] == 413
        assert ask(server, "POST", "/", b"no gzip", **kind, **{"Content-Encoding": "gzip"})[0] == 400
    assert consumer.interpretations == []


# -- a consumer that harms the one who delivers


@contextmanager
def answering(behave):
    """A server that does to every connection what it is told."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:

        def run():
            sock, _ = listening.accept()
            with sock, suppress(OSError):
                sock.recv(65_536)
                behave(sock)

        pool.submit(run)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def trickle(sock, start=b""):
    sock.sendall(start)
    for _ in range(100):
        sock.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n",
    ],
)
def test_an_answer_that_comes_byte_by_byte_is_no_answer(start):
    with answering(lambda sock: trickle(sock, start)) as url:
        started = time.monotonic()
        with pytest.raises(TransportError, match="no answer within"):
            Http(url).send(Request("POST", {}, b"{}"), 0.5)
        assert time.monotonic() - started < 2


def test_an_answer_without_end_is_read_to_a_limit():
    def endless(sock):
        sock.sendall(b"HTTP/1.0 204 OK\r\n\r\n")
        while True:
            sock.sendall(b"x" * 65_536)

    with answering(endless) as url, measured(20 * MIB):
        assert Http(url).send(Request("POST", {}, b"{}"), 5).status == 204


# -- nothing is lost


@pytest.fixture(scope="module")
def events():
    """So many events, each with an id of its own."""
    return [json.loads(text) for text in islice(conforming(find.pairs("", "")), MANY)]


def exactly_once(found, events):
    return Counter(found) == Counter(event["id"] for event in events)


@pytest.mark.exhaustive
def test_a_thousand_concurrent_deliveries_reach_a_consumer_in_the_process(events):
    consumer = consumer_app()
    outcomes = deliver_all(map(structured, events), consumer, concurrency=200)
    assert all(outcome.delivered and len(outcome.attempts) == 1 for outcome in outcomes)
    assert exactly_once([each["id"] for each in consumer.interpretations], events)


@pytest.mark.exhaustive
def test_a_thousand_concurrent_deliveries_reach_a_served_consumer(events):
    consumer = consumer_app()
    with serve(consumer) as server:
        outcomes = deliver_all(map(structured, events), server.url, concurrency=200)
    assert all(outcome.delivered for outcome in outcomes)
    assert exactly_once([each["id"] for each in consumer.interpretations], events)


@pytest.mark.exhaustive
def test_a_thousand_open_connections_at_once_are_all_answered(events):
    """No pool: every request is under way before the first is ended."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit[1], 8192) if limit[1] > 0 else 8192, limit[1]))
    consumer = consumer_app()
    socks = []
    try:
        with serve(consumer) as server:
            for event in events:
                body = json.dumps(event).encode()
                sock = connect(server.url)
                socks.append((sock, body))
                kind = b"Host: x\r\nContent-Type: application/cloudevents+json"
                length = f"Content-Length: {len(body)}\r\n\r\n".encode()
                sock.sendall(b"POST / HTTP/1.1\r\n" + kind + b"\r\n" + length + body[:-1])
            for sock, body in socks:
                sock.sendall(body[-1:])
            assert all(answered(sock) == 204 for sock, _ in socks)
    finally:
        for sock, _ in socks:
            sock.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    assert exactly_once([each["id"] for each in consumer.interpretations], events)


@pytest.mark.exhaustive
def test_a_thousand_notifications_at_once_go_through_the_service_to_a_webhook(events):
    consumer, app = consumer_app(), both()
    with serve(consumer) as receiver, serve(app) as server:

        def create(kind, body, media="application/json"):
            text = body if isinstance(body, str) else json.dumps(body)
            status, answer = ask(server, "POST", f"{BASE}/{kind}", text, **{"Content-Type": media})
            assert status == 201, answer
            return json.loads(answer)["id"]

        source = create("sources", {"name": "s", "enabled": True, "description": ""})
        topic = create("topics", {"name": "t", "sources": [{"id": source, "rules": []}]})
        config = {"params": {"url": receiver.url, "verb": "post"}}
        destination = create(
            "destinations",
            "".join(
                f'--x\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {kind}\r\n\r\n{value}\r\n'
                for name, kind, value in (
                    ("name", "text/plain", "d"),
                    ("type", "text/plain", "webhook"),
                    ("config", "application/json", json.dumps(config)),
                )
            )
            + "--x--\r\n",
            "multipart/form-data; boundary=x",
        )
        create("subscriptions", {"name": "x", "topic_id": topic, "destination_id": destination, "attributes": {}})
        sent = [{**event, "ibmensourceid": source} for event in events]
        outcomes = deliver_all(
            map(structured, sent),
            f"{server.url}{BASE}/notifications",
            concurrency=100,
            headers={"Authorization": "Bearer t"},
        )
        assert all(outcome.delivered and len(outcome.attempts) == 1 for outcome in outcomes)
        until = time.monotonic() + 10
        while len(app.state.deliveries) < MANY and time.monotonic() < until:
            time.sleep(0.02)
    taken = [json.loads(each.body)["id"] for each in app.state.record.of("send_notifications")]
    assert exactly_once(taken, events)
    assert exactly_once([each["id"] for each in consumer.interpretations], events)
    assert len({each.notification_id for each in app.state.deliveries}) == MANY


# -- what is kept


def exchange(number, body=b""):
    return Exchange("GET", f"/{number}", (), body, None, 200)


def test_a_record_keeps_the_latest():
    record = Record()
    record.most = 3
    for number in range(10):
        record.append(exchange(number))
    assert [each.target for each in record] == ["/7", "/8", "/9"]
    assert record.dropped == 7


def test_a_record_keeps_so_many_bytes_and_always_the_last():
    record = Record()
    record.most_bytes = 1_000
    for number in range(10):
        record.append(exchange(number, b"x" * 300))
    assert [each.target for each in record] == ["/7", "/8", "/9"]
    record.append(exchange(10, b"x" * 5_000))
    assert [each.target for each in record] == ["/10"]
    record.clear()
    record.append(exchange(11, b"x" * 900))
    assert [each.target for each in record] == ["/11"]


# -- who is let in


def started(*arguments):
    environment = {"PYTHONPATH": str(Path(vpc_backup_events.__file__).parents[1]), "PATH": ""}
    words = [sys.executable, "-m", "vpc_backup_events", "serve", *arguments]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        url = process.stdout.readline().strip()
        # what follows the first line
        time.sleep(0.3)
    finally:
        process.terminate()
        _, err = process.communicate(timeout=20)
    return url, err


@pytest.mark.representatives("arguments0-False-False", "arguments4-True-False")
@pytest.mark.parametrize(
    ("arguments", "warned", "open_to_any"),
    [
        ((), False, False),
        (("--host", "localhost"), False, False),
        (("--host", "127.0.0.2"), False, False),
        (("--host", "0.0.0.0"), True, True),
        (("--host", "0.0.0.0", "--token", "t"), True, False),
    ],
)
def test_it_listens_on_loopback_and_warns_where_it_does_not(arguments, warned, open_to_any):
    url, err = started(*arguments)
    host = arguments[1] if arguments else "127.0.0.1"
    assert url.startswith(f"http://{host}:")
    assert ("warning" in err and "no loopback address" in err) == warned
    assert ("any token is accepted" in err) == open_to_any


def test_secrets_are_compared_in_constant_time():
    """No comparison with == or in of what is called a token, a key, a secret, or a signature."""
    package = Path(vpc_backup_events.__file__).parent
    words = ("token", "apikey", "api_key", "secret", "signature", "password")
    found = []
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                continue
            sides = [ast.unparse(side).lower() for side in (node.left, *node.comparators)]
            if any(side.rstrip(".strip()").rpartition(".")[2] in words or "['apikey']" in side for side in sides):
                found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    assert found == []


def created(server, kind, members, token="t"):
    """The answer to a new resource."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return ask(server, "POST", f"{BASE}/{kind}", json.dumps(members), **headers)


@pytest.mark.parametrize(
    "members",
    [
        {"name": "\ud800", "enabled": True},
        {"name": "a", "enabled": True, "description": "x\udfff"},
        {"name": "b", "enabled": True, "\ud800": 1},
        {"name": "c", "enabled": True, "deep": [{"x": ["\udc00"]}]},
    ],
)
def test_an_unpaired_surrogate_is_refused_and_not_stored(members):
    with serve(both()) as server:
        status, body = created(server, "sources", members)
        assert status == 400
        assert "surrogate" in json.loads(body)["errors"][0]["message"]
        assert json.loads(ask(server, "GET", f"{BASE}/sources")[1])["total_count"] == 0


@pytest.mark.parametrize("name", ["ibmendefaultlong", "ibmendefaultshort", "source", "\ud800"])
def test_an_event_with_an_unpaired_surrogate_is_answered(served, events, name):
    status, _ = created(served, "notifications", {**events[0], name: "\ud800"})
    assert status in (400, 422)
    assert alive(served)


def token_for(server, key):
    """The status and the body of the answer to a request for a token."""
    form = f"grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey={key}"
    return ask(server, "POST", "/identity/token", form, **{"Content-Type": "application/x-www-form-urlencoded"})


def test_a_token_is_given_for_the_one_api_key():
    with serve(both("token", api_key="the-key")) as server:
        assert token_for(server, "another")[0] == 400
        assert token_for(server, "")[0] == 400
        status, body = token_for(server, "the-key")
        assert status == 200
        bearer = f"Bearer {json.loads(body)['access_token']}"
        assert ask(server, "GET", f"{BASE}/sources", Authorization=bearer)[0] == 200


def test_a_service_with_a_token_and_no_api_key_gives_none_out():
    with serve(both("token")) as server:
        assert token_for(server, "any")[0] == 400
    with serve(both()) as server:
        assert token_for(server, "any")[0] == 200


def test_the_command_line_makes_an_api_key_up_and_tells_it():
    _, err = started("--token", "t")
    key = re.search(r"API key for POST /identity/token: (\S+)", err)[1]
    assert len(key) >= 32
    _, again = started("--token", "t")
    assert key not in again
    _, given = started("--api-key", "mine-0123456789")
    assert "mine-0123456789" not in given


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--instance-id", "x"), "no GUID"),
        (("--instance-id", ""), "no GUID"),
        (("--instance-id", INSTANCE[:-1]), "no GUID"),
        (("--host", ""), "--host is empty"),
        (("--host", " "), "--host is empty"),
        (("--token", ""), "--token is empty"),
        (("--token", "\n"), "--token is empty"),
        (("--token", "s3cret\nmore"), "control character"),
        (("--api-key", ""), "--api-key is empty"),
    ],
)
def test_what_can_not_be_served_is_refused_at_the_start(arguments, word, capsys):
    assert main(["serve", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert word in err
    assert "s3cret" not in err
    assert len(err.splitlines()) == 2


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("http://127.0.0.1:{port}/", True),
        ("http://localhost:{port}/", True),
        ("http://127.0.0.1.example.invalid:{port}/", False),
        ("http://0.0.0.0:{port}/", False),
        ("http://2130706433:{port}/", False),
        ("http://127.1:{port}/", False),
        ("http://[::ffff:127.0.0.1]:{port}/", False),
        ("http://169.254.169.254/", False),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1@10.0.0.1/", False),
        ("http://[::1", False),
        ("http:///", False),
        ("file:///etc/passwd", False),
    ],
)
def test_webhooks_of_this_machine_alone_are_called(url, called, events):
    consumer = consumer_app()
    with serve(consumer) as receiver:
        target = url.format(port=urlsplit(receiver.url).port)
        if called:
            assert deliver_on_loopback(structured(events[0]), target, method="POST", headers={}).delivered
        else:
            with pytest.raises(UsageError):
                deliver_on_loopback(structured(events[0]), target, method="POST", headers={})
    assert len(consumer.interpretations) == called


def test_a_webhook_that_is_not_called_has_a_result_that_says_why():
    destination = {"config": {"params": {"url": "http://10.0.0.1/", "verb": "post"}}}
    sent = call_webhook(deliver_on_loopback, None, destination, "1")
    assert sent.outcome is None
    assert result_of(sent)["status"] == "failure"
    assert "not on this machine" in result_of(sent)["details"]["status_message"]


@pytest.mark.parametrize("given", ["", "t\xe9", "tokenx", "toke", "\x00", "token token"])
def test_a_token_is_the_whole_token(given):
    with serve(both("token")) as server:
        assert ask(server, "GET", f"{BASE}/sources", Authorization="Bearer token")[0] == 200
        try:
            status = ask(server, "GET", f"{BASE}/sources", Authorization=f"Bearer {given}")[0]
        except ValueError:
            # http.client does not send it
            return
        assert status in (400, 401)


@pytest.mark.parametrize(("arguments", "calls"), [((), deliver_on_loopback), (("--call-any-webhook",), deliver)])
def test_the_command_line_says_whose_webhooks_are_called(arguments, calls, monkeypatch, capsys):
    apps = []

    def interrupted(app, host, port, ready):
        apps.append(app)
        raise KeyboardInterrupt

    monkeypatch.setattr("vpc_backup_events.reference.server.run_until_interrupted", interrupted)
    assert main(["serve", "--token", "s3cret-of-a-mount\n", "--api-key", "key-0123456789", *arguments]) == 0
    service = apps[0].state.service
    assert service._deliver is calls
    assert service.token == "s3cret-of-a-mount"
    assert service.iam.knows("key-0123456789")
    assert not service.iam.knows("another")
