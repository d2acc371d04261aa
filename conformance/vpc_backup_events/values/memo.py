"""Answers that are remembered, as events ask the same of the same few texts again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

__all__ = ["forget", "memo"]

Function = TypeVar("Function", bound=Callable[..., Any])

_forgetters: list[Callable[[], None]] = []


def memo(function: Function, most: int = 256) -> Function:
    """The function, which remembers `most` answers: nothing keeps events from having ever other texts."""
    cached: Any = lru_cache(most)(function)
    _forgetters.append(cached.cache_clear)
    return cached  # type: ignore[no-any-return]


def forget() -> None:
    """Forgets every answer: what a very large event asked must not stay in memory."""
    for clear in _forgetters:
        clear()
