"""Days and times of day, as texts of events have them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

# characters of a day, and of a time without a fraction
DAY_SIZE, TIME_SIZE = 10, 19
CLOCK = re.compile(rb"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d")
# days that are counted; what is far from them is no time of a backup
_DAY = re.compile(r"(?:19[7-9]|20\d|21\d)\d-\d\d-\d\d", re.ASCII)


def day_of(time: Any) -> bytes:
    """The day that a time names, as it is written, or nothing where there is no such day."""
    if not isinstance(time, str) or not _DAY.fullmatch(time[:DAY_SIZE]):
        return b""
    try:
        return date.fromisoformat(time[:DAY_SIZE]).isoformat().encode()
    except ValueError:
        return b""


class Clocks:
    """Days and times of day that were looked at, so that each is looked at once."""

    def __init__(self) -> None:
        self.days: dict[bytes, bytes] = {}
        self.times: set[bytes] = set()

    def day(self, text: bytes) -> bytes:
        """The day in the text, or nothing."""
        day = self.days.get(text)
        if day is None:
            day = self.days[text] = day_of(text.decode("ascii", "replace"))
        return day

    def is_time(self, text: bytes) -> bool:
        """Whether the text is a time of day."""
        if text in self.times:
            return True
        if CLOCK.fullmatch(text):
            self.times.add(text)
            return True
        return False
