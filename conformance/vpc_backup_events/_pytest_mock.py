"""The fixture `event_notifications_mock`: IBM's hosts answered by the reference service, for clients that use httpx."""

from __future__ import annotations

from typing import Any

import httpx
import respx
from starlette.testclient import TestClient

from vpc_backup_events.reference.server import both

# Event Notifications, the VPC API and IAM, public and private
HOSTS = r"\A(?:.+\.(?:event-notifications|iaas)|(?:private\.)?iam)\.cloud\.ibm\.com\Z"


class Mock(respx.MockRouter):
    """A router of respx; `app` is the application that answers, with its record and faults in `app.state`."""

    def __init__(self) -> None:
        super().__init__(assert_all_called=False)
        self.app: Any = both()
        self.route(host__regex=HOSTS).mock(side_effect=self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        client = TestClient(self.app, base_url=f"{request.url.scheme}://{request.url.host}")
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        target = request.url.raw_path.decode("ascii")
        try:
            answer = client.request(request.method, target, headers=headers, content=request.read())
        except ConnectionResetError as error:
            raise httpx.ReadError(str(error), request=request) from None
        return httpx.Response(answer.status_code, headers=answer.headers.multi_items(), content=answer.content)
