"""Sending events, and receiving them."""

from __future__ import annotations

from typing import Any

from api_parts import JSON, Node, carries, content, record, ref, requires, responses, schema, text
from event_notifications.examples import NOTIFICATION
from event_notifications.operations import BODY, ON_INSTANCE, ROOT, ok, operation
from vpc_backup_events import catalog
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.spec.schemas import schema as event_schema


def schemas() -> dict[str, Node]:
    types = list(catalog.event_types.values())
    # one file that holds them all: they refer to each other by $id, which only there can be resolved without a registry
    files = {kind.type: f"../bundle.schema.json#/$defs/{PREFIX}event:{kind.name}" for kind in types}
    return {
        "Event": {
            "description": "An event of Backup for VPC, one of the four types.",
            "oneOf": [{"$ref": file} for file in files.values()],
            "discriminator": {"propertyName": "type", "mapping": files},
        },
        "NotificationAccepted": requires(
            record(
                "An event that was accepted.",
                {
                    "notification_id": carries(
                        text("Id of this acceptance; another one each time.", 1, examples=[NOTIFICATION]),
                        "P35-notification-id",
                    )
                },
            ),
            notification_id="P35-notification-id",
        ),
    }


def paths() -> Node:
    """The operations, by path."""
    return {
        f"{ROOT}/notifications": {
            "parameters": [ON_INSTANCE],
            "post": operation(
                "send_notifications",
                "Send an event",
                "Sends one event. The body is the event, of either media type; in binary mode the attributes are ce-* "
                "headers and the body is data, which this description can't say.",
                {
                    "202": ok(
                        "The event was accepted.",
                        "NotificationAccepted",
                        {"notification_id": NOTIFICATION},
                        "P35-accepted",
                        "P35-new-notification-id",
                        "P35-resend",
                        "P35-resend-notification-id",
                    ),
                    **responses({**BODY, 422: "Unprocessable"}),
                },
                "P35-path",
                "P35-broken-event",
                "P35-broken-event-status",
                "P35-broken-attribute",
                "P35-disabled-source",
                "P35-entry-per-error",
                "P35-null-body",
                "P35-null-body-status",
                "P35-structured",
                "P35-binary",
                "P35-size",
                tag="notifications",
                requestBody={
                    "description": "The event.",
                    "required": True,
                    "content": {
                        media: content(schema("Event"), event())[JSON]
                        for media in (JSON, "application/cloudevents+json")
                    },
                },
            ),
        },
        f"{ROOT}/notifications/{{id}}": {
            "parameters": [ON_INSTANCE, ref("parameters", "notification_id")],
            "get": operation(
                "get_notifications_status",
                "Get the result of a test",
                "Gets the result of a test of a destination, for about a minute; no receipt of other events.",
                {
                    "200": ok(
                        "The result.",
                        "NotificationStatus",
                        {"status": "success", "details": {"status_code": 204, "status_message": "No Content"}},
                    )
                },
                tag="notifications",
            ),
        },
    }


def event() -> Any:
    """The example of the first event type."""
    return event_schema(f"{PREFIX}event:{next(iter(catalog.event_types.values())).name}")["examples"][0]


def webhooks() -> Node:
    """What a webhook destination receives: the same message as that of the AsyncAPI description."""
    delivery = {
        "operationId": "receive_event",
        "summary": "Take an event",
        "description": "Event Notifications calls the URL of a webhook destination for each event of its topics. No "
        "page says which of the modes of CloudEvents it uses.",
        "tags": ["notifications"],
        "security": [],
        "requestBody": {
            "description": "The event.",
            "required": True,
            "content": {
                media: content(schema("Event"), event(), media)[media]
                for media in ("application/cloudevents+json", JSON)
            },
        },
        "responses": {
            "204": {"description": "The event was taken; any other status of 2xx says the same."},
            "400": {"description": "The event was refused; any other status of 4xx says the same."},
        },
        "x-requirements": ["P25-structured", "P25-json", "P25-in-time"],
    }
    return {"failed-backup-job": {"post": delivery}}
