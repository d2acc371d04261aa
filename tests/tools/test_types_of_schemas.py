"""The document that generators of types read; with the types themselves it is proved by `nox -s types-of-schemas`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import types_on_corpus
from helpers.pages import blocks
from types_of_schemas import document, merged, shape
from vpc_backup_events import catalog
from vpc_backup_events.checking.interpretation import interpret

ROOT = Path(__file__).parents[2]
DOCUMENT = document()
VALIDATOR = jsonschema.Draft7Validator(DOCUMENT)
READABLE, OTHERS = types_on_corpus.cases()


def keywords(node):
    """Every keyword of a schema, those of its members included."""
    yield from node
    for member in node.get("properties", {}).values():
        yield from keywords(member)


def test_a_type_says_what_a_member_is_and_refers_to_nothing_outside():
    for name, node in DOCUMENT["definitions"].items():
        allowed = {"type", "const", "enum", "title", "description", "required", "properties", "items"}
        assert set(keywords(node)) <= (allowed | {"anyOf"} if name == "BackupEvent" else allowed), name
    assert '"urn:' not in json.dumps(DOCUMENT)


def test_every_event_type_has_its_type_with_all_members():
    definitions = DOCUMENT["definitions"]
    for event_type in catalog.event_types.values():
        node = definitions["".join(word.title() for word in event_type.name.split("-"))]
        assert set(node["properties"]["type"]["enum"]) == {event_type.type, *event_type.aliases}
        assert {"ibmensourceid", "ibmendefaultlong"} <= set(node["required"])
        assert node["properties"]["time"]["type"] == ["string", "null"]


def test_parts_of_a_schema_come_together():
    parts = {"allOf": [{"type": "string", "pattern": "x"}, {"enum": ["a"]}]}
    assert shape(parts, {}) == {"type": "string", "enum": ["a"]}
    first = {"required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "null"}}}
    second = {"required": ["b"], "properties": {"a": {"const": "1"}}}
    assert merged(first, second) == {
        "required": ["a", "b"],
        "properties": {"a": {"type": "string", "const": "1"}, "b": {"type": "null"}},
    }


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.file)
def test_the_document_passes_every_case(case):
    VALIDATOR.validate({"event": case.event, "details": case.details})


def test_what_no_type_reads_is_a_quirk():
    assert OTHERS
    assert all(file.startswith("quirks/") for file in OTHERS)


def test_another_fact_is_a_difference():
    case = READABLE[0]
    facts = {**interpret(case.event), "severity": "low"}
    assert len(types_on_corpus.differences("mine", [case], json.dumps(facts))) == 1
    assert types_on_corpus.differences("kit", [case], json.dumps(interpret(case.event))) == []


def test_the_consumer_in_python_reads_the_facts(tmp_path):
    """With models that the generator makes, where it is installed."""
    pytest.importorskip("datamodel_code_generator")
    (command,) = [block for block in blocks(ROOT / "docs" / "types.md") if block.mark == "types: python"]
    (consumer,) = [block for block in blocks(ROOT / "docs" / "types.md") if block.title == "consumer.py"]
    (tmp_path / "types.schema.json").write_text(json.dumps(DOCUMENT))
    (tmp_path / "consumer.py").write_text(consumer.text)
    (tmp_path / "run.py").write_text((types_on_corpus.RUNNERS / "run.py").read_text())
    (tmp_path / "cases.ndjson").write_text("".join(json.dumps(case.event) + "\n" for case in READABLE))
    words = command.text.replace("\\\n", " ").split()
    subprocess.run([Path(sys.executable).with_name(words[0]), *words[1:]], cwd=tmp_path, check=True, timeout=120)
    runner = [sys.executable, "run.py", "cases.ndjson"]
    done = subprocess.run(runner, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert types_on_corpus.differences("pydantic", READABLE, done.stdout) == []
