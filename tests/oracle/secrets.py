"""P20: what is a secret, and where it may hide."""

from __future__ import annotations

import re

from oracle.grammar import is_empty
from oracle.jsontext import Members

NAMES = (
    "apikey password passwd passphrase secret clientsecret token accesstoken refreshtoken idtoken iamtoken bearer "
    "authorization credential credentials privatekey"
).split()
PATTERNS = [
    re.compile(r"(?i:\bbearer)[ \t]+[A-Za-z0-9._~+/-]{16,}=*"),
    re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"),
    re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s@:]*:[^/?#\s@]+@[^/?#\s]"),
]


def is_secret_name(name):
    return name.lower().replace("-", "").replace("_", "") in NAMES


def holds_secret(value):
    """Whether a secret stands anywhere in the value, at any depth, in names or values."""
    if isinstance(value, str):
        return any(pattern.search(value) for pattern in PATTERNS)
    if isinstance(value, Members):
        return any(
            holds_secret(name)
            or holds_secret(inner)
            or (is_secret_name(name) and isinstance(inner, str) and not is_empty(inner))
            for name, inner in value
        )
    return isinstance(value, list) and any(holds_secret(inner) for inner in value)
