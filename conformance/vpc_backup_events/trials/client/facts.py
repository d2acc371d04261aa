"""What a client is given: where to register which source, with which token."""

from __future__ import annotations

import re

from vpc_backup_events.trials.account import source_crn

__all__ = ["INSTANCE_CRN_FORM", "SOURCE", "SOURCE_CRN_FORM", "TOKEN", "without_token"]

TOKEN = "eyJ-loopback-0a1b2c3d4e5f"
SOURCE = source_crn()
SOURCE_CRN_FORM = re.compile(r"crn:v1:[^:]*:[^:]*:is:[^:]*:a/[^:]+:[^:]*:backup-policy:(?P<last>[^:]*)\Z")
INSTANCE_CRN_FORM = re.compile(
    r"crn:v1:[^:]*:[^:]*:event-notifications:[^:]*:a/[^:]+:(?P<instance>[^:]+):[^:]*:[^:]*\Z"
)


def without_token(text: str) -> str:
    """The text without the token that the client was given."""
    return text.replace(TOKEN, "(token)")
