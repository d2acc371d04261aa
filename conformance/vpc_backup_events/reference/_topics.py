"""Topics of the reference service: which sources they take, and which events of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from starlette.responses import Response

from vpc_backup_events.authoring.filters import Filter, parse
from vpc_backup_events.reference._answers import answer, refuse
from vpc_backup_events.reference._instances import Instance, Resource
from vpc_backup_events.reference._pages import resource
from vpc_backup_events.reference._resources import Resources, members_of
from vpc_backup_events.reference._service import Call
from vpc_backup_events.values.errors import KitError

__all__ = ["Topics", "topics_of"]

_EXPRESSIONS = ("event_type_filter", "notification_filter")


class Topics(Resources):
    """Creates and replaces topics."""

    def create_topic(self, call: Call) -> Response:
        """Creates a topic."""
        instance = self._instance(call)
        topic = {"description": "", **call.body, "id": self._ids(), **self._times()}
        topic["sources"] = self._routes(instance, call.body)
        instance.topics[topic["id"]] = topic
        return answer(201, {name: topic[name] for name in ("id", "name", "description", "created_at")})

    def replace_topic(self, call: Call) -> Response:
        """Replaces everything but the id."""
        instance = self._instance(call)
        topic = resource(call, instance.topics)
        members = {"description": "", **call.body, "sources": self._routes(instance, call.body)}
        self._change(topic, members_of(members, "name", "description", "sources"))
        return answer(200, instance.topic(topic))

    def _routes(self, instance: Instance, body: Mapping[str, Any]) -> list[Resource]:
        return _routes_of(instance, body, self._ids, self._times()["updated_at"])


def _routes_of(instance: Instance, body: Mapping[str, Any], ids: Callable[[], str], now: str) -> list[Resource]:
    """The sources of a topic, their rules with ids; refuses unknown sources, and filters that are none."""
    routes = []
    for source in body.get("sources", ()):
        if source["id"] not in instance.sources:
            raise refuse(400, "wrong_source_id", "Incorrect source id")
        rules = []
        for rule in source["rules"]:
            for expression in _expressions(rule):
                _require_filter(expression)
            rules.append({"enabled": True, **rule, "id": ids(), "updated_at": now})
        routes.append({"id": source["id"], "rules": rules})
    return routes


def topics_of(instance: Instance, source: Resource | None, event: Mapping[str, Any]) -> list[Resource]:
    """The topics that take an event of the source; none where the source is unknown or disabled."""
    if source is None or not source["enabled"]:
        return []
    return [topic for topic in list(instance.topics.values()) if _takes(topic, source["id"], event)]


def _takes(topic: Resource, source_id: str, event: Mapping[str, Any]) -> bool:
    routes = [route for route in topic["sources"] if route["id"] == source_id]
    if not routes:
        return False
    rules = [rule for route in routes for rule in route["rules"]]
    return not rules or any(_lets_through(rule, event) for rule in rules)


def _lets_through(rule: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    return rule["enabled"] and all(_filter(expression).matches(event) for expression in _expressions(rule))


def _expressions(rule: Mapping[str, Any]) -> list[str]:
    return [rule[name] for name in _EXPRESSIONS if rule.get(name)]


def _require_filter(expression: str) -> None:
    try:
        is_refused = _filter(expression).refused
    except KitError as error:
        raise refuse(400, "unknown_filter", f"A filter is not understood. {error.message}") from None
    if is_refused:
        raise refuse(400, "unknown_filter", "A regular expression of a filter is not RE2.")


@lru_cache(256)
def _filter(expression: str) -> Filter:
    return parse(expression)
