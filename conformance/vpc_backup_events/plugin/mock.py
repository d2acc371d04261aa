"""The fixtures `event_notifications_mock*`: IBM's hosts answered by the reference service, without a socket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import respx
from starlette.testclient import TestClient

from vpc_backup_events.reference.server import both

# Event Notifications, the VPC API and IAM, public and private
_HOST = r"(?:.+\.(?:event-notifications|iaas)|(?:private\.)?iam)\.cloud\.ibm\.com"
HOSTS = rf"\A{_HOST}\Z"
URLS = re.compile(rf"https?://{_HOST}(?::\d+)?/")


def ask(app: Any, method: str, host: str, target: str, headers: Iterable[tuple[str, str]], content: bytes) -> Any:
    """The application's answer; raises `ConnectionResetError` where it closes the connection. `host` has the scheme."""
    return TestClient(app, base_url=host).request(method, target, headers=list(headers), content=content)


class Mock(respx.MockRouter):
    """A router of respx; `app` is the application that answers, with its record and faults in `app.state`."""

    def __init__(self, using: str = "httpcore", reset: Callable[[str], Exception] = httpx.ReadError) -> None:
        super().__init__(assert_all_called=False, using=using)
        self.app: Any = both()
        self._reset = reset
        self.route(host__regex=HOSTS).mock(side_effect=self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        host = f"{request.url.scheme}://{request.url.host}"
        try:
            answer = ask(self.app, request.method, host, request.url.raw_path.decode("ascii"), headers, request.read())
        except ConnectionResetError as error:
            raise self._reset(str(error)) from None
        return httpx.Response(answer.status_code, headers=answer.headers.multi_items(), content=answer.content)


def httpx2_mock() -> Mock:
    """The same for httpx2."""
    import httpcore2

    # tells respx of httpcore2
    import pytest_httpx2  # noqa: F401

    return Mock("httpcore2", httpcore2.ReadError)


def requests_mock() -> Any:
    """The same for requests: what `responses` calls a RequestsMock, with `app`."""
    import requests
    import responses

    mock: Any = responses.RequestsMock(assert_all_requests_are_fired=False)
    app = both()

    def answer(request: Any) -> tuple[int, list[tuple[str, str]], bytes]:
        match = re.match(r"(https?://[^/?#]+)(.*)", request.url)
        assert match is not None
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
        try:
            reply = ask(app, request.method, match[1], match[2], request.headers.items(), content)
        except ConnectionResetError as error:
            raise requests.ConnectionError(str(error), request=request) from None
        # it sets the length by itself
        headers = [(name, value) for name, value in reply.headers.multi_items() if name.lower() != "content-length"]
        return reply.status_code, headers, reply.content

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        mock.add_callback(method, URLS, answer, content_type=None)
    mock.app = app
    return mock
