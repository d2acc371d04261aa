"""Signing and verifying deliveries (position P30).

How Event Notifications signs is not public. What is here for RS256 is inferred from a predecessor's documentation, and
verifies no production delivery; a verifier of one's own is plugged in by the two protocols.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any, Protocol

from vpc_backup_events.delivery.message import Request
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install

__all__ = ["RsaSigner", "RsaVerifier", "SignatureError", "Signer", "Verifier"]

ALGORITHM = "RS256"


class Signer(Protocol):
    """Signs a request."""

    def sign(self, request: Request) -> Request:
        """The request with its signature."""


class Verifier(Protocol):
    """Verifies what a consumer received."""

    def verify(self, request: Request) -> None:
        """Returns where the signature holds. Raises `SignatureError`."""


class SignatureError(Exception):
    """The signature does not hold; `str()` says why."""


def _jwt() -> Any:
    try:
        import jwt
    except ImportError:
        raise UsageError("Signatures need PyJWT with cryptography.", install("signing")) from None
    return jwt


def _digest(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


class RsaSigner:
    """Inferred: an RS256 JWT over the digest of the body, in a header."""

    def __init__(self, private_key: str | bytes, header: str = "X-Signature") -> None:
        self._key = private_key
        self._header = header

    def sign(self, request: Request) -> Request:
        """The request with a token in its header."""
        token = _jwt().encode({"body_sha256": _digest(request.body)}, self._key, algorithm=ALGORITHM)
        return replace(request, headers={**request.headers, self._header: token})


class RsaVerifier:
    """Inferred: verifies what `RsaSigner` signs; refuses every algorithm but RS256, `none` and HMAC among them."""

    def __init__(self, public_key: str | bytes, header: str = "X-Signature") -> None:
        self._key = public_key
        self._header = header

    def verify(self, request: Request) -> None:
        """Returns where the token is signed by the key, and is about this body. Raises `SignatureError`."""
        jwt = _jwt()
        token = next((v for n, v in request.headers.items() if n.lower() == self._header.lower()), None)
        if token is None:
            raise SignatureError(f"there is no header {self._header}")
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except jwt.PyJWTError as error:
            raise SignatureError(f"the token does not hold: {error}") from None
        if claims.get("body_sha256") != _digest(request.body):
            raise SignatureError("the token is about another body")
