"""The facts about registrations are valid under their schemas, and agree with each other."""

import json

import pytest
from jsonschema import Draft202012Validator

from vpc_backup_events import catalog
from vpc_backup_events.authoring.registration.iam import facts
from vpc_backup_events.authoring.registration.provider import resources, routing
from vpc_backup_events.values.data import data_root

FOLDER = data_root("schemas") / "registration"
FILES = sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".schema.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_valid_under_its_schema(path):
    schema = json.loads(path.with_suffix(".schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(json.loads(path.read_bytes()))) == []


def test_every_file_has_a_schema_and_no_schema_is_alone():
    assert {path.with_suffix(".schema.json") for path in FILES} == set(FOLDER.glob("*.schema.json"))


def names(arguments):
    for name, argument in arguments.items():
        yield name
        yield from names(argument.block or {})


@pytest.mark.parametrize("type", sorted(resources()))
def test_arguments_refer_to_arguments_of_the_same_resource(type):
    arguments = resources()[type]
    for argument in arguments.values():
        assert set(argument.conflicts) | set(argument.one_of) <= set(arguments)


def test_routing_names_resources_and_arguments_that_the_provider_has():
    assert set(routing().types) == {type for type in resources() if type.startswith("ibm_en_destination_")}
    known = {name for arguments in resources().values() for name in names(arguments)}
    for rule in routing().references:
        assert set(rule.arguments) <= known
    for type, attributes in routing().attributes.items():
        assert set(attributes) <= set(resources()[type]["attributes"].block)
    for type in routing().without_attributes:
        assert "attributes" not in resources()[type]


def test_the_reason_of_a_missing_authorization_is_one_of_the_catalog():
    assert facts().missing in catalog.reasons
    assert len(catalog.reasons[facts().missing].pairs) == len(catalog.event_types)
    assert {policy for need in facts().own for policy in need.policies} == set(
        resources()["ibm_is_backup_policy"]["match_resource_type"].values
    )
