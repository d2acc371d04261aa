"""The events as messages: an AsyncAPI 3 description of what a consumer receives, by webhook and by Kafka."""

from __future__ import annotations

from typing import Any

from api_parts import Node, ref
from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType, Requirement
from vpc_backup_events.making import corpus
from vpc_backup_events.spec.openapi import with_event_schemas
from vpc_backup_events.spec.schemas import PREFIX

STRUCTURED = "application/cloudevents+json"
# versions of the bindings
HTTP, KAFKA = "0.3.0", "0.5.0"


def document() -> Node:
    """The AsyncAPI document, with the schemas of the events inside it."""
    messages = {event_type.name: message(event_type) for event_type in catalog.event_types.values()}
    described: Node = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Failed jobs of IBM Cloud Backup for VPC",
            "version": "1.0.0",
            "description": "The events that Event Notifications forwards when a backup job fails. Written from IBM's "
            "documentation; IBM publishes no description.",
            "license": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "externalDocs": {"url": catalog.documents["seed"].url},
        },
        "defaultContentType": STRUCTURED,
        "channels": {
            "webhook": channel(
                "webhook",
                "The URL of a webhook destination. No page says which of the modes of CloudEvents a webhook gets.",
                messages,
            ),
            "event-streams": channel(
                "event-streams", "The topic of an Event Streams destination: one message of Kafka an event.", messages
            ),
        },
        "operations": {
            "receiveByWebhook": {
                "action": "receive",
                "channel": {"$ref": "#/channels/webhook"},
                "summary": "Takes an event, and answers 2xx within ten seconds.",
                "bindings": {"http": {"method": "POST", "bindingVersion": HTTP}},
                "x-requirements": demanded_of("consumer"),
            },
            "receiveByKafka": {
                "action": "receive",
                "channel": {"$ref": "#/channels/event-streams"},
                "summary": "Takes an event from a topic.",
                "bindings": {"kafka": {"bindingVersion": KAFKA}},
            },
        },
        "components": {"messages": messages, "schemas": {}},
    }
    return with_event_schemas(described)


def channel(name: str, description: str, messages: Node) -> Node:
    """A channel on which each of the messages comes; its address is the user's own."""
    on_channel = {message: ref("messages", message) for message in messages}
    return {"address": None, "title": name, "description": description, "messages": on_channel}


def message(event_type: EventType) -> Node:
    """The message of an event type, with an example of each reason from the corpus."""
    return {
        "name": event_type.type,
        "title": event_type.title,
        "summary": event_type.description,
        "contentType": STRUCTURED,
        "payload": {"$ref": f"{PREFIX}event:{event_type.name}"},
        "bindings": {"http": {"bindingVersion": HTTP}, "kafka": {"bindingVersion": KAFKA}},
        "examples": [example(event_type, pair.reason) for pair in pairs_of(event_type)],
        "x-requirements": [requirement.id for requirement in of_type(event_type)],
    }


def pairs_of(event_type: EventType) -> list[Any]:
    """The reasons of an event type, in the order of the catalog."""
    return [pair for pair in catalog.pairs.values() if pair.event_type == event_type.type]


def of_type(event_type: EventType) -> list[Requirement]:
    """The requirements of the position that decides the type of an event."""
    return [r for r in catalog.requirements.values() if r.position == event_type.position and r.check == "schema"]


def example(event_type: EventType, reason: str) -> Node:
    """The first event of the corpus with this reason in which strict finds nothing."""
    cases = corpus.select(profile="strict", verdict="valid", event_type=event_type.name, reason=reason, kind="event")
    clean = next(case for case in cases if case.expected and not case.expected["strict"].findings)
    return {"name": reason, "summary": clean.description, "payload": clean.event}


def demanded_of(role: str) -> list[str]:
    """The requirements that the suite of a role judges and the documented profile can fail."""
    return [
        requirement.id
        for requirement in catalog.requirements.values()
        if role in requirement.subject and requirement.check == "suite" and requirement.status == "checked"
    ]
