"""How grave a finding is, by which profile, and in which order: the gravest level first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

__all__ = ["LEVELS", "PROFILES", "Level", "Profile", "number", "rank", "worst"]

Level = Literal["error", "warning", "note"]
Profile = Literal["documented", "strict"]

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
PROFILES: tuple[Profile, ...] = ("documented", "strict")

_RANKS: dict[str, int] = {level: place for place, level in enumerate(LEVELS)}


def rank(level: str) -> int:
    """The place of a level in a list with the gravest first; raises `KeyError` for any other word."""
    return _RANKS[level]


def worst(levels: Iterable[Level]) -> Level:
    """The gravest of the levels; raises `ValueError` where there is none."""
    return min(levels, key=rank)


def number(count: int, noun: str, separator: str = ",") -> str:
    """A number of things, such as `1 event` and `2 events`; the separator stands between thousands."""
    return f"{count:{separator}} {noun}" if count == 1 else f"{count:{separator}} {noun}s"
