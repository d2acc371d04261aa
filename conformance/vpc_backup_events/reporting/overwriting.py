"""What may be written over: a report or a table of an earlier run, but no input."""

from __future__ import annotations

import json
import os

from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import PROFILES

__all__ = ["TABLE_MARK", "is_report", "overwritten"]

# stands near the end of a Parquet file that `audit` kept
TABLE_MARK = "vpc_backup_events"

# so much of a file is read to tell what it is
_LONGEST = 64 * 1024 * 1024
_PARQUET = b"PAR1"
# so much of a Parquet file holds what it says of itself
_FOOTER = 64 * 1024
# what every report has as JSON
_MEMBERS = {"ok", "profile", "summary", "findings"}


def overwritten(path: str) -> UsageError:
    """What is wrong where a report is to be written to an input."""
    return UsageError(f"{path} is an input and would be overwritten by the report.", "Name another --output.")


def is_report(path: str) -> bool:
    """Whether a file is a report of an earlier run: JSON, SARIF, or text with its summary; a table; or empty."""
    try:
        with open(path, "rb") as file:
            if file.read(len(_PARQUET)) == _PARQUET:
                file.seek(-min(_FOOTER, os.path.getsize(path)), os.SEEK_END)
                return TABLE_MARK.encode() in file.read()
            file.seek(0)
            text = file.read(_LONGEST).decode("utf-8", "replace")
        document = json.loads(text) if text.startswith("{") else None
    except (OSError, ValueError, RecursionError):
        return False
    if isinstance(document, dict):
        return document.keys() >= _MEMBERS or "runs" in document
    return not text or any(f"({profile} profile): " in text for profile in PROFILES)
