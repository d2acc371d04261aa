"""The API of Event Notifications as far as Backup for VPC needs it: `document()`."""

from __future__ import annotations

from api_parts import (
    IAM_TOKEN,
    LARGEST,
    Node,
    carries,
    carrying,
    head,
    integer,
    parameter,
    retry_after,
    server,
    text,
    uuid,
)
from event_notifications import destinations, notifications, sources, subscriptions, tokens, topics
from event_notifications.errors import HELP, error, error_responses
from event_notifications.examples import DESTINATION, INSTANCE, NOTIFICATION, SOURCE, SUBSCRIPTION, TOPIC
from event_notifications.pages import page

IDS = {
    "topic": TOPIC,
    "destination": DESTINATION,
    "subscription": SUBSCRIPTION,
    "notification": NOTIFICATION,
}
LISTS = {"Source": "sources", "Topic": "topics", "Destination": "destinations", "Subscription": "subscriptions"}
PARTS = (sources, topics, destinations, subscriptions, notifications, tokens)


def parameters() -> Node:
    return {
        "instance_id": parameter(
            "instance_id", "path", carries(uuid("GUID of the instance.", INSTANCE), "P31-instance-id"), INSTANCE
        ),
        "source_id": parameter(
            "id", "path", text("Id of the source; a colon arrives as it is or as %3A.", 1, 100), SOURCE
        ),
        **{f"{kind}_id": parameter("id", "path", text(f"Id of the {kind}.", 1, 100), id) for kind, id in IDS.items()},
        "limit": parameter(
            "limit",
            "query",
            carrying(
                integer("How many entries a page has at most.", minimum=1, maximum=100, default=10),
                minimum="P34-limit-low",
                maximum="P34-limit-high",
            ),
        ),
        "offset": parameter(
            "offset",
            "query",
            carrying(
                integer("How many entries to leave out.", minimum=0, maximum=LARGEST, default=0),
                minimum="P34-offset-negative",
            ),
        ),
        "search": parameter("search", "query", text("Only entries whose name has this in it.", 0, 100)),
        "include": parameter("include", "query", text("What to include; not documented further.", 0, 20)),
    }


def document() -> Node:
    """The OpenAPI document."""
    paths: Node = {}
    schemas: Node = {"Error": error()}
    for part in PARTS:
        paths |= part.paths()
        schemas |= part.schemas()
    for name, kind in LISTS.items():
        schemas[f"{name}List"] = page(kind, f"{name}Item")
    return {
        **head(
            "Event Notifications for IBM Cloud Backup for VPC",
            "The operations that connect Backup for VPC to Event Notifications, send its events, and route them to "
            "webhooks. Written from IBM's documentation and clients; IBM publishes no description.",
            ("The API of Event Notifications", HELP),
            server(
                "https://{region}.event-notifications.cloud.ibm.com/event-notifications",
                **{"x-requirements": ["P32-base", "P32-serves-base"]},
            ),
            {
                "sources": "Where events come from.",
                "topics": "Which events are taken.",
                "destinations": "Where events go.",
                "subscriptions": "Which destination gets the events of which topic.",
                "notifications": "Sending events.",
                "token": "The IAM token of all other calls.",
            },
        ),
        "paths": paths,
        "webhooks": notifications.webhooks(),
        "components": {
            "securitySchemes": {"IAM": {**IAM_TOKEN, "x-requirements": ["P31-bearer"]}},
            "parameters": parameters(),
            "headers": {
                "RetryAfter": {**retry_after(True), "x-requirements": ["P34-too-many-retry-after"]},
                "RetryAfterIfKnown": retry_after(False),
            },
            "responses": error_responses(),
            "schemas": schemas,
        },
    }
