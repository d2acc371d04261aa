"""Services that break one requirement each, by requirement: the reference service, and one thing that it does wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.reference.server import both
from vpc_backup_events.trials.service import ServiceFacts

TOKEN, INSTANCE = "loopback-0a1b2c3d", "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
FORBIDDEN, OTHER = "loopback-without-permission", "5d1e0a7c-2f4b-4c83-8f0e-3b9a6c1d2e47"


def undelivered(*_: Any, **__: Any) -> None:
    """Nothing is delivered to webhooks."""


def reference() -> Any:
    """The reference service with everything that can be asked of one."""
    app = both(TOKEN, [INSTANCE, OTHER], deliver=undelivered)
    app.state.service.forbidden_token = FORBIDDEN
    return app


def facts_of(app: Any) -> ServiceFacts:
    """What is known of it; no requests are made up, which takes seconds."""

    def authorize(there: bool) -> None:
        app.state.access.authorized = there

    def provoke(status: int) -> None:
        app.state.faults.add(status=status)

    return ServiceFacts(OTHER, FORBIDDEN, None, None, authorize, provoke, fuzz=0)


@dataclass
class Asked:
    """A request."""

    method: str
    # as on the wire
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def members(self) -> dict[str, Any]:
        """The body's members."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def creates(self) -> bool:
        """It creates a source."""
        return self.method == "POST" and self.path.endswith("/sources")

    @property
    def connects(self) -> bool:
        """It connects Backup for VPC."""
        return self.creates and "source" in self.members

    @property
    def sends(self) -> bool:
        """It sends an event."""
        return self.method == "POST" and self.path.endswith("/notifications")

    @property
    def finds(self) -> bool:
        """It asks for a job."""
        return "/jobs/" in self.path

    @property
    def lists_jobs(self) -> bool:
        """It asks for the jobs of a policy."""
        return self.path.endswith("/jobs")

    @property
    def lists(self) -> bool:
        """It lists sources."""
        return self.method == "GET" and self.path.endswith("/sources")


# from a request and its answer to another answer: status and body
Change = Callable[[Asked, int, bytes], tuple[int, bytes]]


class Fake:
    """The reference service, whose answers something changes."""

    def __init__(self, change: Change) -> None:
        self.app = reference()
        self.change = change

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] != "http":
            raise RuntimeError("no lifespan")
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part["body"], part["more_body"]
        headers = {n.decode(): v.decode() for n, v in scope["headers"]}
        asked = Asked(scope["method"], scope["raw_path"].decode(), scope["query_string"].decode(), headers, body)
        answered: list[Any] = []

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: dict[str, Any]) -> None:
            answered.append(message)

        await self.app(scope, again, keep)
        content = b"".join(m.get("body", b"") for m in answered[1:])
        status, content = self.change(asked, answered[0]["status"], content)
        without = ("content-length", *getattr(self.change, "without", ()))
        kept = [(n, v) for n, v in answered[0]["headers"] if n.decode().lower() not in without]
        await send({"type": "http.response.start", "status": status, "headers": kept})
        await send({"type": "http.response.body", "body": content})


def answering(wanted: int, when: Callable[[Asked, int], bool]) -> Change:
    """Another status where something holds of request and answer."""
    return lambda asked, status, body: (wanted if when(asked, status) else status, body)


def changing(when: Callable[[Asked, int], bool], change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Other members in the answer."""

    def changed(asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        return status, json.dumps(change(json.loads(body))).encode() if when(asked, status) else body

    return changed


def dropping(name: str, when: Callable[[Asked, int], bool]) -> Change:
    """A member that is left out."""
    return changing(when, lambda members: {n: v for n, v in members.items() if n != name})


def created(asked: Asked, status: int) -> bool:
    return asked.creates and status == 201


def erred(asked: Asked, status: int) -> bool:
    return asked.creates and asked.members.get("name") == "" and status == 400


def listed(asked: Asked, status: int) -> bool:
    return asked.lists and status == 200


def having(**members: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda other: {**other, **members}


def entry(name: str) -> Change:
    """An error whose entries lack something."""
    return changing(erred, lambda e: {**e, "errors": [{**each, name: ""} for each in e["errors"]]})


def lenient(when: Callable[[Asked], bool]) -> Change:
    """What is to be refused is accepted."""
    return answering(201, lambda asked, status: asked.creates and status == 400 and when(asked))


def asking(query: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Other members in the answer to one page."""
    return changing(lambda asked, status: listed(asked, status) and asked.query == query, change)


class Gone:
    """Remembers what was deleted, and answers with a status of its own when it is asked for."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.ids: set[str] = set()

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if asked.method == "DELETE":
            self.ids.add(asked.path)
        return (self.status if asked.method == "GET" and asked.path in self.ids else status), body


class Clearing:
    """Forgets the description of a source that is updated without one."""

    def __init__(self) -> None:
        self.cleared: set[str] = set()

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if asked.method == "PATCH" and "/sources/" in asked.path:
            (self.cleared.discard if "description" in asked.members else self.cleared.add)(asked.path)
        if asked.method == "GET" and asked.path in self.cleared and status == 200:
            body = json.dumps({**json.loads(body), "description": ""}).encode()
        return status, body


class Repeated:
    """Gives the same event the same id again."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if not accepted(asked, status) or "id" not in asked.members:
            return status, body
        id = self.ids.setdefault(asked.members["id"], json.loads(body)["notification_id"])
        return status, json.dumps({"notification_id": id}).encode()


class Indifferent:
    """Takes events of sources that are disabled."""

    def __init__(self) -> None:
        self.disabled: set[str] = set()

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if created(asked, status) and not asked.members["enabled"]:
            self.disabled.add(json.loads(body)["id"])
        return (202 if asked.sends and asked.members.get("ibmensourceid") in self.disabled else status), body


class Repeating:
    """Lists the first page again in place of the third."""

    def __init__(self) -> None:
        self.first = b""

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if asked.query == "limit=2&offset=0":
            self.first = body
        return status, self.first if asked.query == "limit=2&offset=4" else body


def no_link(name: str) -> Change:
    return dropping(name, listed)


class Generous:
    """Accepts a connection though there is one, at one instance."""

    def __init__(self, instance: str = INSTANCE) -> None:
        self.instance = instance

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        return (201 if asked.connects and status == 409 and self.instance in asked.path else status), body


class Replacing:
    """Forgets the first connection when it refuses a second."""

    def __init__(self) -> None:
        self.last = b""
        self.gone: set[str] = set()

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if asked.connects and status == 201:
            self.last = body
        if asked.connects and status == 409 and INSTANCE in asked.path:
            self.gone.add(json.loads(self.last)["id"].removesuffix(":api"))
        gone = asked.method == "GET" and any(id in asked.path for id in self.gone)
        return (404 if gone else status), body


class Once:
    """Accepts something once, unless it is allowed again."""

    def __init__(self) -> None:
        self.connected = 0

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        # the connection right after one that was deleted and looked for
        if asked.method == "GET" and "/sources/" in asked.path and status == 404:
            self.connected += 1
        if asked.connects and status == 201 and self.connected:
            self.connected = 0
            return 409, body
        self.connected = 0 if asked.method != "GET" else self.connected
        return status, body

    @staticmethod
    def of_events() -> Change:
        """An event that was sent before is refused."""
        seen: set[Any] = set()

        def changed(asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
            id = asked.members.get("id") if asked.sends else None
            again = id in seen
            if id:
                seen.add(id)
            return (409 if again and status == 202 else status), body

        return changed


class Impatient:
    """A 429 that does not say how long to wait."""

    without = ("retry-after",)

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        return status, body


class Bare:
    """A service without /event-notifications."""

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        return (404 if asked.path.startswith("/event-notifications") else status), body


class AnyStatus:
    """Lists every job, whatever was asked for."""

    def __init__(self) -> None:
        self.every = b""

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if asked.lists_jobs and status == 200 and not self.every and json.loads(body)["jobs"]:
            self.every = body
        return status, self.every if asked.lists_jobs and "status=succeeded" in asked.query else body


def accepted(asked: Asked, status: int) -> bool:
    return asked.sends and status == 202


def of_job(**members: Any) -> Change:
    """Another job, when one is asked for."""
    return changing(lambda a, s: a.finds and s == 200, having(**members))


def elsewhere(wanted: int) -> Change:
    """What a source of another account is answered."""
    return answering(wanted, lambda a, s: a.connects and s == 403 and "0123456789abcdef" in a.members["source"])


def unauthorized(wanted: int) -> Change:
    """What a source is answered while there is no authorization."""
    return answering(wanted, lambda a, s: a.connects and s == 403 and "0123456789abcdef" not in a.members["source"])


OTHER_CRN = f"crn:v1:bluemix:public:event-notifications:us-south:a/1:{OTHER}::"
LINK = {"href": "https://example.com/sources"}
FAKES: dict[str, Callable[[], Change]] = {
    "P31-created": lambda: answering(200, created),
    "P31-accepts-minimal": lambda: answering(400, lambda a, s: created(a, s) and set(a.members) == {"name", "enabled"}),
    "P31-accepts-description": lambda: answering(400, lambda a, s: a.members.get("description") == "d"),
    "P31-accepts-store-notifications": lambda: answering(400, lambda a, s: "store_notifications" in a.members),
    "P31-answer-id": lambda: changing(lambda a, s: created(a, s) and a.members["enabled"] is False, having(id="")),
    "P31-answer-name": lambda: changing(created, having(name="another")),
    "P31-answer-description": lambda: dropping("description", created),
    "P31-answer-enabled": lambda: changing(created, having(enabled=True)),
    "P31-answer-created-at": lambda: changing(created, having(created_at="yesterday")),
    "P31-refuses-no-name": lambda: lenient(lambda a: "name" not in a.members and bool(a.members)),
    "P31-refuses-no-name-status": lambda: answering(
        422, lambda a, s: a.creates and s == 400 and "name" not in a.members and bool(a.members)
    ),
    "P31-refuses-empty-name": lambda: lenient(lambda a: a.members.get("name") == "" and a.members["enabled"] is True),
    "P31-refuses-long-name": lambda: lenient(lambda a: len(a.members.get("name", "")) > 255),
    "P31-refuses-no-enabled": lambda: lenient(lambda a: "enabled" not in a.members and bool(a.members)),
    "P31-refuses-enabled-type": lambda: lenient(lambda a: a.members.get("enabled") == "true"),
    "P31-refuses-enabled-type-status": lambda: answering(422, lambda a, s: a.members.get("enabled") == "true"),
    "P31-refuses-long-description": lambda: lenient(lambda a: len(a.members.get("description", "")) > 255),
    "P31-refuses-source-form": lambda: lenient(lambda a: "source" in a.members),
    "P33-encoded-id": lambda: answering(404, lambda a, s: a.method == "GET" and "%3A" in a.path),
    "P33-plain-id": lambda: answering(404, lambda a, s: a.method == "GET" and ":" in a.path),
    "P34-malformed-json": lambda: answering(422, lambda a, s: a.creates and not a.members),
    "P34-no-token": lambda: answering(403, lambda a, s: "authorization" not in a.headers and not a.finds),
    "P34-wrong-scheme": lambda: answering(403, lambda a, s: a.headers.get("authorization", "").startswith("Basic")),
    "P34-wrong-token": lambda: answering(200, lambda a, s: a.headers.get("authorization") == "Bearer another"),
    "P34-unknown-id": lambda: answering(400, lambda a, s: "00000000-0000" in a.path and not a.finds),
    "P34-unknown-path": lambda: answering(400, lambda a, s: a.path.endswith("/no-such-thing")),
    "P34-media-type": lambda: answering(422, lambda a, s: s == 415),
    "P34-deleted-id": lambda: Gone(400),
    "P34-update-keeps": Clearing,
    "P34-search-nothing": lambda: answering(404, lambda a, s: "search=" in a.query),
    "P34-duplicate-name": lambda: answering(400, lambda a, s: s == 409 and not a.connects),
    "P34-error-json": lambda: lambda a, s, body: (s, b"bad request" if erred(a, s) else body),
    "P34-error-trace": lambda: dropping("trace", erred),
    "P34-error-status-code": lambda: changing(erred, having(status_code="400")),
    "P34-error-errors": lambda: changing(erred, having(errors=[])),
    "P34-entry-code": lambda: entry("code"),
    "P34-entry-message": lambda: entry("message"),
    "P34-entry-more-info": lambda: entry("more_info"),
    "P34-no-secret": lambda: changing(lambda a, s: a.path.endswith("no-such-id"), having(debug=f"Bearer {TOKEN}")),
    "P34-list-array": lambda: dropping("sources", listed),
    "P34-list-total-count": lambda: dropping("total_count", listed),
    "P34-list-limit": lambda: dropping("limit", listed),
    "P34-list-offset": lambda: dropping("offset", listed),
    "P34-limit-low": lambda: answering(200, lambda a, s: a.query == "limit=0"),
    "P34-limit-high": lambda: answering(200, lambda a, s: a.query == "limit=101"),
    "P34-offset-negative": lambda: answering(200, lambda a, s: a.query == "offset=-1"),
    "P34-limit-honoured": lambda: asking("limit=2", lambda page: {**page, "sources": [*page["sources"], {"id": "x"}]}),
    "P34-offset-honoured": lambda: asking("limit=1&offset=1", lambda page: {**page, "sources": [{"id": "x"}]}),
    "P34-first": lambda: no_link("first"),
    "P34-next": lambda: no_link("next"),
    "P34-next-absent": lambda: changing(lambda a, s: listed(a, s) and "limit=1&" in a.query, having(next=LINK)),
    "P34-previous": lambda: no_link("previous"),
    "P34-previous-absent": lambda: changing(listed, lambda page: {"previous": LINK, **page}),
    "P34-next-offset": lambda: asking("limit=2", having(next=LINK)),
    "P34-walk": Repeating,
    "P31-accepts-source": lambda: answering(
        400, lambda a, s: a.connects and "event_notifications_instance_crn" not in a.members
    ),
    "P31-accepts-instance-crn": lambda: answering(
        400, lambda a, s: a.creates and "event_notifications_instance_crn" in a.members and not a.connects
    ),
    "P31-answer-instance-crn": lambda: dropping("event_notifications_instance_crn", created),
    "P31-answer-other-instance": lambda: changing(
        lambda a, s: created(a, s) and a.connects, having(event_notifications_instance_crn=OTHER_CRN)
    ),
    "P33-second-source": Generous,
    "P33-second-status": lambda: answering(422, lambda a, s: a.connects and s == 409 and INSTANCE in a.path),
    "P33-first-stays": Replacing,
    "P33-second-instance": lambda: Generous(OTHER),
    "P33-again-after-delete": Once,
    "P33-other-account": lambda: elsewhere(201),
    "P33-other-account-status": lambda: elsewhere(422),
    "P33-no-authorization": lambda: unauthorized(201),
    "P33-no-authorization-status": lambda: unauthorized(409),
    "P34-unknown-source": lambda: answering(201, lambda a, s: s == 400 and a.path.endswith("/topics")),
    "P34-forbidden": lambda: answering(401, lambda a, s: s == 403 and FORBIDDEN in a.headers["authorization"]),
    "P34-unknown-instance": lambda: answering(200, lambda a, s: s == 404 and INSTANCE not in a.path and a.lists),
    "P34-no-topic": lambda: answering(202, lambda a, s: s == 422),
    "P34-too-many": lambda: answering(503, lambda a, s: s == 429),
    "P34-too-many-retry-after": Impatient,
    "P34-server-error": lambda: lambda a, s, body: (s, b"{}" if s == 500 else body),
    # no other trial sends null
    "P34-robust": lambda: answering(
        500, lambda a, s: a.creates and "enabled" in a.members and a.members["enabled"] is None and s == 400
    ),
    "P34-answer-form": lambda: dropping("topic_count", lambda a, s: a.method == "GET" and "/sources/" in a.path),
    "P35-accepted": lambda: answering(201, lambda a, s: a.sends and s == 202),
    "P35-notification-id": lambda: dropping("notification_id", accepted),
    "P35-new-notification-id": lambda: changing(accepted, having(notification_id="the same")),
    "P35-broken-event": lambda: answering(202, lambda a, s: a.sends and s == 400 and a.members.get("type") == ""),
    "P35-broken-attribute": lambda: answering(
        202, lambda a, s: a.sends and a.members.get("time") == "yesterday" and s == 400 and "id" in a.members
    ),
    "P35-broken-event-status": lambda: answering(
        422, lambda a, s: a.sends and s == 400 and a.members.get("source") == 7
    ),
    "P35-disabled-source": Indifferent,
    "P35-resend-notification-id": Repeated,
    "P35-null-body-status": lambda: answering(422, lambda a, s: a.sends and a.body == b"null"),
    "P35-entry-per-error": lambda: changing(
        lambda a, s: a.sends and s == 400, lambda e: {**e, "errors": e["errors"][:1]}
    ),
    "P35-null-body": lambda: answering(202, lambda a, s: a.sends and a.body == b"null"),
    "P35-structured": lambda: answering(
        415, lambda a, s: a.sends and a.headers.get("content-type") == "application/cloudevents+json"
    ),
    "P35-binary": lambda: answering(400, lambda a, s: a.sends and "ce-id" in a.headers),
    "P35-size": lambda: answering(202, lambda a, s: a.sends and len(a.body) > 65_536),
    "P35-resend": Once.of_events,
    "P32-serves-base": Bare,
    "P36-get-job": lambda: answering(203, lambda a, s: a.finds and s == 200),
    "P36-list-jobs": lambda: dropping("jobs", lambda a, s: a.lists_jobs and s == 200),
    "P36-list-status": AnyStatus,
    "P36-job-id": lambda: of_job(id="another"),
    "P36-job-job-type": lambda: of_job(job_type="retention"),
    "P36-job-status": lambda: of_job(status="completed"),
    "P36-job-status-reasons": lambda: of_job(status_reasons=None),
    "P36-job-backup-policy-plan": lambda: of_job(backup_policy_plan="a plan"),
    "P36-job-source": lambda: of_job(source={}),
    "P36-job-created-at": lambda: of_job(created_at="yesterday"),
    "P36-reason-code": lambda: of_job(status_reasons=[{"message": "It failed."}]),
    "P36-reason-message": lambda: of_job(status_reasons=[{"code": "internal_error"}]),
    "P36-no-token": lambda: answering(403, lambda a, s: a.finds and s == 401),
    "P36-no-version": lambda: answering(200, lambda a, s: a.finds and "version" not in a.query),
    "P36-no-generation": lambda: answering(200, lambda a, s: a.finds and "generation" not in a.query),
    "P36-unknown-job": lambda: answering(400, lambda a, s: a.finds and s == 404),
}


def answered(wanted: int, body: bytes) -> Change:
    """Every error of this status has another body."""
    return lambda asked, status, content: (status, body if status == wanted else content)


def without_kinds(*kinds: str) -> Change:
    """A service that does not have these at all."""
    gone = json.dumps({"trace": "0", "status_code": 404, "errors": [{"code": "c", "message": "m", "more_info": "i"}]})
    return lambda a, s, body: (404, gone.encode()) if any(f"/{kind}" in a.path for kind in kinds) else (s, body)


def repeats_refused(asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
    token = asked.headers.get("authorization", "").removeprefix("Bearer ")
    if status != 401 or not token:
        return status, body
    errors = [{"code": "c", "message": f"unknown token {token}", "more_info": "i"}]
    return status, json.dumps({"trace": "0", "status_code": 401, "errors": errors}).encode()


def counts_the_page(asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
    if not listed(asked, status):
        return status, body
    members = json.loads(body)
    return status, json.dumps({**members, "total_count": len(members["sources"])}).encode()


# what else was seen in the field: name -> the requirements that are broken, and the change
FURTHER: dict[str, tuple[set[str], Callable[[], Change]]] = {
    "an unknown id has a page of HTML": ({"P34-error-json"}, lambda: answered(404, b"<h1>Not Found</h1>")),
    "a missing token has no body": ({"P34-error-json"}, lambda: answered(401, b"")),
    "a taken name has another status in its body": (
        {"P34-error-status-code"},
        lambda: answered(
            409,
            b'{"trace": "0", "status_code": 400, "errors": [{"code": "c", "message": "m", "more_info": "i"}]}',
        ),
    ),
    "a token that is refused is repeated": ({"P34-no-secret"}, lambda: repeats_refused),
    "a list counts its page": ({"P34-walk"}, lambda: counts_the_page),
    "description is left out where there was none": (
        {"P31-answer-description"},
        lambda: dropping("description", lambda a, s: created(a, s) and "description" not in a.members),
    ),
    "description is refused": (
        {"P31-accepts-description"},
        lambda: answering(400, lambda a, s: "description" in a.members and a.creates),
    ),
    "a time is not looked at": (
        {"P35-broken-attribute"},
        lambda: answering(
            202, lambda a, s: a.sends and a.members.get("time") == "yesterday" and bool(a.members.get("id"))
        ),
    ),
    "an id that was deleted is gone": (set(), lambda: Gone(410)),
    "an unknown instance is forbidden": (
        set(),
        lambda: answering(403, lambda a, s: s == 404 and INSTANCE not in a.path and a.lists),
    ),
    "another media type is a bad request": (
        set(),
        lambda: lambda a, s, body: (400, body.replace(b"415", b"400")) if s == 415 else (s, body),
    ),
    "an update clears every member": (
        {"P34-update-keeps"},
        lambda: changing(lambda a, s: a.method == "GET" and "/sources/" in a.path and s == 200, having(description="")),
    ),
    "a search is not looked at": (
        {"P34-search-nothing"},
        lambda: changing(
            lambda a, s: listed(a, s) and "search=" in a.query, having(sources=[{"id": "x"}], total_count=1)
        ),
    ),
    "the CRN of the instance is no text": (
        {"P31-answer-other-instance"},
        lambda: changing(lambda a, s: created(a, s) and a.connects, having(event_notifications_instance_crn=7)),
    ),
    "the CRN of the instance has another account": (
        set(),
        lambda: changing(
            lambda a, s: created(a, s) and a.connects,
            having(event_notifications_instance_crn=OTHER_CRN.replace(OTHER, INSTANCE)),
        ),
    ),
    "nothing but sources, topics and notifications": (set(), lambda: without_kinds("destinations", "subscriptions")),
}
