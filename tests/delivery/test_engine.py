"""Attempts, waits and outcomes, on a clock that takes no time."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.delivery import (
    Fault,
    Function,
    Request,
    RsaSigner,
    RsaVerifier,
    SignatureError,
    VirtualClock,
    deliver,
    deliver_all,
    parse_faults,
    policy,
)
from vpc_backup_events.values.errors import UsageError

EVENT = ({"Content-Type": "application/json"}, b"{}")


class Consumer:
    """Answers with these statuses, one after the other, then 204; keeps what it got."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.got = []

    def __call__(self, headers, body):
        self.got.append((headers, body))
        return self.statuses.pop(0) if self.statuses else 204


def times(outcome):
    return [attempt.at for attempt in outcome.attempts]


def test_the_first_success_ends_it():
    consumer = Consumer()
    outcome = deliver(EVENT, consumer)
    assert outcome.delivered
    assert len(outcome.attempts) == len(consumer.got) == 1


@pytest.mark.parametrize("status", [100, 301, 400, 404, 429, 500, 503])
def test_everything_but_2xx_is_retried_three_times_and_then_lost(status):
    consumer = Consumer(*[status] * 9)
    outcome = deliver(EVENT, consumer)
    assert not outcome.delivered
    assert len(consumer.got) == 4
    assert times(outcome) == [0, 1, 3, 7]
    assert all(got == consumer.got[0] for got in consumer.got)


def test_no_wait_is_longer_than_ten_seconds():
    rules = policy()
    long = type(rules)(**{name: getattr(rules, name) for name in rules.__slots__} | {"retries": 6})
    outcome = deliver(EVENT, Consumer(*[500] * 9), policy=long)
    at = times(outcome)
    assert [b - a for a, b in pairwise(at)] == [1, 2, 4, 8, 10, 10]


def test_retry_after_in_seconds_takes_the_place_of_a_wait():
    outcome = deliver(EVENT, Consumer(), faults=parse_faults("429:retry-after=30,503"))
    assert times(outcome) == [0, 30, 32]
    assert outcome.delivered


@pytest.mark.parametrize("seconds", ["99999999999999999999", "86401", "9" * 400])
def test_a_consumer_that_asks_for_more_than_a_day_is_not_waited_for(seconds):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", seconds.encode())]})
        await send({"type": "http.response.body", "body": b""})

    with pytest.raises(UsageError, match="more than a day"):
        deliver(EVENT, app)


@pytest.mark.parametrize("url", ["http://[::1", "http://[", "//", "http://", "http://x:99999/"])
def test_a_url_that_is_none_is_an_error_that_says_so(url):
    with pytest.raises(UsageError):
        deliver(EVENT, url)


def test_a_date_in_retry_after_is_not_followed():
    class Dated(Consumer):
        pass

    clock = VirtualClock()
    faults = [Fault("status", 503, None)]
    assert times(deliver(EVENT, Dated(), faults=faults, clock=clock)) == [0, 1]


def test_a_timeout_takes_its_time_and_the_consumer_never_sees_it():
    consumer = Consumer()
    outcome = deliver(EVENT, consumer, faults=parse_faults("timeout*2"))
    assert times(outcome) == [0, 11, 23]
    assert len(consumer.got) == 1


def test_a_lost_answer_makes_the_consumer_see_the_event_twice():
    consumer = Consumer()
    outcome = deliver(EVENT, consumer, faults=parse_faults("lost"))
    assert outcome.delivered
    assert consumer.got[0] == consumer.got[1]


@pytest.mark.parametrize("fault", ["reset", "refused", "timeout"])
def test_what_never_arrives_is_lost_after_four_attempts(fault):
    consumer = Consumer()
    outcome = deliver(EVENT, consumer, faults=parse_faults(f"{fault}*9"))
    assert not outcome.delivered
    assert not outcome.reached
    assert len(outcome.attempts) == 4
    assert consumer.got == []


def test_the_policy_before_retries_every_five_seconds_for_a_minute():
    outcome = deliver(EVENT, Consumer(*[500] * 99), policy="2021")
    assert times(outcome) == list(range(0, 61, 5))


def test_policies_are_data():
    assert policy().name == "2026-02"
    assert policy("2021").budget == 60
    assert {p.name for p in catalog.retry_policies.values() if p.current} == {"2026-02"}
    with pytest.raises(UsageError, match="2026-02, 2021"):
        policy("1999")


def test_custom_headers_go_with_every_attempt():
    consumer = Consumer(500)
    deliver(EVENT, consumer, headers={"X-Team": "storage"})
    assert [got[0]["X-Team"] for got in consumer.got] == ["storage"] * 2


def test_a_request_goes_to_its_own_target():
    seen = []

    def app(environ, start_response):
        seen.append((environ["PATH_INFO"], environ["QUERY_STRING"], environ["HTTP_X_TEAM"]))
        start_response("204 No Content", [])
        return []

    outcome = deliver(Request("POST", {}, b"{}", "/events?team=storage"), app, headers={"X-Team": "storage"})
    assert outcome.delivered
    assert seen == [("/events", "team=storage", "storage")]


def test_several_at_once_keep_their_order():
    consumer = Consumer()
    outcomes = deliver_all([(EVENT[0], str(n).encode()) for n in range(40)], consumer, concurrency=8)
    assert all(outcome.delivered for outcome in outcomes)
    assert sorted(int(body) for _, body in consumer.got) == list(range(40))


def test_a_transport_of_the_callers_own_stays_open():
    class Closing(Function):
        closed = 0

        def close(self):
            self.closed += 1

    transport = Closing(Consumer())
    deliver(EVENT, transport)
    assert transport.closed == 0


def test_no_test_sleeps():
    started = time.monotonic()
    deliver(EVENT, Consumer(*[500] * 9), faults=parse_faults("timeout*4"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("text", ["boom", "503*", "429:retry-after=x", "600"])
def test_what_is_no_fault(text):
    with pytest.raises(UsageError, match="is no fault"):
        parse_faults(text)


def test_faults_of_their_text():
    assert parse_faults("503*2, lost,429:retry-after=3") == (
        Fault("status", 503),
        Fault("status", 503),
        Fault("lost"),
        Fault("status", 429, 3),
    )
    assert parse_faults("") == ()


# ------------------------------------------------------------------------------------------------ signatures


@pytest.fixture(scope="module")
def keys():
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    from cryptography.hazmat.primitives import serialization

    def pair():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return private, public

    return pair(), pair()


def test_a_signed_delivery_is_verified(keys):
    (private, public), _ = keys
    verifier = RsaVerifier(public)

    def consumer(headers, body):
        verifier.verify(Request("POST", headers, body))
        return 204

    assert deliver(EVENT, consumer, signer=RsaSigner(private)).delivered


def test_a_signed_request_goes_where_it_went(keys):
    (private, _), _ = keys
    assert RsaSigner(private).sign(Request("POST", {}, b"{}", "/events")).target == "/events"


def test_what_does_not_hold_is_refused(keys):
    jwt = pytest.importorskip("jwt")
    (private, public), (other, _) = keys
    verifier = RsaVerifier(public)
    request = Request("POST", dict(EVENT[0]), EVENT[1])
    signed = RsaSigner(private).sign(request)
    none = jwt.encode({"body_sha256": "x"}, None, algorithm="none")
    # HMAC with the public key as its secret, the attack that a pinned algorithm prevents
    head, claims, _ = jwt.encode({"body_sha256": "x"}, "x" * 32, algorithm="HS256").split(".")
    broken = {
        "another key": RsaSigner(other).sign(request),
        "another body": Request("POST", signed.headers, b"[]"),
        "no header": request,
        "alg none": Request("POST", {"X-Signature": none}, EVENT[1]),
        "HMAC": Request("POST", {"X-Signature": f"{head}.{claims}.AAAA"}, EVENT[1]),
        "altered": Request("POST", {"X-Signature": signed.headers["X-Signature"][:-4] + "AAAA"}, EVENT[1]),
    }
    for each in broken.values():
        with pytest.raises(SignatureError):
            verifier.verify(each)
