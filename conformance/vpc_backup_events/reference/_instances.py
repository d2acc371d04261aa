"""What an instance of Event Notifications holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Instance", "Resource"]

Resource = dict[str, Any]


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

    def source_of(self, ibmensourceid: Any) -> Resource | None:
        """The source that an event names, by its id or by the CRN under which it is registered."""
        for source in self.sources.values():
            if ibmensourceid in (source["id"], source.get("source")):
                return source
        return None

    # lists below are of copies, as topics and destinations may be asked for in one thread and changed in another

    def topics_with(self, source: Resource) -> list[Resource]:
        """The topics that have the source."""
        topics = list(self.topics.values())
        return [topic for topic in topics if any(route["id"] == source["id"] for route in topic["routes"])]

    def subscriptions_with(self, member: str, resource: Resource) -> list[Resource]:
        """The subscriptions of a topic, by their member `topic_id`, or of a destination, by `destination_id`."""
        subscriptions = list(self.subscriptions.values())
        return [subscription for subscription in subscriptions if subscription[member] == resource["id"]]

    def webhooks_of(self, topics: Iterable[Resource]) -> list[Resource]:
        """The destinations that get the events of the topics."""
        ids = {topic["id"] for topic in topics}
        subscriptions = [entry for entry in list(self.subscriptions.values()) if entry["topic_id"] in ids]
        targets = {entry["destination_id"] for entry in subscriptions}
        return [destination for id, destination in list(self.destinations.items()) if id in targets]

    def resources(self, plural: str) -> dict[str, Resource]:
        """The resources of a kind, by id: sources, topics, destinations or subscriptions."""
        resources: dict[str, Resource] = getattr(self, plural)
        return resources

    def forget(self, plural: str, id: str) -> None:
        """Deletes a resource, and what can't be without it."""
        del self.resources(plural)[id]
        for topic in self.topics.values():
            topic["routes"] = [route for route in topic["routes"] if route["id"] in self.sources]
        for subscription in list(self.subscriptions.values()):
            if subscription["topic_id"] not in self.topics or subscription["destination_id"] not in self.destinations:
                del self.subscriptions[subscription["id"]]
