"""Services that break one requirement each, by requirement: the reference service, and one thing that it does wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.reference import event_notifications_app

TOKEN, INSTANCE = "loopback-0a1b2c3d", "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"


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
        return self.method == "POST"

    @property
    def lists(self) -> bool:
        """It lists sources."""
        return self.method == "GET" and self.path.endswith("/sources")


# from a request and its answer to another answer: status and body
Change = Callable[[Asked, int, bytes], tuple[int, bytes]]


class Fake:
    """The reference service, whose answers something changes."""

    def __init__(self, change: Change) -> None:
        self.app = event_notifications_app(token=TOKEN, instance_id=INSTANCE)
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
        kept = [(n, v) for n, v in answered[0]["headers"] if n.lower() != b"content-length"]
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
    """Remembers what was deleted, and says so."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def __call__(self, asked: Asked, status: int, body: bytes) -> tuple[int, bytes]:
        """The answer."""
        if asked.method == "DELETE":
            self.ids.add(asked.path)
        return (410 if asked.method == "GET" and asked.path in self.ids else status), body


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
    "P31-refuses-empty-name": lambda: lenient(lambda a: a.members.get("name") == "" and a.members["enabled"] is True),
    "P31-refuses-long-name": lambda: lenient(lambda a: len(a.members.get("name", "")) > 255),
    "P31-refuses-no-enabled": lambda: lenient(lambda a: "enabled" not in a.members and bool(a.members)),
    "P31-refuses-enabled-type": lambda: lenient(lambda a: a.members.get("enabled") == "true"),
    "P31-refuses-long-description": lambda: lenient(lambda a: len(a.members.get("description", "")) > 255),
    "P31-refuses-source-form": lambda: lenient(lambda a: "source" in a.members),
    "P33-encoded-id": lambda: answering(404, lambda a, s: a.method == "GET" and "%3A" in a.path),
    "P33-plain-id": lambda: answering(404, lambda a, s: a.method == "GET" and ":" in a.path),
    "P34-malformed-json": lambda: answering(422, lambda a, s: a.creates and not a.members),
    "P34-no-token": lambda: answering(403, lambda a, s: "authorization" not in a.headers),
    "P34-wrong-scheme": lambda: answering(403, lambda a, s: a.headers.get("authorization", "").startswith("Basic")),
    "P34-wrong-token": lambda: answering(200, lambda a, s: a.headers.get("authorization") == "Bearer another"),
    "P34-unknown-id": lambda: answering(400, lambda a, s: "00000000-0000" in a.path),
    "P34-unknown-path": lambda: answering(400, lambda a, s: a.path.endswith("/no-such-thing")),
    "P34-media-type": lambda: answering(400, lambda a, s: s == 415),
    "P34-deleted-id": Gone,
    "P34-duplicate-name": lambda: answering(400, lambda a, s: s == 409),
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
}
