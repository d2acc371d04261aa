"""The reference service as a client meets it: it remembers what it was asked, and may answer otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import unquote

from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.delivery import Response
from vpc_backup_events.trials.account import INSTANCE, TOKEN, instance_crn
from vpc_backup_events.trials.bodies import body_of
from vpc_backup_events.trials.client.requests import ClientRequest

__all__ = ["LISTED", "MOST", "Behaviour", "Loopback", "failing", "page_of", "pages", "proxy", "registered"]

Scope = MutableMapping[str, Any]
# what stands between the client and the reference service: from a request, and the number of requests so far that
# create a source, to the answer; None lets the request through
Behaviour = Callable[[ClientRequest, int], Response | None]

# requests that a client may make for one registration, and then some: IBM's clients try 5 times
MOST = 20
# sources in a list of several pages, and the most that a page has
LISTED = 250
PAGE = 100
DEFAULT_PAGE = 10
_JSON = {"content-type": "application/json"}
_TIME = "2026-11-24T05:00:00.000Z"


class Loopback:
    """An ASGI application for one attempt of a client."""

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        from vpc_backup_events.reference.server import both

        self._app = both(TOKEN, INSTANCE)
        self._behaviour = behaviour
        self._lock = Lock()
        self.requests: list[ClientRequest] = []
        # the source that an answer in place of the service's spoke of
        self._source: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """ASGI."""
        body = await body_of(receive)
        request = _request(scope, body)
        with self._lock:
            self.requests.append(request)
            number = sum(earlier.creates for earlier in self.requests)
        answer = self._behaviour(request, number) if self._behaviour else None
        if answer is None and self._source and not request.creates:
            answer = self._answer_of_source(request)
        if answer is None:

            async def again() -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            await self._app(scope, again, send)
            return
        if request.creates and answer.status == 201:
            self._source = json.loads(answer.body)
        headers = {"content-length": str(len(answer.body)), **answer.headers}
        fields = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": fields})
        await send({"type": "http.response.body", "body": answer.body})

    def _answer_of_source(self, request: ClientRequest) -> Response | None:
        """What a client gets that looks for the source that it was told of."""
        source = {**self._source, "type": "api", "updated_at": self._source["created_at"], "topic_count": 0}
        collection, _, last = request.path.rpartition("/")
        names_source = collection.endswith("/sources") and unquote(last) == source["id"]
        if request.method in ("GET", "PATCH") and names_source:
            return _json(200, {**source, "topic_names": []})
        return _page(request, [source]) if request.lists else None


def _request(scope: Scope, body: bytes) -> ClientRequest:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return ClientRequest(scope["method"], f"{path}?{query}" if query else path, headers, body, monotonic())


def _json(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, {**_JSON, **(headers or {})}, json.dumps(content).encode())


# ------------------------------------------------------------------------------------------------------ behaviours


def _creations(answer: Response, times: int | None = None) -> Behaviour:
    """Requests that create a source get this answer, of which the first `times` where that is given."""

    def behave(request: ClientRequest, number: int) -> Response | None:
        return answer if request.creates and (times is None or number <= times) else None

    return behave


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
    return _creations(_json(201, content))


def failing(status: int, retry_after: int | None = None, times: int = MOST) -> Behaviour:
    """The first requests are answered with this error, in the body that the API documents."""
    content = {"trace": "0", "status_code": status, "errors": [{"code": "loopback", "message": "no", "more_info": ""}]}
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return _creations(_json(status, content, headers), times)


def proxy(body: bytes) -> Behaviour:
    """A proxy that answers 502 for the service, with a body of its own."""
    return _creations(Response(502, {"content-type": "text/html"}, body))


def page_of(request: ClientRequest) -> tuple[int, int]:
    """Offset and limit of the page that a request asks for."""
    offset, limit = (request.query.get(name, "") for name in ("offset", "limit"))
    return (
        int(offset) if offset.isdecimal() else 0,
        min(int(limit), PAGE) if limit.isdecimal() else DEFAULT_PAGE,
    )


SOURCES = [
    {
        "id": f"00000000-0000-4000-8000-{number:012}:api",
        "name": f"source {number}",
        "description": "",
        "type": "api",
        "enabled": True,
        "updated_at": _TIME,
        "topic_count": 0,
    }
    for number in range(LISTED)
]


def _link(request: ClientRequest, limit: int, offset: int) -> dict[str, str]:
    host = request.headers.get("host", "127.0.0.1")
    return {"href": f"http://{host}{request.path}?limit={limit}&offset={offset}"}


def _page(request: ClientRequest, sources: Sequence[Mapping[str, Any]]) -> Response:
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
    return _json(200, page)


def pages(request: ClientRequest, _: int) -> Response:
    """A list of several pages, whatever is asked for."""
    return _page(request, SOURCES)
