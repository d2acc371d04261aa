"""Topic filters of Event Notifications: read, applied to events, and explained by what they let through."""

from __future__ import annotations

from vpc_backup_events.authoring.filters import Condition, Filter, FilterError, parse
from vpc_backup_events.authoring.filters.review import Explained, explain

__all__ = ["Condition", "Explained", "Filter", "FilterError", "explain", "parse"]
