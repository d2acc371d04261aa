"""P20: what is a secret, and where it may hide."""

from __future__ import annotations

import re

from oracle.grammar import is_empty
from oracle.jsontext import Broken, Members, Reader

NAMES = [
    "apikey",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "clientsecret",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "iamtoken",
    "bearer",
    "authorization",
    "credential",
    "credentials",
    "privatekey",
]
PATTERNS = [
    # the ledger: 20 characters, or 6 with a digit, or nothing but the token
    re.compile(r"(?<![A-Za-z0-9_-])(?i:bearer)\s+[A-Za-z0-9._~+/-]{20,}"),
    re.compile(r"(?<![A-Za-z0-9_-])(?i:bearer)\s+(?=[A-Za-z._~+/-]*[0-9])[A-Za-z0-9._~+/-]{6,}"),
    re.compile(r"^\s*(?i:bearer)\s+[A-Za-z0-9._~+/-]{6,}=*\s*\Z"),
    re.compile(r"(?i:authorization:\s*bearer)\s+[A-Za-z0-9._~+/-]+"),
    re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"),
    re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    re.compile(r"[A-Za-z0-9+.-]://[^/?#\s@:]*:[^/?#\s@]+@"),
]


def is_secret_name(name):
    return name.lower().replace("-", "").replace("_", "") in NAMES


def inside(text):
    """The JSON object or array in a string (the ledger: "at any depth" goes on there), or None."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return Reader(text).read()
    except Broken:
        return None


def has_text(value):
    """Whether a non-empty string stands in the value, at any depth."""
    if isinstance(value, str):
        return not is_empty(value)
    if isinstance(value, Members):
        return any(has_text(inner) for _, inner in value)
    return isinstance(value, list) and any(map(has_text, value))


def holds_secret(value):
    """Whether a secret stands anywhere in the value, at any depth, in names or values."""
    if isinstance(value, str):
        return any(pattern.search(value) for pattern in PATTERNS) or holds_secret(inside(value))
    if isinstance(value, Members):
        return any(
            holds_secret(name) or holds_secret(inner) or (is_secret_name(name) and has_text(inner))
            for name, inner in value
        )
    return isinstance(value, list) and any(holds_secret(inner) for inner in value)
