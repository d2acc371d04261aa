"""Numbers on the command line, each within its bounds."""

from __future__ import annotations

import math
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable

# the longest that is waited for anything: a day
_LONGEST = 86_400
_PORTS = 65_535


def _whole(least: int, most: int = sys.maxsize) -> Callable[[str], int]:
    """The type of whole numbers between two, as `1_000`."""

    def whole(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ArgumentTypeError(f"{text!r} is no whole number from {least} to {most:,}")
        return number

    return whole


count = _whole(0)
positive = _whole(1)
# one to listen on; 0 is any that is free
port = _whole(0, _PORTS)


def seconds(text: str) -> float:
    """A span of time, above 0."""
    number = _number(text)
    if not 0 < number <= _LONGEST:
        raise ArgumentTypeError(f"{text!r} is no number of seconds above 0, up to {_LONGEST:,}")
    return number


def percent(text: str) -> float:
    """A share from 0 to 100."""
    number = _number(text)
    if not 0 <= number <= 100:
        raise ArgumentTypeError(f"{text!r} is no number from 0 to 100")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
