"""The catalog is complete, consistent, and its ids are stable."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schema_patterns import normal_pattern
from vpc_backup_events import catalog
from vpc_backup_events.catalog import normal_form
from vpc_backup_events.checking.rules import RULES
from vpc_backup_events.spec.schemas import schemas
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.levels import PROFILES

CATALOG = data_root("schemas") / "catalog"
FILES = sorted(p for p in CATALOG.rglob("*.json") if p.name != "catalog.schema.json")
IDS = Path(__file__).with_name("requirement-ids.txt")


@pytest.fixture(scope="module")
def catalog_validator():
    schema = json.loads((CATALOG / "catalog.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_valid_under_the_schema_of_the_catalog(path, catalog_validator):
    assert list(catalog_validator.iter_errors(json.loads(path.read_bytes()))) == []


def test_the_numbers_of_the_documentation():
    assert len(catalog.event_types) == 4
    assert len(catalog.pairs) == 20
    assert len(catalog.reasons) == 16
    assert len(catalog.positions) == 37
    assert len(catalog.ledger) == 74


def test_every_position_has_requirements_and_every_reference_leads_somewhere():
    assert {r.position for r in catalog.requirements.values()} == set(catalog.positions)
    for requirement in catalog.requirements.values():
        assert requirement.id.startswith(requirement.position + "-")
        assert set(requirement.ledger) <= set(catalog.ledger)
        assert requirement.refines <= set(catalog.requirements)
        assert requirement.doc.startswith("https://")
        assert (requirement.kind in ("derived", "inferred")) == bool(requirement.basis)
        assert (requirement.kind == "derived") == bool(requirement.premise)


@pytest.mark.parametrize("profile", PROFILES)
def test_what_a_profile_does_not_judge_makes_nothing_pointless(profile):
    # so that it need not be looked for
    unjudged = {r.id for r in catalog.requirements.values() if r.profiles[profile] == "none"}
    assert [r.id for r in catalog.requirements.values() if r.refines & unjudged] == []


def test_ids_are_stable_forever():
    committed = IDS.read_text().split()
    assert committed == sorted(set(committed))
    assert set(committed) - set(catalog.requirements) == set(), "an id was removed or renamed"
    assert set(catalog.requirements) - set(committed) == set(), f"add the new ids to {IDS.name}"


def carried(value, found):
    if isinstance(value, dict):
        for ids in value.get("x-requirements", {}).values():
            found.update(ids.values() if isinstance(ids, dict) else [ids])
        for item in value.values():
            carried(item, found)
    elif isinstance(value, list):
        for item in value:
            carried(item, found)
    return found


def test_every_checked_requirement_is_carried_by_a_keyword_or_a_rule():
    in_schemas = carried(schemas(), set())
    readers = {
        "P10-id-unique",
        "P11-details-duplicate-member",
        "P11-details-json",
        "P11-event-duplicate-member",
        "P11-event-json",
        "P11-line-break",
        "P11-prose",
        "P11-raw-line-break",
        "P11-unquoted-id",
        "P03-surrogate",
        "P25-header-encoding",
        "P25-media-type",
    }
    checked = {r.id for r in catalog.requirements.values() if r.status == "checked" and r.check in ("schema", "rule")}
    assert checked - in_schemas - set(RULES) - readers == set()
    assert (in_schemas | set(RULES) | readers) - checked == set()


def test_the_pattern_of_a_normal_form_accepts_exactly_its_spellings():
    spellings = {s.spelling for pair in catalog.pairs.values() for s in pair.spellings} | set(catalog.api_codes)
    spellings |= {s.upper() for s in spellings} | {s.replace("_", "-") for s in spellings}
    normals = {normal_form(s) for s in spellings}
    for normal in normals:
        pattern = re.compile(f"(?:{normal_pattern(normal)})\\Z")
        for spelling in spellings:
            assert bool(pattern.match(spelling)) == (normal_form(spelling) == normal), (normal, spelling)


# a reason or a problem that is filled in is a sentence of its own
FILLED = ("{reason}", "{problem}", "{value}")


@pytest.mark.parametrize("id", sorted(catalog.requirements))
def test_messages_and_hints_are_whole_sentences_in_the_words_of_the_reader(id):
    requirement = catalog.requirements[id]
    for text in (requirement.message, requirement.hint):
        assert re.match("[A-Z`{]", text), text
        assert text.endswith((".", '."', "...", *FILLED)), text
        assert not re.search(r"\b(the )?seed\b", text, re.IGNORECASE), text


def requirement_entry(**changes):
    """A derived requirement of the register, changed."""
    entries = json.loads((CATALOG / "requirements" / "delivery.json").read_bytes())["requirements"]
    entry = next(entry for entry in entries if entry["id"] == "P25-some-form")
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "inferred", "premise": None},
        {"kind": "derived", "premise": None},
        {"kind": "derived", "basis": None},
        {"kind": "documented"},
        {"kind": "documented", "premise": None},
    ],
    ids=["inferred error", "no premise", "no basis", "documented with premise", "documented with basis"],
)
def test_the_schema_refuses_an_inferred_error_and_a_derivation_that_does_not_say_from_what(changes):
    validator = Draft202012Validator(json.loads((CATALOG / "catalog.schema.json").read_bytes()))
    assert validator.is_valid({"requirements": [requirement_entry()]})
    assert not validator.is_valid({"requirements": [requirement_entry(**changes)]})
