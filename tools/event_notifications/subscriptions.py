"""Which destination gets the events of which topic."""

from __future__ import annotations

from api_parts import Node, boolean, date_time, record, text, uuid
from event_notifications.examples import (
    DESTINATION,
    RULE,
    SUBSCRIPTION,
    SUBSCRIPTION_BODY,
    SUBSCRIPTION_ITEM,
    SUBSCRIPTION_READ,
    TOPIC,
)
from event_notifications.operations import (
    changes,
    create,
    delete,
    description_of,
    follow,
    get,
    json_body,
    name,
    ok,
    on_all,
    on_one,
)
from event_notifications.pages import lists


def schemas() -> dict[str, Node]:
    attributes = record(
        "Settings of a subscription to a webhook.",
        {
            "signing_enabled": boolean("Whether deliveries are signed.", False),
            "template_id_notification": uuid("Id of a template.", RULE),
        },
        [],
    )
    change = {
        "name": name("subscription", "Backup jobs to on-call", 100),
        "description": description_of("subscription"),
        "attributes": attributes,
    }
    create = {
        "name": name("subscription", "Backup jobs to on-call", 50),
        "description": description_of("subscription"),
        "destination_id": uuid("Where to.", DESTINATION),
        "topic_id": uuid("From which topic.", TOPIC),
        "attributes": attributes,
    }
    read = {
        "id": uuid("Id of the subscription.", SUBSCRIPTION),
        "name": name("subscription", "Backup jobs to on-call", 100),
        "description": text("Description of the subscription."),
        "destination_id": uuid("Where to.", DESTINATION),
        "destination_name": text("Name of the destination."),
        "destination_type": text("Kind of the destination.", 1, examples=["webhook"]),
        "topic_id": uuid("From which topic.", TOPIC),
        "topic_name": text("Name of the topic."),
        "updated_at": date_time("When it was last changed."),
    }
    shown = {**attributes["properties"], "add_notification_payload": boolean("Always false for a webhook.", False)}
    settings = record("Settings of a subscription to a webhook.", shown, [])
    return {
        "SubscriptionCreate": record("A subscription to create.", create, ["name", "destination_id", "topic_id"]),
        "SubscriptionUpdate": record("What to change of a subscription.", change, []),
        "SubscriptionItem": record("A subscription in a list.", read),
        "Subscription": record("A subscription.", {**read, "attributes": settings}, list(read)),
    }


def paths() -> Node:
    """The operations, by path."""
    answer = ok(
        "The subscription that was created.",
        "Subscription",
        SUBSCRIPTION_READ,
        **follow("subscription", "get", "update", "delete"),
    )
    description = "Creates a subscription: a destination gets the events of a topic."
    body = json_body("SubscriptionCreate", SUBSCRIPTION_BODY, "The subscription.")
    change = json_body("SubscriptionUpdate", {"description": "Failed backup jobs"}, "What to change.")
    return {
        **on_all(
            "subscription",
            post=create("subscription", description, answer, body),
            get=lists("subscriptions", SUBSCRIPTION_ITEM),
        ),
        **on_one(
            "subscription",
            get=get("subscription", SUBSCRIPTION_READ),
            patch=changes("update", "subscription", change, SUBSCRIPTION_READ),
            delete=delete("subscription"),
        ),
    }
