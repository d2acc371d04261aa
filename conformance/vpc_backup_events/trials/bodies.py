"""What has a body that may be JSON: a request of a client, an answer of a service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

__all__ = ["JsonBody", "body_of"]


async def body_of(receive: Callable[[], Any]) -> bytes:
    """The body of the request that an ASGI application receives."""
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    return body


class JsonBody:
    """A request or an answer, whose body is read as JSON."""

    __slots__ = ()

    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def members(self) -> dict[str, Any]:
        """The body's members, empty where it is no JSON object."""
        return self.json if isinstance(self.json, dict) else {}
