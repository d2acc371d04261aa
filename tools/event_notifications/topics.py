"""Which events are taken."""

from __future__ import annotations

from api_parts import TIME, Node, array, boolean, count, date_time, record, ref, schema, text, uuid
from event_notifications.examples import RULE, SOURCE, TOPIC, TOPIC_BODY, TOPIC_HEAD, TOPIC_ITEM, TOPIC_READ
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


def paths() -> Node:
    """The operations, by path."""
    answer = ok(
        "The topic that was created.",
        "TopicCreated",
        {**TOPIC_HEAD, "created_at": TIME},
        **follow("topic", "get", "replace", "delete"),
    )
    description = "Creates a topic: which events of which sources its subscriptions get."
    body = json_body("TopicWrite", TOPIC_BODY, "The topic.")
    return {
        **on_all(
            "topic",
            post=create("topic", description, answer, body, "P34-unknown-source"),
            get=lists("topics", TOPIC_ITEM),
        ),
        **on_one(
            "topic",
            get=get("topic", TOPIC_READ, parameters=[ref("parameters", "include")]),
            put=changes("replace", "topic", body, TOPIC_READ),
            delete=delete("topic"),
        ),
    }
