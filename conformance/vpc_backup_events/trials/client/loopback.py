"""The reference service as a client meets it: it remembers what it was asked, and may answer otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import unquote

from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.trials.account import INSTANCE, instance_crn
from vpc_backup_events.trials.client.facts import TOKEN
from vpc_backup_events.trials.client.requests import ClientRequest

__all__ = ["LISTED", "MOST", "Behaviour", "Loopback", "Reply", "failing", "page_of", "pages", "proxy", "registered"]

Scope = MutableMapping[str, Any]

# requests that a client may make for one registration, and then some: IBM's clients try 5 times
MOST = 20
# sources in a list of several pages, and the most that a page has
LISTED = 250
PAGE = 100
DEFAULT_PAGE = 10
_JSON = {"content-type": "application/json"}
_TIME = "2026-11-24T05:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in place of that of the reference service."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What stands between the client and the reference service."""

    #: from a request, and the number of requests so far that create a source; None lets the request through
    reply: Callable[[ClientRequest, int], Reply | None]
    #: only requests that create a source are answered by it
    creations_alone: bool = True


class Loopback:
    """An ASGI application for one attempt of a client."""

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        from vpc_backup_events.reference.server import both

        self._app = both(TOKEN, INSTANCE)
        self._behaviour = behaviour
        self._lock = Lock()
        self.requests: list[ClientRequest] = []
        # the source that a reply in place of the service's spoke of
        self._source: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        request = _request(scope, body)
        with self._lock:
            self.requests.append(request)
            number = sum(earlier.creates for earlier in self.requests)
        reply = self._reply(request, number)
        if reply is None:

            async def again() -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            await self._app(scope, again, send)
            return
        if request.creates and reply.status == 201:
            self._source = json.loads(reply.body)
        headers = {"content-length": str(len(reply.body)), **reply.headers}
        fields = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": fields})
        await send({"type": "http.response.body", "body": reply.body})

    def _reply(self, request: ClientRequest, number: int) -> Reply | None:
        if self._behaviour is not None and (request.creates or not self._behaviour.creations_alone):
            return self._behaviour.reply(request, number)
        return None if request.creates or not self._source else self._reply_of_source(request)

    def _reply_of_source(self, request: ClientRequest) -> Reply | None:
        """What a client gets that looks for the source that it was told of."""
        source = {**self._source, "type": "api", "updated_at": self._source["created_at"], "topic_count": 0}
        collection, _, last = request.path.rpartition("/")
        names_source = collection.endswith("/sources") and unquote(last) == source["id"]
        if request.method in ("GET", "PATCH") and names_source:
            return json_reply(200, {**source, "topic_names": []})
        return _page(request, [source]) if request.lists else None


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    return body


def _request(scope: Scope, body: bytes) -> ClientRequest:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return ClientRequest(scope["method"], f"{path}?{query}" if query else path, headers, body, monotonic())


def json_reply(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Reply:
    """A reply with a JSON body."""
    return Reply(status, json.dumps(content).encode(), {**_JSON, **(headers or {})})


# ------------------------------------------------------------------------------------------------------ behaviours


def registered(with_crn: bool) -> Behaviour:
    """201, whatever was asked: how the client takes success does not depend on its request.

    `with_crn` answers with everything that the documentation says is success; without it as published clients know it.
    """
    content = {
        "id": "41cdb7d4-db3e-496b-b7df-d4ead362c412:api",
        "name": "Backup for VPC",
        "description": "",
        "enabled": True,
        "created_at": _TIME,
    }
    if with_crn:
        content |= dict.fromkeys((INSTANCE_CRN, "crn"), instance_crn(INSTANCE))
    return Behaviour(lambda request, number: json_reply(201, content))


def failing(status: int, retry_after: int | None = None, times: int = MOST) -> Behaviour:
    """The first requests are answered with this error, in the body that the API documents."""
    content = {"trace": "0", "status_code": status, "errors": [{"code": "loopback", "message": "no", "more_info": ""}]}
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    reply = json_reply(status, content, headers)
    return Behaviour(lambda request, number: reply if number <= times else None)


def proxy(body: bytes) -> Behaviour:
    """A proxy that answers 502 for the service, with a body of its own."""
    reply = Reply(502, body, {"content-type": "text/html"})
    return Behaviour(lambda request, number: reply)


def page_of(request: ClientRequest) -> tuple[int, int]:
    """Offset and limit of the page that a request asks for."""
    offset, limit = (request.query.get(name, "") for name in ("offset", "limit"))
    return (
        int(offset) if offset.isdecimal() else 0,
        min(int(limit), PAGE) if limit.isdecimal() else DEFAULT_PAGE,
    )


def _listed_source(number: int) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{number:012}:api",
        "name": f"source {number}",
        "description": "",
        "type": "api",
        "enabled": True,
        "updated_at": _TIME,
        "topic_count": 0,
    }


SOURCES = [_listed_source(number) for number in range(LISTED)]


def _link(request: ClientRequest, limit: int, offset: int) -> dict[str, str]:
    host = request.headers.get("host", "127.0.0.1")
    return {"href": f"http://{host}{request.path}?limit={limit}&offset={offset}"}


def _page(request: ClientRequest, sources: Sequence[Mapping[str, Any]]) -> Reply:
    """The page of the sources that a request asks for."""
    offset, limit = page_of(request)
    page = {
        "total_count": len(sources),
        "offset": offset,
        "limit": limit,
        "sources": sources[offset : offset + limit],
        "first": _link(request, limit, 0),
    }
    if offset + limit < len(sources):
        page["next"] = _link(request, limit, offset + limit)
    if offset > 0:
        page["previous"] = _link(request, limit, max(0, offset - limit))
    return json_reply(200, page)


#: a list of several pages, whatever is asked for
pages = Behaviour(lambda request, _: _page(request, SOURCES), creations_alone=False)
