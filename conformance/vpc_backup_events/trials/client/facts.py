"""What a client is given: where to register which source, with which token."""

from __future__ import annotations

import re

__all__ = [
    "ACCOUNT",
    "BASE",
    "INSTANCE",
    "INSTANCE_CRN",
    "INSTANCE_CRN_FORM",
    "SOURCE",
    "SOURCE_CRN_FORM",
    "TOKEN",
    "without_token",
]

TOKEN = "eyJ-loopback-0a1b2c3d4e5f"
INSTANCE = "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
SOURCE = f"crn:v1:bluemix:public:is:us-south:a/{ACCOUNT}::backup-policy:"
INSTANCE_CRN = f"crn:v1:bluemix:public:event-notifications:us-south:a/{ACCOUNT}:{INSTANCE}::"
BASE = "/event-notifications"
SOURCE_CRN_FORM = re.compile(r"crn:v1:[^:]*:[^:]*:is:[^:]*:a/[^:]+:[^:]*:backup-policy:(?P<last>[^:]*)\Z")
INSTANCE_CRN_FORM = re.compile(
    r"crn:v1:[^:]*:[^:]*:event-notifications:[^:]*:a/[^:]+:(?P<instance>[^:]+):[^:]*:[^:]*\Z"
)


def without_token(text: str) -> str:
    """The text without the token that the client was given."""
    return text.replace(TOKEN, "(token)")
