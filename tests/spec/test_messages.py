"""The description of the events as messages: whole, and true to catalog, corpus and schemas."""

import json

import jsonschema
import pytest

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.values.data import data_root

DOCUMENT = json.loads((data_root("schemas") / "api" / "backup-events.asyncapi.json").read_bytes())
WEBHOOKS = json.loads((data_root("schemas") / "api" / "event-notifications.openapi.json").read_bytes())["webhooks"]
MESSAGES = DOCUMENT["components"]["messages"]
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{example['name']}")
    for name, message in MESSAGES.items()
    for example in message["examples"]
]


def schema_of(name):
    return {"$ref": MESSAGES[name]["payload"]["$ref"], "components": DOCUMENT["components"]}


def test_every_event_type_is_a_message_on_both_channels():
    assert {message["name"] for message in MESSAGES.values()} == set(catalog.event_types)
    for channel in DOCUMENT["channels"].values():
        assert {node["$ref"] for node in channel["messages"].values()} == {
            f"#/components/messages/{name}" for name in MESSAGES
        }


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples_are_strict_events_of_their_message(name, example):
    assert vbe.check(example["payload"], "strict").findings == ()
    assert example["payload"]["type"] == MESSAGES[name]["name"]
    jsonschema.Draft202012Validator(schema_of(name)).validate(example["payload"])


def test_every_pair_has_an_example():
    shown = {(MESSAGES[name]["name"], example["name"]) for name, example in (each.values for each in EXAMPLES)}
    assert shown == {(pair.event_type, pair.reason) for pair in catalog.pairs.values()}


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_message_is_judged_as_the_schemas_judge_it(name):
    broken = {**MESSAGES[name]["examples"][0]["payload"], "specversion": "0.3"}
    assert not jsonschema.Draft202012Validator(schema_of(name)).is_valid(broken)


def test_ids_are_those_of_the_register():
    named = [*DOCUMENT["operations"]["receiveByWebhook"]["x-requirements"]]
    for message in MESSAGES.values():
        named += message["x-requirements"]
    for item in WEBHOOKS.values():
        named += item["post"]["x-requirements"]
    assert named
    assert set(named) <= set(catalog.requirements)


def test_openapi_has_the_same_message_as_a_webhook():
    (item,) = WEBHOOKS.values()
    kinds = item["post"]["requestBody"]["content"]
    assert {DOCUMENT["defaultContentType"], "application/json"} == set(kinds)
    assert {node["schema"]["$ref"] for node in kinds.values()} == {"#/components/schemas/Event"}
