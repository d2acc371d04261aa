"""Topic filters of Event Notifications: read, applied to events, and judged for what they let through."""

from __future__ import annotations

from vpc_backup_events.authoring.filters import Condition, Filter, FilterError, parse

__all__ = ["Condition", "Filter", "FilterError", "parse"]
