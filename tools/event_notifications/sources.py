"""Where events come from."""

from __future__ import annotations

from api_parts import (
    Node,
    array,
    boolean,
    carries,
    carrying,
    count,
    date_time,
    link,
    record,
    requires,
    text,
)
from event_notifications.examples import (
    INSTANCE_CRN,
    REGISTRATION,
    RULE_BODY,
    SOURCE,
    SOURCE_BODY,
    SOURCE_CREATED,
    SOURCE_ITEM,
    SOURCE_READ,
)
from event_notifications.operations import (
    INSTANCE_OF_REQUEST,
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

CRN = "crn:v1:[^:]*:[^:]*"


def schemas() -> dict[str, Node]:
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


def paths() -> Node:
    """The operations, by path."""
    to_topic = link(
        "create_topic",
        "A topic that takes the events of the source.",
        {"name": "Failed backup jobs", "sources": [{"id": "$response.body#/id", "rules": [RULE_BODY]}]},
        instance_id=INSTANCE_OF_REQUEST,
    )
    answer = ok(
        "The source that was created.",
        "SourceCreated",
        SOURCE_CREATED,
        "P31-created",
        "P31-returns",
        **follow("source", "get", "update", "delete"),
        create_topic=to_topic,
    )
    creation = create(
        "source",
        "Registers a source. With source, the registration CRN, it connects Backup for VPC to the instance: one "
        "Backup source an instance, in the same account, after an IAM authorization with the Event Source Manager "
        "role exists.",
        answer,
        {**json_body("SourceCreate", SOURCE_BODY, "The source."), "x-requirements": ["P31-json", "P31-body-object"]},
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
        more={409: "Conflict"},
        id="create_sources",
    )
    change = json_body("SourceUpdate", {"enabled": True}, "What to change; may be empty.")
    return {
        **on_all("source", post=creation, get=lists("sources", SOURCE_ITEM)),
        **on_one(
            "source",
            get=get("source", SOURCE_READ, "P33-encoded-id", "P33-plain-id"),
            patch=changes("update", "source", change, SOURCE_READ, "P34-update-keeps", more={409: "Conflict"}),
            delete=delete("source"),
        ),
    }
