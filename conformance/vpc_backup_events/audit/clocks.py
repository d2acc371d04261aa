"""Days and times of day, as texts of events have them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

# where the day and what follows it stand in a time, and the characters of one without a fraction
DAY, MINUTE, SECOND = slice(0, 10), slice(10, 16), slice(16, 19)
SIZE = 19
# all that there are: to look into them is quicker than a pattern
MINUTES = frozenset(b"T%02d:%02d" % (hour, minute) for hour in range(24) for minute in range(60))
SECONDS = frozenset(b":%02d" % second for second in range(60))
FRACTION = re.compile(rb"\.[0-9]+")
# days that are counted; what is far from them is no time of a backup
_DAY = re.compile(r"(?:19[7-9]|20\d|21\d)\d-\d\d-\d\d", re.ASCII)


def day_of(time: Any) -> bytes:
    """The day that a time names, as it is written, or nothing where there is no such day."""
    if not isinstance(time, str) or not _DAY.fullmatch(time[DAY]):
        return b""
    try:
        return date.fromisoformat(time[DAY]).isoformat().encode()
    except ValueError:
        return b""


@lru_cache(10_000)
def day(text: bytes) -> bytes:
    """The day in the text, or nothing."""
    return day_of(text.decode("ascii", "replace"))
