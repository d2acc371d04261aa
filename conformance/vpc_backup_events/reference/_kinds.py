"""The four kinds of resource of an instance: what a request may make of each, and what answers have of it.

Which members an answer has is what the description says of it; here is only what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.reference._answers import refuse
from vpc_backup_events.reference._instances import Instance, Resource
from vpc_backup_events.reference._routing import require_filters
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description

__all__ = ["Access", "Destinations", "Kind", "Sources", "Subscriptions", "Topics"]

HIDDEN = "***"
# of each kind the first members that answers have
NAMED = {"id": "", "name": "", "description": ""}


@dataclass(slots=True)
class Access:
    """What the account allows; a test may change it at any time."""

    #: account of the instances; None takes it from the CRN of the instance in the request
    account_id: str | None = None
    #: whether the IAM authorization with the Event Source Manager role exists
    authorized: bool = True


class Kind:
    """A kind of resource."""

    #: its member in a list, and its name in paths
    plural: str
    #: schemas of the description: of one, of one in a list, of the answer to its creation, and of a change to it
    whole: str
    item: str
    creation: str
    change: str
    #: what its id ends in
    suffix = ""
    #: a new one of which nothing is said, its members in the order of answers
    blank: Mapping[str, Any] = NAMED

    def members(self, instance: Instance, body: Resource, before: Resource | None) -> Resource:
        """What is kept of a body, which creates one or changes the one before; refuses what can't be."""
        return body

    def view(self, instance: Instance, resource: Resource) -> Resource:
        """Everything that an answer may have of one."""
        return resource

    def excerpt(self, schema: str, instance: Instance, resource: Resource) -> Resource:
        """What a schema has of one."""
        view = self.view(instance, resource)
        properties = _properties(schema)
        return {name: value for name, value in view.items() if name in properties}

    def changes(self, body: Mapping[str, Any]) -> Resource:
        """The members of a body that can be changed."""
        properties = _properties(self.change)
        return {name: value for name, value in body.items() if name in properties}


class Sources(Kind):
    """Sources (positions P31 and P33)."""

    plural = "sources"
    whole, item, creation, change = "Source", "SourceItem", "SourceCreated", "SourceUpdate"
    suffix = ":api"
    blank: Mapping[str, Any] = {**NAMED, "enabled": False, "store_notifications": False}

    def __init__(self, access: Access, instances: Mapping[str, Instance]) -> None:
        self._access = access
        self._instances = instances

    def members(self, instance: Instance, body: Resource, before: Resource | None) -> Resource:
        """The body, where its name is free and Backup for VPC may be connected."""
        if body.get("name") in [source["name"] for source in instance.sources.values() if source is not before]:
            raise refuse(409, "conflict", "Another source has this name.")
        if "source" in body:
            _require_connectable(body, self._access, self._instances.values())
        return body

    def view(self, instance: Instance, resource: Resource) -> Resource:
        """With the topics that have it."""
        names = [topic["name"] for topic in instance.topics_with(resource)]
        return {**resource, "type": "api", "topic_count": len(names), "topic_names": names}


class Topics(Kind):
    """Topics: a change replaces everything."""

    plural = "topics"
    whole, item, creation, change = "Topic", "TopicItem", "TopicCreated", "TopicWrite"

    def __init__(self, subscriptions: Subscriptions, ids: Callable[[], str], now: Callable[[], str]) -> None:
        self._subscriptions = subscriptions
        self._ids = ids
        self._now = now

    def members(self, instance: Instance, body: Resource, before: Resource | None) -> Resource:
        """The body, the rules of its sources with ids; refuses unknown sources, and filters that are none."""
        routes = []
        for source in body.get("sources", ()):
            if source["id"] not in instance.sources:
                raise refuse(400, "wrong_source_id", "Incorrect source id")
            rules = []
            for rule in source["rules"]:
                require_filters(rule)
                rules.append({"enabled": True, **rule, "id": self._ids(), "updated_at": self._now()})
            routes.append({"id": source["id"], "rules": rules})
        return {"name": body["name"], "description": body.get("description", ""), "routes": routes}

    def view(self, instance: Instance, resource: Resource) -> Resource:
        """With the names of its sources, and its subscriptions."""
        sources = [{**route, "name": instance.sources[route["id"]]["name"]} for route in resource["routes"]]
        subscriptions = instance.subscriptions_with("topic_id", resource)
        kind = self._subscriptions
        return {
            **resource,
            "source_count": len(sources),
            "sources": sources,
            "subscription_count": len(subscriptions),
            "sources_names": [source["name"] for source in sources],
            "subscriptions": [kind.excerpt(kind.item, instance, subscription) for subscription in subscriptions],
        }


class Destinations(Kind):
    """Webhook destinations."""

    plural = "destinations"
    whole, item, creation, change = "Destination", "DestinationItem", "DestinationCreated", "DestinationUpdate"
    blank: Mapping[str, Any] = {**NAMED, "type": "", "collect_failed_events": False}

    def members(self, instance: Instance, body: Resource, before: Resource | None) -> Resource:
        """The body, in whose form a truth value is text."""
        if "collect_failed_events" not in body:
            return body
        return {**body, "collect_failed_events": body["collect_failed_events"].lower() == "true"}

    def view(self, instance: Instance, resource: Resource) -> Resource:
        """With its subscriptions, and without the values of sensitive headers."""
        names = [subscription["name"] for subscription in instance.subscriptions_with("destination_id", resource)]
        # the last of the members in answers
        members = dict(resource)
        config = members.pop("config")
        params = dict(config["params"])
        if "custom_headers" in params:
            sensitive = {name.lower() for name in params.get("sensitive_headers", ())}
            headers = params["custom_headers"].items()
            params["custom_headers"] = {name: HIDDEN if name.lower() in sensitive else value for name, value in headers}
        return {
            **members,
            "subscription_count": len(names),
            "subscription_names": names,
            "config": {**config, "params": params},
        }


class Subscriptions(Kind):
    """Subscriptions: a destination gets the events of a topic."""

    plural = "subscriptions"
    whole, item, creation, change = "Subscription", "SubscriptionItem", "Subscription", "SubscriptionUpdate"
    blank: Mapping[str, Any] = {**NAMED, "destination_id": "", "topic_id": "", "attributes": {}}

    def members(self, instance: Instance, body: Resource, before: Resource | None) -> Resource:
        """The body, where there is such a topic and such a destination."""
        for member, resources in (("topic_id", instance.topics), ("destination_id", instance.destinations)):
            if member in body and body[member] not in resources:
                raise refuse(400, "invalid_request", f"{member} names nothing in this instance.")
        return body

    def view(self, instance: Instance, resource: Resource) -> Resource:
        """With the names of what it connects."""
        # the last of the members in answers
        members = dict(resource)
        attributes = members.pop("attributes")
        destination = instance.destinations[resource["destination_id"]]
        return {
            **members,
            "destination_name": destination["name"],
            "destination_type": destination["type"],
            "topic_name": instance.topics[resource["topic_id"]]["name"],
            "attributes": {"signing_enabled": False, **attributes, "add_notification_payload": False},
        }


def _require_connectable(body: Mapping[str, Any], access: Access, instances: Iterable[Instance]) -> None:
    """Refuses a source of Backup for VPC that the account does not allow, or that is connected to an instance."""
    region, owner = _registration(body["source"])
    crn = body.get(INSTANCE_CRN, "")
    account = f"a/{access.account_id}" if access.account_id else crn and crn.split(":")[6]
    if not access.authorized:
        raise refuse(403, "authorization_error", "No authorization with the Event Source Manager role exists.")
    if account and account != owner and not (_is_placeholder(account) or _is_placeholder(owner)):
        raise refuse(403, "authorization_error", "The source belongs to another account.")
    for instance in instances:
        for source in instance.sources.values():
            # whether sources of two regions may be connected to one instance is open (position P33): they are
            if "source" in source and _registration(source["source"]) == (region, owner):
                raise refuse(409, "conflict", "Backup for VPC is connected already, to this instance or to another.")


def _registration(crn: str) -> tuple[str, str]:
    """Region and account of a CRN."""
    segments = crn.split(":")
    return segments[5], segments[6]


def _is_placeholder(account: str) -> bool:
    """Whether it is one that the documentation leaves to the reader: `{{account_id}}`, `<account-id>`."""
    return "{" in account or "<" in account


def _properties(schema: str) -> Mapping[str, Any]:
    """The members that a schema of the description names."""
    schemas = description(EVENT_NOTIFICATIONS).document["components"]["schemas"]
    properties: Mapping[str, Any] = schemas[schema]["properties"]
    return properties
