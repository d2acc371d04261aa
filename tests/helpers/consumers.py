"""Consumers that break one requirement each: the reference consumer, and one thing that it does wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, unquote_plus

from vpc_backup_events import catalog, check
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.checking.rules.codes import code_of
from vpc_backup_events.reading import read
from vpc_backup_events.reference.consumer import Consumer

KNOWN = {
    "specversion", "id", "source", "type", "time", "ibmensourceid", "ibmenseverity", "ibmendefaultshort",
    "ibmendefaultlong", "notification_id", "en_source_id", "message_subject", "attachments", "data", "datacontenttype",
}  # fmt: skip
MEMBERS = set(catalog.examples.details_members)


class Fake:
    """A consumer: a callable with `interpretations`."""

    def __init__(self) -> None:
        self.consumer = Consumer()

    @property
    def interpretations(self) -> list[dict[str, Any]]:
        """What it made of the events."""
        return self.consumer.interpretations

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer."""
        return self.consumer.receive("POST", headers.items(), body)


class Request:
    """A delivery, as the fakes look at it."""

    def __init__(self, headers: Mapping[str, str], body: bytes) -> None:
        self.headers, self.body = headers, body
        self.media = next((v for n, v in headers.items() if n.lower() == "content-type"), "")
        self.ce = [name for name in headers if name.lower().startswith("ce-")]
        self.reading = read((headers, body))
        self.event = self.reading.event if isinstance(self.reading.event, dict) else {}
        self.details = self.reading.details if isinstance(self.reading.details, dict) else {}

    @property
    def is_event(self) -> bool:
        """It carries an event."""
        values = [self.event.get(name) for name in ("specversion", "id", "source", "type")]
        return all(isinstance(value, str) and value for value in values)

    def breaks(self, *requirements: str) -> bool:
        """`check` finds one of these."""
        found = {f.requirement for f in check((self.headers, self.body), "strict").findings}
        return bool(found & set(requirements))


def answering(status: int, when: Callable[[Request], bool]) -> Callable[[], Fake]:
    """A consumer that answers with this status, and does nothing, when something holds of the request."""

    class Answering(Fake):
        def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
            return status if when(Request(headers, body)) else super().__call__(headers, body)

    return Answering


def refusing(when: Callable[[Request], bool]) -> Callable[[], Fake]:
    """A consumer that refuses an event of some form."""
    return answering(422, lambda request: request.is_event and when(request))


def breaking(*requirements: str) -> Callable[[], Fake]:
    """A consumer that refuses what `check` finds these in."""
    return refusing(lambda request: request.breaks(*requirements))


def saying(change: Callable[[dict[str, Any], Request], dict[str, Any]]) -> Callable[[], Fake]:
    """A consumer that makes something else of events."""

    class Saying(Fake):
        def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
            before = len(self.interpretations)
            status = super().__call__(headers, body)
            if len(self.interpretations) > before:
                self.interpretations[-1] = change(self.interpretations[-1], Request(headers, body))
            return status

    return Saying


def identified(key: Callable[[Request], Any], remembered: int = 10_000) -> Callable[[], Fake]:
    """A consumer that takes two deliveries for the same event by something else than source and id."""

    class Identified(Fake):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[Any] = []

        def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
            request = Request(headers, body)
            status = Consumer().receive("POST", headers.items(), body)
            if status == 204 and key(request) not in self.seen:
                self.seen = [*self.seen, key(request)][-remembered:]
                self.interpretations.append(interpretation(request.reading))
            return status

    return Identified


class Racing(Fake):
    """Looks whether an event is known, and remembers it only later."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[Any] = set()

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        request = Request(headers, body)
        status = Consumer().receive("POST", headers.items(), body)
        identity = request.event.get("source"), request.event.get("id")
        if status == 204 and identity not in self.seen:
            time.sleep(0.01)
            self.seen.add(identity)
            self.interpretations.append(interpretation(request.reading))
        return status


class Once(Fake):
    """Refuses what it has already."""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        before = len(self.interpretations)
        status = super().__call__(headers, body)
        return 409 if status == 204 and len(self.interpretations) == before else status


class InOrder(Fake):
    """Drops what is older than the last event, where times are full days."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = ""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        stated = str(Request(headers, body).event.get("time", ""))
        if stated.endswith("T00:00:00Z"):
            if stated < self.latest:
                return 204
            self.latest = stated
        return super().__call__(headers, body)


class Fragile:
    """Does not recover from a request with another method."""

    def __init__(self) -> None:
        self.consumer = Consumer()
        self.broken = False
        self.interpretations = self.consumer.interpretations

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] == "http" and (self.broken or scope["method"] == "DELETE"):
            self.broken = not self.broken
            raise RuntimeError("broken")
        await self.consumer(scope, receive, send)


class Unchunked:
    """Reads as many bytes as the length says, and none where nothing says it."""

    def __init__(self) -> None:
        self.consumer = Consumer()
        self.interpretations = self.consumer.interpretations

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] == "http" and "content-length" not in {name.decode() for name, _ in scope["headers"]}:
            await send({"type": "http.response.start", "status": 411, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.consumer(scope, receive, send)


class Posting:
    """Says that it serves PUT, and does not."""

    def __init__(self) -> None:
        self.consumer = Consumer()
        self.interpretations = self.consumer.interpretations

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        await self.consumer(scope, receive, send)


class Slow(Fake):
    """Takes longer than a delivery waits."""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        time.sleep(1.5)
        return super().__call__(headers, body)


def without(name: str) -> Callable[[], Fake]:
    """A consumer that takes an event without the attribute."""
    return answering(200, lambda r: bool(r.event) and not r.ce and "ibmensourceid" in r.event and name not in r.event)


def first(*beginnings: bytes) -> Callable[[], Fake]:
    """A consumer that takes a body which begins so."""
    return answering(200, lambda r: not r.ce and r.body.strip().startswith(beginnings))


def undecodable(request: Request) -> bool:
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return True
    return False


def attributes(request: Request) -> list[Any]:
    """The values of the required attributes, or none where one is not there."""
    names = ("specversion", "id", "source", "type")
    return [request.event[name] for name in names] if set(names) <= set(request.event) else []


def code(request: Request) -> str:
    return code_of(str(request.details.get("status_reason", "")))


def raw_code(said: dict[str, Any], request: Request) -> dict[str, Any]:
    return {**said, "reason": code(request)} if "reason" in said else said


def wrong(member: str, value: Callable[[str], str] = lambda value: value + "x") -> Callable[[], Fake]:
    """A consumer that names a wrong member."""
    return saying(lambda said, _: {**said, member: value(said[member])} if member in said else said)


def forgetting(request: Request) -> bool:
    return request.is_event and code(request) == "snapshots-encryption-key-invalid"


def undecoded(said: dict[str, Any], request: Request) -> dict[str, Any]:
    return {**said, "severity": said["severity"].upper()} if request.ce else said


FAKES: dict[str, Callable[[], Any]] = {
    "P25-structured": refusing(lambda r: r.media.startswith("application/cloudevents+json")),
    "P25-some-form": answering(400, lambda r: True),
    "P25-structured-headers": refusing(lambda r: r.media == "application/cloudevents+json" and bool(r.ce)),
    "P25-json-parameters": refusing(lambda r: r.media.startswith("application/json;") and not r.ce),
    "P25-json-layout": refusing(lambda r: r.body.startswith(b"{\n")),
    "P25-time-form": refusing(lambda r: "." in str(r.event.get("time"))),
    "P25-chunked": Unchunked,
    "P25-structured-charset": refusing(lambda r: ";" in r.media and "cloudevents" in r.media),
    "P25-json": refusing(lambda r: r.media == "application/json" and not r.ce),
    "P25-post": answering(405, lambda r: True),
    "P25-other-verbs": Posting,
    "P25-notification-id": refusing(lambda r: "notification_id" in r.event),
    "P25-no-notification-id": refusing(lambda r: "notification_id" not in r.event),
    "P25-unknown-attributes": refusing(lambda r: bool(set(r.event) - KNOWN - {"my_name"})),
    "P25-odd-attribute-name": refusing(lambda r: "my_name" in r.event),
    "P25-unknown-members": refusing(lambda r: bool(set(r.details) - MEMBERS)),
    "P25-quirk-raw-line-breaks": breaking("P11-raw-line-break"),
    "P25-quirk-escaped-line-breaks": breaking("P11-line-break"),
    "P25-quirk-bare-id": breaking("P11-unquoted-id"),
    "P25-quirk-prose": breaking("P11-prose"),
    "P25-quirk-reasons-array": breaking("P12-reasons-instead"),
    "P25-quirk-type-contradiction": breaking("P14-agrees-with-type"),
    "P25-quirk-retention-word": breaking("P15-job-type-retention"),
    "P25-quirk-deletion-type": breaking("P05-type-retention"),
    "P25-quirk-other-spelling": refusing(lambda r: "snapshot_volume_limit" in str(r.details.get("status_reason"))),
    "P25-quirk-page-spelling": refusing(lambda r: "snapshots-volume-too-large" in str(r.details.get("status_reason"))),
    "P25-quirk-undocumented-spelling": refusing(lambda r: code(r).isupper()),
    "P25-quirk-tokenless-code": breaking("P16-code-without-token"),
    "P25-quirk-bare-code": breaking("P16-reason-text"),
    "P25-quirk-share": breaking("P14-resource-type-share"),
    "P25-quirk-severity-case": refusing(lambda r: str(r.event.get("ibmenseverity")) in ("MEDIUM", "Medium")),
    "P25-quirk-severity-other": refusing(lambda r: str(r.event.get("ibmenseverity", "medium")).lower() != "medium"),
    "P25-quirk-crn-source": refusing(lambda r: str(r.event["source"]).endswith("::backup-policy:")),
    "P25-quirk-policy-source": refusing(lambda r: ":backup-policy:r" in str(r.event["source"])),
    "P25-quirk-crn-source-id": refusing(lambda r: str(r.event.get("ibmensourceid")).startswith("crn:")),
    "P25-quirk-no-time": refusing(lambda r: "time" not in r.event),
    "P25-quirk-no-severity": refusing(lambda r: "ibmenseverity" not in r.event),
    "P25-quirk-bare-uuid": breaking("P13-id-prefix"),
    "P25-quirk-received-names": refusing(
        lambda r: bool({"en_source_id", "message_subject", "attachments"} & set(r.event))
    ),
    "P25-size-64k": refusing(lambda r: len(r.body) > 60_000),
    "P25-binary-encoded": refusing(lambda r: "cloudevents" not in r.media and any("%" in r.headers[n] for n in r.ce)),
    "P25-binary-raw": refusing(lambda r: any(" " in r.headers[name] for name in r.ce)),
    "P25-binary-header-case": answering(400, lambda r: any(name != name.lower() for name in r.ce)),
    "P25-binary-decoded-equal": saying(undecoded),
    "P25-in-time": Slow,
    "P25-no-redirect": answering(307, lambda r: True),
    "P26-empty-body": answering(200, lambda r: not r.ce and not r.body.strip()),
    "P26-not-json": first(b"a", b"s", b"<", b"{'"),
    "P26-truncated": answering(500, lambda r: r.body.startswith(b"{") and not r.body.rstrip().endswith(b"}")),
    "P26-invalid-utf8": answering(500, undecodable),
    "P26-json-array": first(b"["),
    "P26-json-scalar": first(b'"', b"5", b"t"),
    "P26-json-null": first(b"null"),
    "P26-no-id": without("id"),
    "P26-no-source": without("source"),
    "P26-no-type": without("type"),
    "P26-no-specversion": without("specversion"),
    "P26-empty-attribute": answering(200, lambda r: not r.ce and attributes(r) and "" in attributes(r)),
    "P26-attribute-type": answering(
        200, lambda r: not r.ce and any(not isinstance(value, str) for value in attributes(r))
    ),
    "P26-binary-no-attribute": answering(200, lambda r: bool(r.ce) and not r.is_event),
    "P26-unknown-type": answering(500, lambda r: r.is_event and r.breaks("P05-type")),
    "P26-unknown-reason": answering(500, lambda r: r.is_event and r.breaks("P16-code-known", "P16-code-group")),
    "P26-stays-up": Fragile,
    "P27-resend-accepted": Once,
    "P27-no-second-effect": identified(lambda r: (r.event["source"], r.event["id"]), remembered=1),
    "P27-concurrent-repeat": Racing,
    "P27-notification-id": identified(lambda r: (r.event["source"], r.event["id"], r.event.get("notification_id"))),
    "P27-other-mode": identified(lambda r: (r.event["source"], r.event["id"], r.media)),
    "P27-same-id-other-source": identified(lambda r: r.event["id"]),
    "P27-distinct-ids": identified(lambda r: r.details.get("backup_policy_job")),
    "P27-any-order": InOrder,
    "P28-source": wrong("source"),
    "P28-id": answering(204, forgetting),
    "P28-event-type": wrong("event_type"),
    "P28-resource-type": wrong("resource_type", str.upper),
    "P28-job-type": wrong("job_type", lambda value: "retention" if value == "deletion" else value),
    "P28-reason": saying(raw_code),
    "P28-severity": wrong("severity", str.upper),
    "P28-policy": wrong("backup_policy", lambda value: value[5:]),
    "P28-plan": wrong("backup_policy_plan", lambda value: value[5:]),
    "P28-job": wrong("backup_policy_job", lambda value: value[5:]),
    "P28-resource": wrong("resource", lambda value: value.rpartition(":")[2]),
}
METHODS = {"P25-other-verbs": ("POST", "PUT")}


def only_as(media: str, status: int, when: Callable[[Request], bool]) -> Callable[[], Fake]:
    """A consumer whose reader of one media type has a fault that its other reader has not."""
    return answering(status, lambda r: not r.ce and r.media == media and when(r))


def json_of(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except ValueError:
        return None


def unwrapping(request: Request) -> bool:
    """An event within a list or a text, which some take for an event."""
    inner = json_of(request)
    return isinstance(inner, (list, str)) and "ibmensourceid" in str(inner)


class Poisoned(Fake):
    """Fails at what comes after a list."""

    def __init__(self) -> None:
        super().__init__()
        self.poisoned = False

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        if self.poisoned:
            self.poisoned = False
            return 500
        self.poisoned = body.startswith(b"[")
        return super().__call__(headers, body)


class Latest(Fake):
    """Drops every event that is older than one before."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = ""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        request = Request(headers, body)
        stated = str(request.event.get("time", "")) if request.is_event else ""
        if stated and stated < self.latest:
            return 204
        self.latest = max(stated, self.latest)
        return super().__call__(headers, body)


class Later(Fake):
    """Answers first and works on later; keeps no record of what it had."""

    def __init__(self) -> None:
        super().__init__()
        self.later: list[dict[str, Any]] = []

    @property
    def interpretations(self) -> list[dict[str, Any]]:
        return self.later

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        one = Consumer()
        status = one.receive("POST", headers.items(), body)
        for each in one.interpretations:
            threading.Timer(0.1, self.later.append, [each]).start()
        return status


def decoding(change: Callable[[str], str]) -> Callable[[], Fake]:
    """A consumer that reads an encoded id in another way."""
    return saying(lambda said, r: {**said, "id": change(r.headers["ce-id"])} if r.ce and "id" in said else said)


def instance_reasons_left_out(said: dict[str, Any], request: Request) -> dict[str, Any]:
    return {n: v for n, v in said.items() if n != "reason" or said.get("resource_type") != "instance"}


PLAIN, STRUCTURED = "application/json", "application/cloudevents+json"
# what else was seen in the field: name -> the requirement that is broken, and the fake
FURTHER: dict[str, tuple[str, Callable[[], Any]]] = {
    "id is not missed in plain JSON": (
        "P26-no-id",
        only_as(PLAIN, 200, lambda r: "ibmensourceid" in r.event and "id" not in r.event),
    ),
    "null is taken in plain JSON": ("P26-json-null", only_as(PLAIN, 200, lambda r: r.body == b"null")),
    "null is taken in structured mode": ("P26-json-null", only_as(STRUCTURED, 500, lambda r: r.body == b"null")),
    "share is refused in plain JSON": (
        "P25-quirk-share",
        only_as(PLAIN, 400, lambda r: r.is_event and r.breaks("P14-resource-type-share")),
    ),
    "notification_id is refused in plain JSON": (
        "P25-notification-id",
        only_as(PLAIN, 400, lambda r: "notification_id" in r.event),
    ),
    "attributes are refused in plain JSON": (
        "P25-unknown-attributes",
        only_as(PLAIN, 400, lambda r: r.is_event and bool(set(r.event) - KNOWN - {"my_name"})),
    ),
    "large bodies are refused in plain JSON": ("P25-size-64k", only_as(PLAIN, 413, lambda r: len(r.body) > 60_000)),
    "a list of an event is taken": ("P26-json-array", answering(204, lambda r: unwrapping(r) and r.body[:1] == b"[")),
    "a text that is an event is taken": (
        "P26-json-scalar",
        answering(204, lambda r: unwrapping(r) and r.body[:1] == b'"'),
    ),
    "a last brace is not missed": (
        "P26-truncated",
        answering(204, lambda r: b"ibmensourceid" in r.body and json_of(r) is None and r.body[-1:] == b'"'),
    ),
    "binary mode is read as JSON where the media type says so": (
        "P25-binary-encoded",
        answering(400, lambda r: bool(r.ce) and r.media == PLAIN),
    ),
    "internal_error is refused": (
        "P25-quirk-tokenless-code",
        refusing(lambda r: code(r) == "internal_error" and r.details.get("match_resource_type") == "instance"),
    ),
    "it fails once after a list": ("P26-stays-up", Poisoned),
    "late events are dropped": ("P27-any-order", Latest),
    "headers are decoded twice": ("P25-binary-decoded-equal", decoding(lambda id: unquote(unquote(id)))),
    "headers are decoded as a form": ("P25-binary-decoded-equal", decoding(unquote_plus)),
    "headers are decoded as Latin-1": ("P25-binary-decoded-equal", decoding(lambda id: unquote(id, "latin-1"))),
    "ids are written in capitals": ("P28-id", wrong("id", str.upper)),
    "reasons of instances are left out": ("P28-reason", saying(instance_reasons_left_out)),
}
