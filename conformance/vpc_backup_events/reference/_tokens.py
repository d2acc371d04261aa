"""IAM as far as clients of Event Notifications need it: an API key is exchanged for a token."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest
from uuid import uuid4

from vpc_backup_events.reference._instances import Resource

__all__ = ["Iam"]

# seconds
TOKEN_LASTS = 3600
# how many of those that were given out are accepted
MOST_TOKENS = 100


class Iam:
    """Knows one API key, or takes any."""

    def __init__(self, api_key: str | None, takes_any: bool) -> None:
        #: the only API key that is exchanged; None takes any, or none where `takes_any` is False
        self.api_key = api_key
        self._takes_any = takes_any
        #: the latest tokens that were given out
        self.granted: list[str] = []

    def knows(self, api_key: str) -> bool:
        """Whether a token is given out for the API key."""
        if self.api_key is None:
            return self._takes_any
        return compare_digest(api_key.encode(), self.api_key.encode())

    def grant(self, now: datetime) -> Resource:
        """A new token, as IAM answers with it."""
        expiration = int(now.timestamp()) + TOKEN_LASTS
        token = _jwt({"iat": expiration - TOKEN_LASTS, "exp": expiration})
        self.granted[:] = [*self.granted, token][-MOST_TOKENS:]
        return {
            "access_token": token,
            "refresh_token": "not_supported",
            "token_type": "Bearer",
            "expires_in": TOKEN_LASTS,
            "expiration": expiration,
            "scope": "ibm openid",
        }


def _jwt(claims: Mapping[str, int]) -> str:
    """A token that IBM's clients can read, which look into it for its end; its signature is none."""
    parts = (json.dumps({"alg": "RS256", "typ": "JWT"}).encode(), json.dumps(claims).encode(), uuid4().bytes)
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
