"""Small, exact implementations: a producer and a consumer."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vpc_backup_events.reference.consumer import consumer_app
    from vpc_backup_events.reference.producer import build_event

__all__ = ["build_event", "consumer_app"]

_HOME = {"build_event": "producer", "consumer_app": "consumer"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
