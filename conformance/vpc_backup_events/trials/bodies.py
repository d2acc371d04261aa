"""What has a body that may be JSON: a request of a client, an answer of a service."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["JsonBody"]


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
