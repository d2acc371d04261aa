"""Consumers that break one requirement each: the reference consumer, and one thing that it does wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from vpc_backup_events import catalog, check
from vpc_backup_events.events import read
from vpc_backup_events.interpretation import interpretation
from vpc_backup_events.reference.consumer import Consumer
from vpc_backup_events.rules.codes import code_of

KNOWN = {
    "specversion", "id", "source", "type", "time", "ibmensourceid", "ibmenseverity", "ibmendefaultshort",
    "ibmendefaultlong", "notification_id", "en_source_id", "message_subject", "attachments", "data", "datacontenttype",
}  # fmt: skip
MEMBERS = set(catalog.examples["details_members"])


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
        return all(self.event.get(name) for name in ("specversion", "id", "source", "type"))

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
    "P25-structured-charset": refusing(lambda r: ";" in r.media and "cloudevents" in r.media),
    "P25-json": refusing(lambda r: r.media == "application/json" and not r.ce),
    "P25-post": answering(405, lambda r: True),
    "P25-other-verbs": Posting,
    "P25-notification-id": refusing(lambda r: "notification_id" in r.event),
    "P25-no-notification-id": refusing(lambda r: "notification_id" not in r.event),
    "P25-unknown-attributes": refusing(lambda r: bool(set(r.event) - KNOWN)),
    "P25-unknown-members": refusing(lambda r: bool(set(r.details) - MEMBERS)),
    "P25-quirk-raw-line-breaks": breaking("P11-raw-line-break"),
    "P25-quirk-escaped-line-breaks": breaking("P11-line-break"),
    "P25-quirk-bare-id": breaking("P11-unquoted-id"),
    "P25-quirk-prose": breaking("P11-prose"),
    "P25-quirk-reasons-array": breaking("P12-reasons-instead"),
    "P25-quirk-type-contradiction": breaking("P14-agrees-with-type"),
    "P25-quirk-retention-word": breaking("P15-job-type-retention"),
    "P25-quirk-deletion-type": breaking("P05-type-retention"),
    "P25-quirk-other-spelling": refusing(
        lambda r: bool({f.requirement for f in check((r.headers, r.body), "strict").findings} & {"P16-code-spelling"})
    ),
    "P25-quirk-tokenless-code": breaking("P16-code-without-token"),
    "P25-quirk-bare-code": breaking("P16-reason-text"),
    "P25-quirk-share": breaking("P14-resource-type-share"),
    "P25-quirk-severity-case": refusing(lambda r: str(r.event.get("ibmenseverity")) in ("MEDIUM", "Medium")),
    "P25-quirk-severity-other": refusing(lambda r: str(r.event.get("ibmenseverity", "medium")).lower() != "medium"),
    "P25-quirk-crn-source": refusing(lambda r: str(r.event["source"]).startswith("crn:")),
    "P25-quirk-crn-source-id": refusing(lambda r: str(r.event.get("ibmensourceid")).startswith("crn:")),
    "P25-quirk-no-time": refusing(lambda r: "time" not in r.event),
    "P25-quirk-no-severity": refusing(lambda r: "ibmenseverity" not in r.event),
    "P25-quirk-bare-uuid": breaking("P13-id-prefix"),
    "P25-quirk-received-names": refusing(
        lambda r: bool({"en_source_id", "message_subject", "attachments"} & set(r.event))
    ),
    "P25-size-64k": refusing(lambda r: len(r.body) > 60_000),
    "P25-binary-encoded": refusing(lambda r: any("%" in r.headers[name] for name in r.ce)),
    "P25-binary-raw": refusing(lambda r: any(" " in r.headers[name] for name in r.ce)),
    "P25-binary-header-case": answering(400, lambda r: any(name != name.lower() for name in r.ce)),
    "P25-binary-decoded-equal": saying(undecoded),
    "P25-in-time": Slow,
    "P25-no-redirect": answering(307, lambda r: True),
    "P26-empty-body": answering(200, lambda r: not r.ce and not r.body.strip()),
    "P26-not-json": first(b"a", b"i", b"<", b"{'"),
    "P26-truncated": answering(500, lambda r: r.body.startswith(b"{") and not r.body.rstrip().endswith(b"}")),
    "P26-invalid-utf8": answering(500, undecodable),
    "P26-json-array": first(b"["),
    "P26-json-scalar": first(b'"', b"5", b"t"),
    "P26-json-null": first(b"null"),
    "P26-no-id": without("id"),
    "P26-no-source": without("source"),
    "P26-no-type": without("type"),
    "P26-no-specversion": without("specversion"),
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
