"""The descriptions of the APIs: valid, whole, and true to the register."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from vpc_backup_events import catalog
from vpc_backup_events.spec.openapi import BACKUP_JOBS, EVENT_NOTIFICATIONS, description
from vpc_backup_events.values.data import data_root

FOLDER = data_root("schemas") / "api"
CONTRACTS = (EVENT_NOTIFICATIONS, BACKUP_JOBS)
OPERATIONS = sorted((name, id) for name in CONTRACTS for id in description(name).operations)
# of services and clients, and said by no description: what a caller makes of an answer, and what spans requests
NOT_SAID = {
    "P31-source",
    "P31-source-whole-service",
    "P31-instance-crn",
    "P31-instance-crn-agrees",
    "P31-needs-no-crn",
    "P32-instances-path",
    "P32-tolerates-apps",
    "P32-tolerates-no-prefix",
    "P33-client-reports",
    "P33-other-region",
    "P31-no-token-logged",
    "P31-placeholder",
    "P33-client-once",
    "P34-answer-form",
    "P34-robust",
    "P34-client-bounded-retry",
    "P34-client-no-blind-retry",
    "P34-client-odd-error",
    "P34-client-reports",
    "P34-client-retry-after",
    "P34-no-secret",
    "P34-walk",
}


def nodes(value):
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def named(document):
    for node in nodes(document):
        carried = node.get("x-requirements", {})
        for each in carried.values() if isinstance(carried, dict) else carried:
            yield from each.values() if isinstance(each, dict) else [each]


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_description_is_valid_as_it_is_and_self_contained(name):
    path = FOLDER / f"{name}.openapi.json"
    validate(json.loads(path.read_bytes()), base_uri=path.as_uri())
    whole = description(name).self_contained()
    validate(whole)
    assert {node["$ref"][0] for node in nodes(whole) if isinstance(node.get("$ref"), str)} == {"#"}


def test_the_folder_holds_the_descriptions_and_nothing_else():
    expected = {"backup-events.asyncapi.json", *(f"{name}.openapi.json" for name in CONTRACTS)}
    assert {path.name for path in FOLDER.iterdir()} == expected


def test_the_descriptions_are_what_their_tool_makes():
    tool = Path(__file__).parents[2] / "tools" / "build_api.py"
    subprocess.run([sys.executable, tool, "--check"], check=True)


def test_every_requirement_of_the_api_is_in_a_description_or_known_not_to_be():
    found = {id for name in CONTRACTS for id in named(description(name).document)}
    wanted = {
        each.id
        for each in catalog.requirements.values()
        if "P31" <= each.position <= "P36" and {"client", "service"} & set(each.subject)
    }
    accepts = {id for id in wanted if "-accepts-" in id or "-refuses-" in id}
    assert found <= catalog.requirements.keys()
    assert found & NOT_SAID == set()
    assert wanted - accepts - NOT_SAID - found == set()


@pytest.mark.parametrize(("name", "id"), OPERATIONS)
def test_every_example_is_valid(name, id):
    operation = description(name).operations[id]
    item = operation.api.document["paths"][operation.template]
    node = item[operation.method.lower()]
    for media, each in node.get("requestBody", {}).get("content", {}).items():
        assert operation.body_problems(media, each["examples"]["example"]["value"]) == []
    for status, answer in node["responses"].items():
        while "$ref" in answer:
            answer = operation.api.document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        for each in answer.get("content", {}).values():
            value = each["examples"]["example"]["value"]
            uri = operation.answers[int(status)]
            assert operation.api.problems(uri, value, "answer", ()) == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_links_lead_to_operations_and_their_parameters(name):
    operations = description(name).operations
    for node in nodes(description(name).document):
        for link in node.get("links", {}).values():
            known = {each.name for each in operations[link["operationId"]].parameters}
            assert set(link["parameters"]) <= known


def test_an_event_in_a_description_is_judged_by_the_schema_of_its_type():
    operation = description(EVENT_NOTIFICATIONS).operations["send_notifications"]
    example = operation.api.document["paths"][operation.template]["post"]["requestBody"]["content"]
    event = example["application/json"]["examples"]["example"]["value"]
    for kind in catalog.event_types:
        assert operation.body_problems("application/json", {**event, "type": kind}) == []
    assert operation.body_problems("application/json", {**event, "type": "another"})
