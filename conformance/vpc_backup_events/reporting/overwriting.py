"""What may be written over: a report of an earlier run, but no input."""

from __future__ import annotations

import json

from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import PROFILES

__all__ = ["is_report", "overwritten"]

# so much of a file is read to tell what it is
_LONGEST = 64 * 1024 * 1024
# what every report has as JSON
_MEMBERS = {"ok", "profile", "summary", "findings"}


def overwritten(path: str) -> UsageError:
    """What is wrong where a report is to be written to an input."""
    return UsageError(f"{path} is an input and would be overwritten by the report.", "Name another --output.")


def is_report(path: str) -> bool:
    """Whether a file is a report of an earlier run: as JSON, as SARIF, or as text with its summary; or empty."""
    try:
        with open(path, "rb") as file:
            text = file.read(_LONGEST).decode("utf-8", "replace")
        document = json.loads(text) if text.startswith("{") else None
    except (OSError, ValueError, RecursionError):
        return False
    if isinstance(document, dict):
        return document.keys() >= _MEMBERS or "runs" in document
    return not text or any(f"({profile} profile): " in text for profile in PROFILES)
