"""What both reference services have in common: a description turned into an ASGI application."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from vpc_backup_events.reading.messages import TooLargeError, gunzip
from vpc_backup_events.reference._answers import Entry, Fault, Faults, RefusedError, refuse
from vpc_backup_events.reference._record import Exchange, Record, masked, masked_headers
from vpc_backup_events.spec.openapi import ApiDescription, Match, Operation, Problem, parse_body, value_of
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.json_text import NotJsonError

__all__ = ["MAX_BODY", "Call", "Handler", "Service", "application", "href"]

# the most that a body may have, also decompressed: 40 MB with attachments are documented
MAX_BODY = 40 * 1024 * 1024


@dataclass(slots=True)
class Call:
    """A request; a handler sees it once the description allows it."""

    request: Request
    #: path as it was on the wire
    target: str
    #: what is at the path, None where nothing is
    match: Match | None
    #: what to note about an accepted request
    warnings: list[Breach]
    #: parameters of the query, decoded, with defaults
    query: dict[str, Any] = field(default_factory=dict)
    #: the body as it was on the wire
    wire: bytes = b""
    #: the body, decompressed
    raw: bytes = b""
    #: the body, parsed; None where the handler reads it by itself
    body: Any = None

    @property
    def operation(self) -> Operation | None:
        """The operation that is asked for, None where there is none."""
        return self.match.operation if self.match else None

    @property
    def path(self) -> Mapping[str, str]:
        """Parameters of the path, decoded."""
        return self.match.values if self.match else {}


Handler = Callable[[Call], Response]


class Service:
    """An ASGI application that answers a description's operations with handlers, and records every exchange."""

    #: operations whose handler reads the body by itself
    unread: frozenset[str] = frozenset()
    #: operations whose work may take long, so that it is done beside the event loop
    threaded: frozenset[str] = frozenset()

    def __init__(self, api: ApiDescription, token: str | None, faults: Faults | None) -> None:
        self.api = api
        # accepted bearer token; None accepts any
        self.token = token
        # a token that is valid and may do nothing
        self.forbidden_token: str | None = None
        # tokens that were given out, as good as `token`
        self.granted: list[str] = []
        self.faults = faults or Faults()
        self.record = Record()

    # -- what a service decides

    def handler(self, operation: Operation) -> Handler:
        """The method of the operation's name."""
        handler: Handler = getattr(self, operation.id)
        return handler

    def normal(self, path: str, warnings: list[Breach]) -> str:
        """The path as the description has it; another one that is accepted all the same is noted."""
        return path

    def admit(self, call: Call) -> None:
        """Refuses what an authenticated caller may not ask, before the rest of the request is judged."""

    def error_body(self, trace: str, status: int, entries: Sequence[Entry]) -> Any:
        """The body of an error."""
        raise NotImplementedError

    # -- how it is answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, HTTP only."""
        request = Request(scope, receive)
        target = scope.get("raw_path", scope["path"].encode()).split(b"?")[0].decode("ascii", "replace")
        warnings: list[Breach] = []
        match = self.api.match(request.method, self.normal(target, warnings))
        call = Call(request, target, match, warnings)
        response: Response | None
        try:
            response = await self._response(call)
        except ClientDisconnect:
            return
        except RefusedError as error:
            body = self.error_body(str(uuid4()), error.status, error.entries)
            response = JSONResponse(body, error.status, dict(error.headers))
        self._note(call, response.status_code if response else None)
        await (response(scope, receive, send) if response else _reset(receive))

    async def _response(self, call: Call) -> Response | None:
        """The answer, or None where the connection is to be closed without one."""
        operation = call.operation
        fault = self.faults.take(operation.id if operation else None)
        call.wire = call.raw = await self._read(call.request)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.reset:
            return None
        if fault and fault.status is not None:
            raise _fault(fault, fault.status)
        if call.match is None:
            raise refuse(404, "not_found", "There is nothing at this path.")
        if operation is None:
            allow = {"Allow": ", ".join(call.match.allowed)}
            raise RefusedError(405, Entry("method_not_allowed", "The path has other methods."), headers=allow)
        if operation.id in self.threaded:
            return await asyncio.to_thread(self._answer, call, operation)
        return self._answer(call, operation)

    def _answer(self, call: Call, operation: Operation) -> Response:
        if operation.secured:
            self._authenticate(call.request)
        self.admit(call)
        if operation.parameter_problems("path", call.path):
            raise refuse(404, "not_found", "The id is unknown.")
        texts = dict(parse_qsl(_query(call.request), keep_blank_values=True))
        problems = operation.parameter_problems("query", texts)
        if operation.bodies:
            problems += self._parse(call, operation)
        if problems:
            raise RefusedError(400, *(Entry("invalid_request", str(problem), problem=problem) for problem in problems))
        for parameter in operation.parameters:
            if parameter.where == "query":
                name = parameter.name
                default = parameter.schema.get("default")
                call.query[name] = value_of(parameter, texts[name]) if name in texts else default
        return self.handler(operation)(call)

    def _tokens(self) -> list[str]:
        return [token for token in (self.token, self.forbidden_token, *self.granted) if token]

    def _authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        valid = [compare_digest(token.encode(), other.encode()) for other in self._tokens()]
        if scheme.lower() != "bearer" or not token or (self.token is not None and not any(valid)):
            entry = Entry("unauthorized", "A valid bearer token is needed.")
            raise RefusedError(401, entry, headers={"WWW-Authenticate": "Bearer"})
        if self.forbidden_token is not None and compare_digest(token.encode(), self.forbidden_token.encode()):
            raise refuse(403, "authorization_error", "The caller has no permission for this.")

    def _parse(self, call: Call, operation: Operation) -> list[Problem]:
        headers = call.request.headers
        content_type = headers.get("content-type", "")
        media = content_type.partition(";")[0].strip().lower()
        binary = operation.id in self.unread and any(name.startswith("ce-") for name in headers)
        if media not in operation.bodies and not (binary and not media):
            raise refuse(415, "unsupported_media_type", f"Send {' or '.join(operation.bodies)}.")
        try:
            if headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip"):
                call.raw = gunzip(call.raw, MAX_BODY)
            if operation.id in self.unread:
                return []
            call.body = parse_body(media, content_type, call.raw)
            _require_storable(call.body)
        except TooLargeError:
            raise _too_large() from None
        except NotJsonError as error:
            raise refuse(400, "invalid_request", f"The body can't be read: {error}") from None
        return operation.body_problems(media, call.body)

    async def _read(self, request: Request) -> bytes:
        length = request.headers.get("content-length", "")
        # refused before it is sent, where the client waits for that
        if len(length) > 12 or (length.isdigit() and int(length) > MAX_BODY):
            raise _too_large()
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY:
                raise _too_large()
        return bytes(body)

    def _note(self, call: Call, status: int | None) -> None:
        query = _query(call.request)
        target = f"{call.target}?{query}" if query else call.target
        tokens = self._tokens()
        self.record.append(
            Exchange(
                call.request.method,
                masked(target.encode(), tokens).decode(),
                masked_headers(call.request.headers.items()),
                masked(call.wire, tokens),
                call.operation.id if call.operation else None,
                status,
                tuple(call.warnings),
            )
        )


def application(service: Service, **state: Any) -> Starlette:
    """The service as a Starlette application; `state` has the service, its record, its faults, and more."""
    app = Starlette()
    # no route: patterns of routes match no path with a line break
    app.router.default = service
    everything = {"service": service, "record": service.record, "faults": service.faults, **state}
    for name, value in everything.items():
        setattr(app.state, name, value)
    return app


def _fault(fault: Fault, status: int) -> RefusedError:
    wait = 1 if fault.retry_after is None and status == 429 else fault.retry_after
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return RefusedError(status, Entry("fault", "This was asked for by a test."), headers=headers)


def _too_large() -> RefusedError:
    return refuse(413, "too_large", f"A body may have {MAX_BODY} bytes, also decompressed.")


def _require_storable(value: Any) -> None:
    """Raises `NotJsonError` where the value holds what no answer can show again: an unpaired surrogate."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise NotJsonError("a text has an unpaired surrogate, which UTF-8 can't hold.") from None


def href(call: Call, **query: Any) -> str:
    """The URL of the request with other parameters in its query."""
    return str(call.request.url.include_query_params(**query))


async def _reset(receive: Receive) -> None:
    """Closes the connection; where there is none, the caller in the same process gets the exception."""
    # of the server, or of the exchange that guards it
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("This was asked for by a test.")
    # without lingering, so that the other side sees a reset and no orderly end
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    # the server learns of it before it looks for an answer
    await asyncio.sleep(0)


def _query(request: Request) -> str:
    text: bytes = request.scope["query_string"]
    return text.decode("latin-1")
