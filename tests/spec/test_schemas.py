"""The schemas stand on their own, agree with their examples, and give the same on both engines."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from vpc_backup_events import catalog
from vpc_backup_events.spec.engines import jsonschema_engine
from vpc_backup_events.spec.schemas import schemas, validator
from vpc_backup_events.values.data import data_root

ROOT = data_root("schemas")


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


@pytest.mark.parametrize("uri", sorted(schemas()))
def test_a_schema_is_valid_described_self_contained_and_accepts_its_examples(uri):
    schema = schemas()[uri]
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["description"]
    assert schema["examples"]
    for reference in references(schema):
        assert reference.startswith("#/") or reference.partition("#")[0] in schemas()
    for example in schema["examples"]:
        assert list(validator(uri).violations(example)) == []


def test_there_is_one_schema_an_event_type_and_one_a_reason_in_each_profile():
    for profile in ("", "strict:"):
        for event_type in catalog.event_types.values():
            assert f"urn:vpc-backup-events:schema:event:{profile}{event_type.name}" in schemas()
        for reason in catalog.reasons:
            assert f"urn:vpc-backup-events:schema:reason:{profile}{reason}" in schemas()


def test_the_files_hold_what_the_bundle_holds():
    for folder in ("event", "details", "reason"):
        for path in (ROOT / folder).rglob("*.schema.json"):
            schema = json.loads(path.read_bytes())
            assert schemas()[schema["$id"]] == schema


def test_both_engines_find_the_same():
    rs = pytest.importorskip("vpc_backup_events.spec.engines.jsonschema_rs_engine")
    engines = [rs.JsonschemaRsEngine(schemas()), jsonschema_engine.JsonschemaEngine(schemas())]
    uri = "urn:vpc-backup-events:schema:event:strict:backup-volume-creation"
    example = schemas()[uri]["examples"][0]
    for name in [
        *example,
        "extra",
        "",
        "0",
        "00",
        "+5",
        "Shout",
        "a_b",
        "data",
        "attachments",
        "subject",
        "notification_id",
    ]:
        for value in (
            None,
            "",
            " ",
            "x",
            "x\n",
            "é\x85",
            5,
            1.5,
            True,
            [],
            {},
            {"a": [1]},
            {"": {"1": None}},
            "2024-04-22T20:59:34Z\n",
        ):
            event = {**example, name: value}
            found = [
                {
                    (v.path, v.keyword, json.dumps(v.schema.get("x-requirements"), sort_keys=True))
                    for v in e.validator(uri).violations(event)
                }
                for e in engines
            ]
            assert found[0] == found[1], (name, value)


def test_the_manifest_of_the_corpus_is_valid_and_true():
    import hashlib

    schema = json.loads((ROOT / "corpus" / "manifest.schema.json").read_bytes())
    fixtures = data_root("fixtures")
    manifest = json.loads((fixtures / "manifest.json").read_bytes())
    assert list(Draft202012Validator(schema).iter_errors(manifest)) == []
    descriptions = [case["description"] for case in manifest["cases"]]
    assert len(set(descriptions)) == len(descriptions)
    for case in manifest["cases"]:
        assert hashlib.sha256((fixtures / case["file"]).read_bytes()).hexdigest() == case["sha256"]
