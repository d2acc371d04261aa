import json

import pytest
from jsonschema import Draft202012Validator

from helpers.report_runs import RUNS
from vpc_backup_events.reporting import render, render_run
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.report import LEVELS, PROFILES, Finding, Report, Source


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes()))


@pytest.mark.parametrize("source", [None, Source(), Source("a"), Source("a", 3), Source("a", 3, 2)], ids=str)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_report_is_valid_under_the_schema(validator, profile, level, source):
    report = Report(profile, (Finding("P01-id", level, "", "It is not there.", "", "", source),))
    document = json.loads(render(report, "json"))
    assert document == report.as_json()
    validator.validate(document)


@pytest.mark.parametrize("name", RUNS)
def test_every_run_is_valid_under_the_schema(validator, name):
    run = RUNS[name]()
    document = json.loads(render_run(run, "json"))
    validator.validate(document)
    assert document["ok"] is run.ok
    assert sum(len(suite.results) for suite in run.suites) == len(document.get("results", ()))


def test_every_object_is_closed_and_every_member_described(validator):
    def walk(schema):
        if isinstance(schema, dict):
            if schema.get("type") == "object" and "properties" in schema:
                assert schema["additionalProperties"] is False
                for name, member in schema["properties"].items():
                    assert "description" in member or "$ref" in member, name
            for name, value in schema.items():
                if name != "examples":
                    walk(value)

    walk(validator.schema)


@pytest.mark.parametrize("text", ["é", "日本", "a\ud800b", "\udcff", "\x00", "\x9b", '"\\', "\u2028"], ids=ascii)
def test_text_survives_unless_it_is_no_unicode(text):
    shown = json.loads(render(Report("strict", (Finding("P01-id", "note", "/" + text, "m", "", ""),)), "json").encode())
    expected = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
    assert shown["findings"][0]["pointer"] == "/" + expected


def test_a_format_that_does_not_exist():
    with pytest.raises(KeyError):
        render(Report("documented"), "xml")
