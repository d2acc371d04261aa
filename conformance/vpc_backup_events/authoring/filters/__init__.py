"""Topic filters of Event Notifications: read, applied to events, and judged for what they let through."""

from __future__ import annotations

from vpc_backup_events.authoring.filters.model import Condition, Filter, FilterError
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install

__all__ = ["Condition", "Filter", "FilterError", "parse"]


def parse(expression: str) -> Filter:
    """The filter that the expression is.

    Raises `FilterError` where it is none, with the place; `UsageError` where python-jsonpath is not installed.
    """
    try:
        from vpc_backup_events.authoring.filters import _language
    except ImportError as error:
        if not (error.name or "").startswith("jsonpath"):
            raise
        raise UsageError("Filters need python-jsonpath.", install("filters")) from error
    return _language.parse(expression)
