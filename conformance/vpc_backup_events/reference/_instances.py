"""What an instance of Event Notifications holds, and how the API shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vpc_backup_events.reference._connection import Connection, registration

__all__ = ["Instance", "Resource", "shown"]

Resource = dict[str, Any]
HIDDEN = "***"


@dataclass(slots=True)
class Instance:
    """Everything of one instance, by id, oldest first; resources are as they were written, with ids and times."""

    id: str
    sources: dict[str, Resource] = field(default_factory=dict)
    topics: dict[str, Resource] = field(default_factory=dict)
    destinations: dict[str, Resource] = field(default_factory=dict)
    subscriptions: dict[str, Resource] = field(default_factory=dict)
    #: results of tests of destinations
    results: dict[str, Resource] = field(default_factory=dict)

    def connections(self) -> Iterable[Connection]:
        """The Backup sources of the instance."""
        return (
            Connection(self.id, registration(source["source"]))
            for source in self.sources.values()
            if "source" in source
        )

    def named(self, ibmensourceid: Any) -> Resource | None:
        """The source that an event names, by its id or by the CRN under which it is registered."""
        for source in self.sources.values():
            if ibmensourceid in (source["id"], source.get("source")):
                return source
        return None

    def topics_with(self, source: Resource) -> list[Resource]:
        """The topics that have the source."""
        return [topic for topic in self.topics.values() if _routes(topic, source["id"])]

    def webhooks_of(self, topics: Iterable[Resource]) -> list[Resource]:
        """The destinations that get the events of the topics."""
        ids = {topic["id"] for topic in topics}
        subscriptions = [entry for entry in list(self.subscriptions.values()) if entry["topic_id"] in ids]
        targets = {entry["destination_id"] for entry in subscriptions}
        return [destination for id, destination in list(self.destinations.items()) if id in targets]

    def resources(self, kind: str) -> dict[str, Resource]:
        """The resources of a kind, by id: source, topic, destination or subscription."""
        resources: dict[str, Resource] = getattr(self, f"{kind}s")
        return resources

    def forget(self, kind: str, id: str) -> None:
        """Deletes a resource, and what can't be without it."""
        del self.resources(kind)[id]
        for topic in self.topics.values():
            topic["sources"] = [route for route in topic["sources"] if route["id"] in self.sources]
        for subscription in list(self.subscriptions.values()):
            if subscription["topic_id"] not in self.topics or subscription["destination_id"] not in self.destinations:
                del self.subscriptions[subscription["id"]]

    # -- how the API shows a resource

    def source(self, source: Resource) -> Resource:
        """As `get_source` has it."""
        names = [topic["name"] for topic in self.topics_with(source)]
        return {**self.source_item(source), "topic_names": names}

    def source_item(self, source: Resource) -> Resource:
        """As a list has it."""
        count = len(self.topics_with(source))
        return {**_only(source, SOURCE, "updated_at"), "type": "api", "topic_count": count}

    def topic(self, topic: Resource) -> Resource:
        """As `get_topic` has it."""
        mine = [entry for entry in self.subscriptions.values() if entry["topic_id"] == topic["id"]]
        sources = [{**route, "name": self.sources[route["id"]]["name"]} for route in topic["sources"]]
        return {
            **_only(topic, NAMED, "updated_at"),
            "source_count": len(sources),
            "sources": sources,
            "subscription_count": len(mine),
            "subscriptions": [self.subscription_item(entry) for entry in mine],
        }

    def topic_item(self, topic: Resource) -> Resource:
        """As a list has it."""
        full = self.topic(topic)
        names = [source["name"] for source in full["sources"]]
        return {**_only(full, NAMED, "source_count", "subscription_count"), "sources_names": names}

    def destination(self, destination: Resource) -> Resource:
        """As `get_destination` has it."""
        return {**self.destination_item(destination), "config": shown(destination["config"])}

    def destination_item(self, destination: Resource) -> Resource:
        """As a list has it."""
        mine = [entry for entry in self.subscriptions.values() if entry["destination_id"] == destination["id"]]
        return {
            **_only(destination, DESTINATION, "updated_at"),
            "subscription_count": len(mine),
            "subscription_names": [entry["name"] for entry in mine],
        }

    def subscription(self, subscription: Resource) -> Resource:
        """As `get_subscription` has it."""
        attributes = {"signing_enabled": False, **subscription["attributes"], "add_notification_payload": False}
        return {**self.subscription_item(subscription), "attributes": attributes}

    def subscription_item(self, subscription: Resource) -> Resource:
        """As a list has it."""
        destination = self.destinations[subscription["destination_id"]]
        return {
            **_only(subscription, NAMED, "destination_id", "topic_id", "updated_at"),
            "destination_name": destination["name"],
            "destination_type": destination["type"],
            "topic_name": self.topics[subscription["topic_id"]]["name"],
        }


NAMED = ("id", "name", "description")
SOURCE = (*NAMED, "enabled", "store_notifications")
DESTINATION = (*NAMED, "type", "collect_failed_events")


def shown(config: Mapping[str, Any]) -> Resource:
    """A configuration without the values of sensitive headers."""
    params = dict(config["params"])
    sensitive = {name.lower() for name in params.get("sensitive_headers", ())}
    if "custom_headers" in params:
        headers = params["custom_headers"].items()
        params["custom_headers"] = {name: HIDDEN if name.lower() in sensitive else value for name, value in headers}
    return {**config, "params": params}


def _routes(topic: Resource, source_id: str) -> bool:
    """Whether the topic has the source."""
    return any(route["id"] == source_id for route in topic["sources"])


def _only(resource: Resource, names: Iterable[str], *more: str) -> Resource:
    return {name: resource[name] for name in (*names, *more)}
