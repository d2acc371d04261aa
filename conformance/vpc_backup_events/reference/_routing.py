"""Which topics of an instance take an event: the filters of their rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from vpc_backup_events.authoring.filters import Filter, parse
from vpc_backup_events.reference._answers import refuse
from vpc_backup_events.reference._instances import Instance, Resource
from vpc_backup_events.values.errors import KitError

__all__ = ["require_filters", "topics_of"]

_EXPRESSIONS = ("event_type_filter", "notification_filter")


def topics_of(instance: Instance, source: Resource | None, event: Mapping[str, Any]) -> list[Resource]:
    """The topics that take an event of the source; none where the source is unknown or disabled."""
    if source is None or not source["enabled"]:
        return []
    topics = instance.topics_with(source)
    return [topic for topic in topics if _takes(topic, source["id"], event)]


def require_filters(rule: Mapping[str, Any]) -> None:
    """Refuses a rule whose filters are none."""
    for expression in _expressions(rule):
        try:
            is_refused = _filter(expression).refused
        except KitError as error:
            raise refuse(400, "unknown_filter", f"A filter is not understood. {error.message}") from None
        if is_refused:
            raise refuse(400, "unknown_filter", "A regular expression of a filter is not RE2.")


def _takes(topic: Resource, source_id: str, event: Mapping[str, Any]) -> bool:
    rules = [rule for route in topic["routes"] if route["id"] == source_id for rule in route["rules"]]
    return not rules or any(_lets_through(rule, event) for rule in rules)


def _lets_through(rule: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    return rule["enabled"] and all(_filter(expression).matches(event) for expression in _expressions(rule))


def _expressions(rule: Mapping[str, Any]) -> list[str]:
    return [rule[name] for name in _EXPRESSIONS if rule.get(name)]


@lru_cache(256)
def _filter(expression: str) -> Filter:
    return parse(expression)
