"""Small, exact implementations: a producer, a consumer, Event Notifications, and the VPC API's backup jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpc_backup_events.values.lazy import homes, lazy_names

if TYPE_CHECKING:
    from vpc_backup_events.reference.backup_jobs import backup_jobs_app
    from vpc_backup_events.reference.consumer import consumer_app
    from vpc_backup_events.reference.event_notifications import event_notifications_app
    from vpc_backup_events.reference.producer import build_event
    from vpc_backup_events.reference.server import serve

__all__ = ["backup_jobs_app", "build_event", "consumer_app", "event_notifications_app", "serve"]

_HOMES = {
    "backup_jobs_app": "backup_jobs",
    "build_event": "producer",
    "consumer_app": "consumer",
    "event_notifications_app": "event_notifications",
    "serve": "server",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, homes(__name__, _HOMES))
