"""The API of Event Notifications as far as Backup for VPC needs it: `document()`."""

from __future__ import annotations

from typing import Any

from api_parts import (
    JSON,
    LARGEST,
    LATER,
    TIME,
    TRACE,
    Node,
    array,
    boolean,
    carries,
    carrying,
    content,
    count,
    date_time,
    integer,
    link,
    parameter,
    record,
    ref,
    requires,
    responses,
    retry_after,
    retry_headers,
    schema,
    text,
    uuid,
)
from vpc_backup_events import catalog
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.spec.schemas import schema as event_schema

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
SOURCE = "41cdb7d4-db3e-496b-b7df-d4ead362c412:api"
TOPIC = "5a1c8b2e-6d35-4b7a-9f1e-2c3d4e5f6a70"
RULE = "6b2d9c3f-7e46-4c8b-8a2f-3d4e5f6a7b81"
DESTINATION = "7c3ead40-8f57-4d9c-9b30-4e5f6a7b8c92"
SUBSCRIPTION = "8d4fbe51-9068-4ead-8c41-5f6a7b8c9da3"
NOTIFICATION = "9e50cf62-a179-4fbe-9d52-6a7b8c9daeb4"
IDS = {
    "topic": TOPIC,
    "destination": DESTINATION,
    "subscription": SUBSCRIPTION,
    "notification": NOTIFICATION,
}
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
REGISTRATION = f"crn:v1:bluemix:public:is:us-south:a/{ACCOUNT}::backup-policy:"
INSTANCE_CRN = f"crn:v1:bluemix:public:event-notifications:us-south:a/{ACCOUNT}:{INSTANCE}::"
HELP = "https://cloud.ibm.com/apidocs/event-notifications"
CRN = "crn:v1:[^:]*:[^:]*"

# the statuses that any call may get; the others stand at the operation
COMMON = {401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 429: "TooManyRequests", 500: "InternalError"}
COMMON[503] = "Unavailable"
BODY = {400: "BadRequest", 415: "UnsupportedMediaType"}

ERRORS = {
    "BadRequest": (400, "invalid_request", "The request is malformed: its body, a parameter or the event in it.", ""),
    "Unauthorized": (401, "unauthorized", "The bearer token is missing or not valid.", ""),
    "Forbidden": (403, "authorization_error", "The caller has no permission for this.", "P34-forbidden"),
    "NotFound": (404, "not_found", "The instance, the resource or the path is unknown.", "P34-unknown-id"),
    "Conflict": (409, "conflict", "The name is taken, or a Backup source is connected already.", "P34-duplicate-name"),
    "UnsupportedMediaType": (415, "unsupported_media_type", "The body has another media type.", "P34-media-type"),
    "Unprocessable": (422, "no_topic", "No topic of the source takes the event.", "P34-no-topic"),
    "TooManyRequests": (429, "too_many_requests", "Too many requests; wait.", "P34-too-many"),
    "InternalError": (500, "internal_error", "The service failed.", "P34-server-error"),
    "Unavailable": (503, "unavailable", "The service is not available for a while.", "P34-server-error"),
}
REFUSALS = {
    "BadRequest": [
        "P34-malformed-json",
        "P34-unknown-source",
        "P34-limit-low",
        "P34-limit-high",
        "P34-offset-negative",
    ],
    "Unauthorized": ["P34-no-token", "P34-wrong-token", "P34-wrong-scheme"],
    "NotFound": ["P34-unknown-instance", "P34-unknown-id", "P34-unknown-path", "P34-deleted-id"],
    "TooManyRequests": ["P34-too-many", "P34-too-many-retry-after"],
}


def name(what: str, example: str, most: int = 255) -> Node:
    return text(f"Name of the {what}.", 1, most, examples=[example])


def description_of(what: str, most: int = 255) -> Node:
    return text(f"Description of the {what}.", most=most, examples=["Failed backup jobs"])


# ------------------------------------------------------------------------------------------------------------ schemas


def error() -> Node:
    entry = requires(
        record(
            "One thing that is wrong.",
            {
                "code": carries(text("What is wrong, for a program.", 1, examples=["conflict"]), "P34-entry-code"),
                "message": carries(
                    text("What is wrong, for a person.", 1, examples=["The name is taken."]), "P34-entry-message"
                ),
                "more_info": carries(
                    text("Where it is explained.", 1, format="url", examples=[HELP]), "P34-entry-more-info"
                ),
            },
        ),
        code="P34-entry-code",
        message="P34-entry-message",
        more_info="P34-entry-more-info",
    )
    node = requires(
        record(
            "An error of the service.",
            {
                "trace": carries(text("Id of the request.", 1, examples=[TRACE]), "P34-error-trace"),
                "status_code": carrying(
                    integer("The status of the answer.", minimum=400, maximum=599, examples=[409]),
                    type="P34-error-status-code",
                ),
                "errors": array(
                    "What is wrong, at least one entry.",
                    entry,
                    minItems=1,
                    **{"x-requirements": {"type": "P34-error-errors", "minItems": "P34-error-errors"}},
                ),
            },
        ),
        trace="P34-error-trace",
        status_code="P34-error-status-code",
        errors="P34-error-errors",
    )
    node["x-requirements"]["type"] = "P34-error-json"
    return node


def source_schemas() -> dict[str, Node]:
    title = "Event Notification Source - Backup policy"
    own = {
        "name": carries(name("source", title), "P31-name"),
        "description": carries(description_of("source"), "P31-description"),
        "enabled": carries(boolean("Whether its events are forwarded."), "P31-enabled"),
        "store_notifications": carries(boolean("Whether its events are kept.", False), "P31-store-notifications"),
    }
    create = {
        **own,
        "source": carries(
            text(
                "CRN under which Backup for VPC is registered; its last segment is empty.",
                pattern=f"^{CRN}:is:[^:]+:a/[^:]+:[^:]*:backup-policy:[^:]*$",
                examples=[REGISTRATION],
            ),
            "P31-source-form",
        ),
        "event_notifications_instance_crn": carries(
            text(
                "CRN of the instance that the source is connected to.",
                pattern=f"^{CRN}:event-notifications:[^:]+:a/[^:]+:[^:]+:[^:]*:[^:]*$",
                examples=[INSTANCE_CRN],
            ),
            "P31-instance-crn-form",
        ),
    }
    body = requires(record("A source to create.", create, ["name", "enabled"]), name="P31-name", enabled="P31-enabled")
    body["x-requirements"]["type"] = "P31-body-object"
    id = text("Id of the source; may contain a colon.", 1, 100, examples=[SOURCE])
    created = {
        "id": carries(id, "P31-answer-id"),
        "name": carries(name("source", title), "P31-answer-name"),
        "description": carries(text("Description of the source."), "P31-answer-description"),
        "enabled": carries(boolean("Whether its events are forwarded."), "P31-answer-enabled"),
        "created_at": {
            **carries(date_time("When the source was created."), "P31-answer-created-at"),
            "x-requirements": {"type": "P31-answer-created-at", "format": "P31-answer-created-at"},
        },
        "store_notifications": boolean("Whether its events are kept.", False),
        "event_notifications_instance_crn": carrying(
            text(
                "CRN of the connected instance; the page speaks of it, IBM's clients do not know it.",
                examples=[INSTANCE_CRN],
            ),
            type="P31-answer-other-instance",
        ),
    }
    answered = ["id", "name", "description", "enabled", "created_at"]
    full = {
        "id": id,
        "name": name("source", title),
        "description": text("Description of the source."),
        "type": text("Kind of the source.", 1, examples=["api"]),
        "enabled": boolean("Whether its events are forwarded."),
        "store_notifications": boolean("Whether its events are kept.", False),
        "updated_at": date_time("When the source was last changed."),
        "topic_count": count("How many topics take its events."),
    }
    required = [member for member in full if member != "store_notifications"]
    names = array("Names of the topics that take its events.", text("Name of a topic."))
    return {
        "SourceCreate": body,
        "SourceUpdate": record("What to change of a source.", own, []),
        "SourceCreated": requires(
            record("A source that was created.", created, answered),
            **{member: f"P31-answer-{member.replace('_', '-')}" for member in answered},
        ),
        "SourceItem": record("A source in a list.", full, required),
        "Source": record("A source.", {**full, "topic_names": names}, [*required, "topic_names"]),
    }


def topic_schemas() -> dict[str, Node]:
    rule = {
        "enabled": boolean("Whether the rule is applied."),
        "event_type_filter": text(
            "JSONPath over the event that its type has to satisfy.", examples=["$.*"], default="$.*"
        ),
        "notification_filter": text(
            "JSONPath over the event that its other attributes have to satisfy.",
            examples=['$.ibmenseverity == "medium"'],
        ),
    }
    read = {
        # of rules no page says what an id looks like
        "id": text("Id of the rule.", 1, 100, examples=[RULE]),
        **rule,
        "updated_at": date_time("When the rule was last changed."),
    }
    source = text("Id of a source.", 1, 100, examples=[SOURCE])
    body = record(
        "A topic to create, or what a topic is replaced by.",
        {
            "name": name("topic", "Failed backup jobs"),
            "description": description_of("topic"),
            "sources": array(
                "The sources whose events the topic takes.",
                record(
                    "A source, and which of its events the topic takes.",
                    {
                        "id": source,
                        "rules": array(
                            "An event is taken when one rule takes it; without rules all are.",
                            record("A rule: all of its filters have to hold.", rule, []),
                        ),
                    },
                ),
            ),
        },
        ["name"],
    )
    head = {
        "id": uuid("Id of the topic.", TOPIC),
        "name": name("topic", "Failed backup jobs"),
        "description": text("Description of the topic."),
    }
    counts = {
        "source_count": count("How many sources it takes events from."),
        "subscription_count": count("How many subscriptions it has."),
    }
    routed = record(
        "A source of the topic.",
        {
            "id": source,
            "name": name("source", "Event Notification Source - Backup policy"),
            "rules": array("The rules for its events.", record("A rule.", read, ["enabled", "id", "updated_at"])),
        },
    )
    return {
        "TopicWrite": body,
        "TopicCreated": record("A topic that was created.", {**head, "created_at": date_time("When it was created.")}),
        "TopicItem": record(
            "A topic in a list.",
            {**head, **counts, "sources_names": array("Names of its sources.", text("Name of a source."))},
        ),
        "Topic": record(
            "A topic.",
            {
                **head,
                **counts,
                "updated_at": date_time("When it was last changed."),
                "sources": array("Its sources.", routed),
                "subscriptions": array("Its subscriptions.", schema("SubscriptionItem")),
            },
        ),
    }


def destination_schemas() -> dict[str, Node]:
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
    shown = {name: each for name, each in webhook["properties"].items() if name != "sensitive_headers"}
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
    seen = {
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
        "DestinationItem": record("A destination in a list.", {**head, **seen}, [*own, *seen]),
        "Destination": record(
            "A destination.", {**head, **seen, "config": schema("DestinationConfigShown")}, [*own, *seen, "config"]
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


def subscription_schemas() -> dict[str, Node]:
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


def notification_schemas() -> dict[str, Node]:
    types = list(catalog.event_types.values())
    # one file that holds them all: they refer to each other by $id, which only there can be resolved without a registry
    files = {each.type: f"../bundle.schema.json#/$defs/{PREFIX}event:{each.name}" for each in types}
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


def token_schemas() -> dict[str, Node]:
    return {
        "TokenRequest": record(
            "An API key to be exchanged for a token.",
            {
                "grant_type": text(
                    "That an API key is given.",
                    pattern="^urn:ibm:params:oauth:grant-type:apikey$",
                    examples=["urn:ibm:params:oauth:grant-type:apikey"],
                ),
                "apikey": text("The API key.", 1, format="password", examples=["API_KEY"]),
                "response_type": text("Sent by IBM's clients.", enum=["cloud_iam"], examples=["cloud_iam"]),
            },
            ["grant_type", "apikey"],
        ),
        "Token": record(
            "A token.",
            {
                "access_token": text("The bearer token.", 1, examples=["TOKEN"]),
                "refresh_token": text("Not supported for API keys.", examples=["not_supported"]),
                "token_type": text("How to send it.", pattern="^Bearer$", examples=["Bearer"]),
                "expires_in": count("Seconds until it expires.", 3600),
                "expiration": count("When it expires, in seconds since 1970.", 1713823174),
                "scope": text("What it is for.", examples=["ibm openid"]),
            },
            ["access_token", "token_type", "expires_in", "expiration"],
        ),
        "TokenRefused": record(
            "Why no token is given, in a form of IAM's own that is not described here.",
            {"context": record("What the request was.", {})},
            [],
        ),
    }


def page(kind: str, item: str) -> Node:
    href = record("Another page.", {"href": text("Its URL.", 1, format="url")})
    node = requires(
        record(
            f"A page of {kind}.",
            {
                "total_count": carries(count("How many there are in all."), "P34-list-total-count"),
                "limit": carries(count("How many a page has at most.", 10), "P34-list-limit"),
                "offset": carries(count("How many come before this page.", 0), "P34-list-offset"),
                kind: carries(array("The entries of this page.", schema(item), maxItems=100), "P34-list-array"),
                "first": {**href, "description": "The first page."},
                "previous": {**href, "description": "The page before; absent on the first page."},
                "next": {**href, "description": "The page after; absent on the last page."},
            },
            ["total_count", "limit", "offset", kind, "first"],
        ),
        total_count="P34-list-total-count",
        limit="P34-list-limit",
        offset="P34-list-offset",
        first="P34-first",
        **{kind: "P34-list-array"},
    )
    for step in ("previous", "next"):
        node["properties"][step]["x-requirements"] = {"type": f"P34-{step}", "required": {"href": f"P34-{step}"}}
    return node


# ----------------------------------------------------------------------------------------------------------- examples

SOURCE_BODY = {
    "name": "Event Notification Source - Backup policy",
    "description": "Backup policy service registration.",
    "enabled": True,
    "source": REGISTRATION,
    "event_notifications_instance_crn": INSTANCE_CRN,
}
RULE_BODY = {"enabled": True, "event_type_filter": "$.*", "notification_filter": '$.ibmenseverity == "medium"'}
TOPIC_BODY = {
    "name": "Failed backup jobs",
    "description": "All failed backup jobs",
    "sources": [{"id": SOURCE, "rules": [RULE_BODY]}],
}
CONFIG = {"params": {"url": "https://example.com/hook", "verb": "post", "custom_headers": {"X-Team": "storage"}}}
DESTINATION_BODY = {"name": "On-call webhook", "type": "webhook", "description": "The team on call", "config": CONFIG}
SUBSCRIPTION_BODY = {
    "name": "Backup jobs to on-call",
    "description": "Failed backup jobs",
    "destination_id": DESTINATION,
    "topic_id": TOPIC,
    "attributes": {"signing_enabled": False},
}
SOURCE_CREATED = {
    "id": SOURCE,
    "name": SOURCE_BODY["name"],
    "description": SOURCE_BODY["description"],
    "enabled": True,
    "created_at": TIME,
    "event_notifications_instance_crn": INSTANCE_CRN,
}
SOURCE_ITEM = {
    "id": SOURCE,
    "name": SOURCE_BODY["name"],
    "description": SOURCE_BODY["description"],
    "type": "api",
    "enabled": True,
    "updated_at": LATER,
    "topic_count": 1,
}
SOURCE_READ = {**SOURCE_ITEM, "topic_names": [TOPIC_BODY["name"]]}
SUBSCRIPTION_ITEM = {
    "id": SUBSCRIPTION,
    "name": SUBSCRIPTION_BODY["name"],
    "description": SUBSCRIPTION_BODY["description"],
    "destination_id": DESTINATION,
    "destination_name": DESTINATION_BODY["name"],
    "destination_type": "webhook",
    "topic_id": TOPIC,
    "topic_name": TOPIC_BODY["name"],
    "updated_at": LATER,
}
SUBSCRIPTION_READ = {**SUBSCRIPTION_ITEM, "attributes": {"signing_enabled": False, "add_notification_payload": False}}
TOPIC_HEAD = {"id": TOPIC, "name": TOPIC_BODY["name"], "description": TOPIC_BODY["description"]}
TOPIC_ITEM = {**TOPIC_HEAD, "source_count": 1, "subscription_count": 1, "sources_names": [SOURCE_BODY["name"]]}
TOPIC_READ = {
    **TOPIC_HEAD,
    "source_count": 1,
    "subscription_count": 1,
    "updated_at": LATER,
    "sources": [{"id": SOURCE, "name": SOURCE_BODY["name"], "rules": [{"id": RULE, **RULE_BODY, "updated_at": LATER}]}],
    "subscriptions": [SUBSCRIPTION_ITEM],
}
DESTINATION_HEAD = {
    "id": DESTINATION,
    "name": DESTINATION_BODY["name"],
    "description": DESTINATION_BODY["description"],
    "type": "webhook",
    "collect_failed_events": False,
}
DESTINATION_ITEM = {
    **DESTINATION_HEAD,
    "updated_at": LATER,
    "subscription_count": 1,
    "subscription_names": [SUBSCRIPTION_BODY["name"]],
}
TESTED = {"status": "accepted", "notification_id": NOTIFICATION, "destination_type": "webhook"}


def page_of(kind: str, item: Node) -> Node:
    base = f"https://us-south.event-notifications.cloud.ibm.com/event-notifications/v1/instances/{INSTANCE}/{kind}"
    first = {"href": f"{base}?limit=10&offset=0"}
    return {"total_count": 1, "limit": 10, "offset": 0, kind: [item], "first": first}


# --------------------------------------------------------------------------------------------------------- operations


def operation(id: str, summary: str, description: str, answers: Node, *ids: str, **more: Any) -> Node:
    return {
        "operationId": id,
        "summary": summary,
        "description": description,
        "tags": [more.pop("tag")],
        **more,
        "responses": dict(sorted({**answers, **responses(COMMON)}.items())),
        **({"x-requirements": list(ids)} if ids else {}),
    }


def ok(description: str, name: str, example: Any, *ids: str, **links: Node) -> Node:
    return {
        "description": description,
        "content": content(schema(name), example),
        **({"links": links} if links else {}),
        **({"x-requirements": list(ids)} if ids else {}),
    }


def json_body(name: str, example: Any, description: str) -> Node:
    return {"description": description, "required": True, "content": content(schema(name), example)}


def form_body(name: str, example: Any, description: str) -> Node:
    """A multipart form whose `config` is JSON."""
    media = content(schema(name), example, "multipart/form-data")
    media["multipart/form-data"]["encoding"] = {"config": {"contentType": JSON}}
    return {"description": description, "required": True, "content": media}


def lists(kind: str, id: str, item: Node, tag: str) -> Node:
    one = kind.removesuffix("s")
    return operation(
        id,
        f"List {kind}",
        f"Lists the {kind} of the instance, page by page.",
        {
            "200": ok(f"A page of {kind}.", f"{one.capitalize()}List", page_of(kind, item)),
            **responses({400: "BadRequest"}),
        },
        "P34-limit-honoured",
        "P34-offset-honoured",
        "P34-next",
        "P34-next-absent",
        "P34-previous",
        "P34-previous-absent",
        "P34-next-offset",
        "P34-search-nothing",
        "P34-client-follows-next",
        tag=tag,
        parameters=[ref("parameters", name) for name in ("limit", "offset", "search")],
    )


def get(kind: str, item: Node, tag: str, *ids: str, **more: Any) -> Node:
    answers = {"200": ok(f"The {kind}.", kind.capitalize(), item)}
    if "parameters" in more:
        answers |= responses({400: "BadRequest"})
    return operation(f"get_{kind}", f"Get a {kind}", f"Gets one {kind} by its id.", answers, *ids, tag=tag, **more)


def changes(
    verb: str, kind: str, body: Node, item: Node, tag: str, *ids: str, more: dict[int, str] | None = None
) -> Node:
    return operation(
        f"{verb}_{kind}",
        f"{verb.capitalize()} a {kind}",
        f"{verb.capitalize()}s a {kind}; what it was is returned no more.",
        {"200": ok(f"The {kind} as it is now.", kind.capitalize(), item), **responses({**BODY, **(more or {})})},
        *ids,
        tag=tag,
        requestBody=body,
    )


def deletes(kind: str, tag: str) -> Node:
    gone = {"204": {"description": f"The {kind} is gone."}}
    return operation(f"delete_{kind}", f"Delete a {kind}", f"Deletes one {kind} by its id.", gone, tag=tag)


def follow(kind: str, *verbs: str) -> dict[str, Node]:
    """Links from an answer with an id to the operations on it."""
    here = {"instance_id": "$request.path.instance_id", "id": "$response.body#/id"}
    return {f"{verb}_{kind}": link(f"{verb}_{kind}", f"The {kind} by its id.", **here) for verb in verbs}


def paths() -> Node:
    root = "/v1/instances/{instance_id}"
    instance = ref("parameters", "instance_id")
    here = {"instance_id": "$request.path.instance_id"}
    on_id = {
        "sources": ref("parameters", "source_id"),
        "topics": ref("parameters", "topic_id"),
        "destinations": ref("parameters", "destination_id"),
        "subscriptions": ref("parameters", "subscription_id"),
    }
    to_topic = link(
        "create_topic",
        "A topic that takes the events of the source.",
        {"name": "Failed backup jobs", "sources": [{"id": "$response.body#/id", "rules": [RULE_BODY]}]},
        **here,
    )
    to_status = link("get_notifications_status", "The result.", **here, id="$response.body#/notification_id")
    return {
        f"{root}/sources": {
            "parameters": [instance],
            "post": operation(
                "create_sources",
                "Create a source",
                "Registers a source. With source, the registration CRN, it connects Backup for VPC to the instance: "
                "one Backup source an instance, in the same account, after an IAM authorization with the Event Source "
                "Manager role exists.",
                {
                    "201": ok(
                        "The source that was created.",
                        "SourceCreated",
                        SOURCE_CREATED,
                        "P31-created",
                        "P31-returns",
                        **follow("source", "get", "update", "delete"),
                        create_topic=to_topic,
                    ),
                    **responses({**BODY, 409: "Conflict"}),
                },
                "P31-method-path",
                "P33-second-source",
                "P33-second-instance",
                "P31-answer-instance-crn",
                "P33-second-status",
                "P33-first-stays",
                "P33-again-after-delete",
                "P33-other-account",
                "P33-other-account-status",
                "P33-no-authorization",
                "P33-no-authorization-status",
                tag="sources",
                requestBody={
                    **json_body("SourceCreate", SOURCE_BODY, "The source."),
                    "x-requirements": ["P31-json", "P31-body-object"],
                },
            ),
            "get": lists("sources", "list_sources", SOURCE_ITEM, "sources"),
        },
        f"{root}/sources/{{id}}": {
            "parameters": [instance, on_id["sources"]],
            "get": get("source", SOURCE_READ, "sources", "P33-encoded-id", "P33-plain-id"),
            "patch": changes(
                "update",
                "source",
                json_body("SourceUpdate", {"enabled": True}, "What to change; may be empty."),
                SOURCE_READ,
                "sources",
                "P34-update-keeps",
                more={409: "Conflict"},
            ),
            "delete": deletes("source", "sources"),
        },
        f"{root}/topics": {
            "parameters": [instance],
            "post": operation(
                "create_topic",
                "Create a topic",
                "Creates a topic: which events of which sources its subscriptions get.",
                {
                    "201": ok(
                        "The topic that was created.",
                        "TopicCreated",
                        {**TOPIC_HEAD, "created_at": TIME},
                        **follow("topic", "get", "replace", "delete"),
                    ),
                    **responses(BODY),
                },
                "P34-unknown-source",
                tag="topics",
                requestBody=json_body("TopicWrite", TOPIC_BODY, "The topic."),
            ),
            "get": lists("topics", "list_topics", TOPIC_ITEM, "topics"),
        },
        f"{root}/topics/{{id}}": {
            "parameters": [instance, on_id["topics"]],
            "get": get("topic", TOPIC_READ, "topics", parameters=[ref("parameters", "include")]),
            "put": changes("replace", "topic", json_body("TopicWrite", TOPIC_BODY, "The topic."), TOPIC_READ, "topics"),
            "delete": deletes("topic", "topics"),
        },
        f"{root}/destinations": {
            "parameters": [instance],
            "post": operation(
                "create_destination",
                "Create a destination",
                "Creates a webhook destination.",
                {
                    "201": ok(
                        "The destination that was created.",
                        "DestinationCreated",
                        {**DESTINATION_HEAD, "config": CONFIG, "created_at": TIME},
                        **follow("destination", "get", "update", "delete", "test"),
                    ),
                    **responses(BODY),
                },
                tag="destinations",
                requestBody=form_body("DestinationCreate", DESTINATION_BODY, "The destination."),
            ),
            "get": lists("destinations", "list_destinations", DESTINATION_ITEM, "destinations"),
        },
        f"{root}/destinations/{{id}}": {
            "parameters": [instance, on_id["destinations"]],
            "get": get("destination", {**DESTINATION_ITEM, "config": CONFIG}, "destinations"),
            "patch": changes(
                "update",
                "destination",
                form_body("DestinationUpdate", {"name": DESTINATION_BODY["name"]}, "What to change."),
                {**DESTINATION_ITEM, "config": CONFIG},
                "destinations",
            ),
            "delete": deletes("destination", "destinations"),
        },
        f"{root}/destinations/{{id}}/test": {
            "parameters": [instance, on_id["destinations"]],
            "post": operation(
                "test_destination",
                "Test a destination",
                "Sends a test event to the destination; 201 in IBM's clients, 202 in Terraform's provider.",
                {
                    status: ok(
                        "The test was accepted.", "DestinationTested", TESTED, get_notifications_status=to_status
                    )
                    for status in ("201", "202")
                },
                tag="destinations",
            ),
        },
        f"{root}/subscriptions": {
            "parameters": [instance],
            "post": operation(
                "create_subscription",
                "Create a subscription",
                "Creates a subscription: a destination gets the events of a topic.",
                {
                    "201": ok(
                        "The subscription that was created.",
                        "Subscription",
                        SUBSCRIPTION_READ,
                        **follow("subscription", "get", "update", "delete"),
                    ),
                    **responses(BODY),
                },
                tag="subscriptions",
                requestBody=json_body("SubscriptionCreate", SUBSCRIPTION_BODY, "The subscription."),
            ),
            "get": lists("subscriptions", "list_subscriptions", SUBSCRIPTION_ITEM, "subscriptions"),
        },
        f"{root}/subscriptions/{{id}}": {
            "parameters": [instance, on_id["subscriptions"]],
            "get": get("subscription", SUBSCRIPTION_READ, "subscriptions"),
            "patch": changes(
                "update",
                "subscription",
                json_body("SubscriptionUpdate", {"description": "Failed backup jobs"}, "What to change."),
                SUBSCRIPTION_READ,
                "subscriptions",
            ),
            "delete": deletes("subscription", "subscriptions"),
        },
        f"{root}/notifications": {
            "parameters": [instance],
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
        f"{root}/notifications/{{id}}": {
            "parameters": [instance, ref("parameters", "notification_id")],
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
        "/identity/token": {
            "servers": [{"url": "https://iam.cloud.ibm.com", "description": "IAM"}],
            "post": {
                "operationId": "create_token",
                "summary": "Get a token for an API key",
                "description": "Exchanges an API key for the bearer token of all other calls.",
                "tags": ["token"],
                "security": [],
                "requestBody": {
                    "description": "The API key.",
                    "required": True,
                    "content": content(
                        schema("TokenRequest"),
                        {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": "API_KEY"},
                        "application/x-www-form-urlencoded",
                    ),
                },
                "responses": {
                    "200": ok(
                        "The token.",
                        "Token",
                        {
                            "access_token": "TOKEN",
                            "refresh_token": "not_supported",
                            "token_type": "Bearer",
                            "expires_in": 3600,
                            "expiration": 1713823174,
                            "scope": "ibm openid",
                        },
                    ),
                    "400": ok(
                        "No token is given.",
                        "TokenRefused",
                        {"errorCode": "BXNIM0415E", "errorMessage": "The API key is unknown."},
                    ),
                },
            },
        },
    }


def event() -> Any:
    """The example of the first event type."""
    return event_schema(f"{PREFIX}event:{next(iter(catalog.event_types.values())).name}")["examples"][0]


def error_responses() -> Node:
    made = {}
    for title, (status, code, message, id) in ERRORS.items():
        ids = REFUSALS.get(title, [id] if id else [])
        value = {
            "trace": TRACE,
            "status_code": status,
            "errors": [{"code": code, "message": message, "more_info": HELP}],
        }
        made[title] = {
            "description": message,
            **retry_headers(status),
            "content": content(schema("Error"), value),
            "x-requirements": ids,
        }
    return made


def parameters() -> Node:
    return {
        "instance_id": parameter(
            "instance_id", "path", carries(uuid("GUID of the instance.", INSTANCE), "P31-instance-id"), INSTANCE
        ),
        "source_id": parameter(
            "id", "path", text("Id of the source; a colon arrives as it is or as %3A.", 1, 100), SOURCE
        ),
        **{
            f"{kind}_id": parameter("id", "path", text(f"Id of the {kind}.", 1, 100), example)
            for kind, example in IDS.items()
        },
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


def document() -> Node:
    """The OpenAPI document."""
    regions = [region["name"] for region in catalog.regions]
    lists = {"Source": "sources", "Topic": "topics", "Destination": "destinations", "Subscription": "subscriptions"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Event Notifications for IBM Cloud Backup for VPC",
            "version": "1.0.0",
            "description": "The operations that connect Backup for VPC to Event Notifications, send its events, and "
            "route them to webhooks. Written from IBM's documentation and clients; IBM publishes no description.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
            "contact": {
                "name": "The vpc-backup-events authors",
                "url": "https://cloud.ibm.com/apidocs/event-notifications",
            },
        },
        "externalDocs": {"description": "The API of Event Notifications", "url": HELP},
        "servers": [
            {
                "url": "https://{region}.event-notifications.cloud.ibm.com/event-notifications",
                "description": "Public endpoint",
                "variables": {"region": {"default": "us-south", "enum": regions, "description": "Region"}},
                "x-requirements": ["P32-base", "P32-serves-base"],
            }
        ],
        "security": [{"IAM": []}],
        "tags": [
            {"name": "sources", "description": "Where events come from."},
            {"name": "topics", "description": "Which events are taken."},
            {"name": "destinations", "description": "Where events go."},
            {"name": "subscriptions", "description": "Which destination gets the events of which topic."},
            {"name": "notifications", "description": "Sending events."},
            {"name": "token", "description": "The IAM token of all other calls."},
        ],
        "paths": paths(),
        "webhooks": webhooks(),
        "components": {
            "securitySchemes": {
                "IAM": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An IAM token.",
                    "x-requirements": ["P31-bearer"],
                }
            },
            "parameters": parameters(),
            "headers": {
                "RetryAfter": {**retry_after(True), "x-requirements": ["P34-too-many-retry-after"]},
                "RetryAfterIfKnown": retry_after(False),
            },
            "responses": error_responses(),
            "schemas": {
                "Error": error(),
                **source_schemas(),
                **topic_schemas(),
                **destination_schemas(),
                **subscription_schemas(),
                **notification_schemas(),
                **token_schemas(),
                **{f"{name}List": page(kind, f"{name}Item") for name, kind in lists.items()},
            },
        },
    }
