"""Small, exact implementations: a producer, a consumer, Event Notifications, and the VPC API's backup jobs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vpc_backup_events.reference.backup_jobs import backup_jobs_app
    from vpc_backup_events.reference.consumer import consumer_app
    from vpc_backup_events.reference.event_notifications import event_notifications_app
    from vpc_backup_events.reference.producer import build_event
    from vpc_backup_events.reference.server import serve

__all__ = ["backup_jobs_app", "build_event", "consumer_app", "event_notifications_app", "serve"]

_HOME = {
    "backup_jobs_app": "backup_jobs",
    "build_event": "producer",
    "consumer_app": "consumer",
    "event_notifications_app": "event_notifications",
    "serve": "server",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
