"""Where events go."""

from __future__ import annotations

from api_parts import TIME, Node, array, boolean, count, date_time, link, record, schema, text, uuid
from event_notifications.examples import (
    CONFIG,
    DESTINATION,
    DESTINATION_BODY,
    DESTINATION_HEAD,
    DESTINATION_ITEM,
    NOTIFICATION,
    TESTED,
)
from event_notifications.operations import (
    INSTANCE_OF_REQUEST,
    changes,
    create,
    delete,
    description_of,
    follow,
    form_body,
    get,
    name,
    ok,
    on_all,
    on_one,
    operation,
)
from event_notifications.pages import lists


def schemas() -> dict[str, Node]:
    verbs = ["get", "post", "put", "patch"]
    webhook = record(
        "How the webhook is called.",
        {
            "url": text(
                "Where to; https outside of tests.",
                format="url",
                pattern="^https?://.+$",
                examples=["https://example.com/hook"],
            ),
            "verb": text(
                "Method of the call; documented in both cases.",
                pattern=f"^({'|'.join([*verbs, *(verb.upper() for verb in verbs)])})$",
                examples=["post"],
            ),
            "custom_headers": {
                "type": "object",
                "description": "Headers of every call.",
                "additionalProperties": text("Value of the header."),
                "examples": [{"X-Team": "storage"}],
            },
            "sensitive_headers": array(
                "Names out of custom_headers whose values are never shown.", text("Name of a header.")
            ),
        },
        ["url", "verb"],
    )
    config = record("Configuration of a destination.", {"params": webhook})
    # a linter of IBM's takes no optional array in an answer, and the clients have this one as optional
    shown = {name: node for name, node in webhook["properties"].items() if name != "sensitive_headers"}
    shown_config = record(
        "Configuration of a destination; the values of sensitive headers are hidden.",
        {"params": record("How the webhook is called.", shown, ["url", "verb"])},
    )
    switch = "Whether events that could not be delivered are kept."
    form = {
        "name": name("destination", "On-call webhook"),
        "description": description_of("destination"),
        # each part of a form is text; IBM's Python client writes True
        "collect_failed_events": text(switch, pattern="^([Tt]rue|[Ff]alse)$", examples=["false"]),
        "config": schema("DestinationConfig"),
    }
    kind = text("Kind of the destination; this contract describes webhooks.", enum=["webhook"], examples=["webhook"])
    head = {
        "id": uuid("Id of the destination.", DESTINATION),
        "name": name("destination", "On-call webhook"),
        "description": text("Description of the destination."),
        "type": kind,
        "collect_failed_events": boolean(switch, False),
    }
    read = {
        "updated_at": date_time("When it was last changed."),
        "subscription_count": count("How many subscriptions send to it."),
        "subscription_names": array("Names of those subscriptions.", text("Name of a subscription.")),
    }
    own = ["id", "name", "description", "type"]
    return {
        "DestinationConfig": config,
        "DestinationConfigShown": shown_config,
        "DestinationCreate": record("A destination to create.", {"type": kind, **form}, ["name", "type", "config"]),
        "DestinationUpdate": record("What to change of a destination.", form, []),
        "DestinationCreated": record(
            "A destination that was created.",
            {**head, "config": schema("DestinationConfigShown"), "created_at": date_time("When it was created.")},
            [*own, "config", "created_at"],
        ),
        "DestinationItem": record("A destination in a list.", {**head, **read}, [*own, *read]),
        "Destination": record(
            "A destination.", {**head, **read, "config": schema("DestinationConfigShown")}, [*own, *read, "config"]
        ),
        "DestinationTested": record(
            "A test that was accepted.",
            {
                "status": text("Accepted: the result has to be asked for.", enum=["accepted"], examples=["accepted"]),
                "notification_id": uuid("Asks for the result, for about a minute.", NOTIFICATION),
                "destination_type": kind,
            },
        ),
        "NotificationStatus": record(
            "The result of a test.",
            {
                "status": text(
                    "State of the delivery; failure is documented as failed too.",
                    enum=["success", "failure", "failed", "inprogress"],
                    examples=["success"],
                ),
                "details": record(
                    "What the destination answered.",
                    {
                        "status_code": count("Its status.", 204),
                        "status_message": text("Its status in words.", examples=["No Content"]),
                    },
                    [],
                ),
            },
            ["status"],
        ),
    }


def paths() -> Node:
    """The operations, by path."""
    answer = ok(
        "The destination that was created.",
        "DestinationCreated",
        {**DESTINATION_HEAD, "config": CONFIG, "created_at": TIME},
        **follow("destination", "get", "update", "delete", "test"),
    )
    body = form_body("DestinationCreate", DESTINATION_BODY, "The destination.")
    change = form_body("DestinationUpdate", {"name": DESTINATION_BODY["name"]}, "What to change.")
    read = {**DESTINATION_ITEM, "config": CONFIG}
    to_status = link(
        "get_notifications_status",
        "The result.",
        instance_id=INSTANCE_OF_REQUEST,
        id="$response.body#/notification_id",
    )
    accepted = ok("The test was accepted.", "DestinationTested", TESTED, get_notifications_status=to_status)
    test = operation(
        "test_destination",
        "Test a destination",
        "Sends a test event to the destination; 201 in IBM's clients, 202 in Terraform's provider.",
        {"201": accepted, "202": accepted},
        tag="destinations",
    )
    return {
        **on_all(
            "destination",
            post=create("destination", "Creates a webhook destination.", answer, body),
            get=lists("destinations", DESTINATION_ITEM),
        ),
        **on_one(
            "destination",
            get=get("destination", read),
            patch=changes("update", "destination", change, read),
            delete=delete("destination"),
        ),
        **on_one("destination", "/test", post=test),
    }
