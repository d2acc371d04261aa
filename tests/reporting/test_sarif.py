"""SARIF 2.1.0: the parts of the standard's schema that the report uses, every object closed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from helpers.report_runs import RUNS, conforming, finding, hostile, lint, mixed, of_suite, suite
from vpc_backup_events import catalog
from vpc_backup_events.reporting import render_run
from vpc_backup_events.values.report import Source

LEVEL = {"enum": ["none", "note", "warning", "error"]}
TEXT = {"type": "string", "minLength": 1}


def closed(required=(), **properties):
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def list_of(items, **more):
    return {"type": "array", "items": items, **more}


MULTIFORMAT = closed(["text"], text=TEXT, markdown=TEXT)
INDEX = {"type": "integer", "minimum": 0}
URI = {"type": "string", "format": "uri"}
LOCATION = closed(
    physicalLocation=closed(
        ["artifactLocation"],
        artifactLocation=closed(["uri"], uri={"type": "string", "pattern": r"^[!-~]+$"}, uriBaseId=TEXT),
        region=closed(["startLine"], startLine={"type": "integer", "minimum": 1}),
    ),
    logicalLocations=list_of(
        closed(name=TEXT, fullyQualifiedName=TEXT, decoratedName={"type": "string"}, kind=TEXT), uniqueItems=True
    ),
)
RULE = closed(
    ["id"],
    id=TEXT,
    shortDescription=MULTIFORMAT,
    fullDescription=MULTIFORMAT,
    help=MULTIFORMAT,
    helpUri=URI,
    defaultConfiguration=closed(level=LEVEL),
    properties={"type": "object", "properties": {"tags": list_of(TEXT, uniqueItems=True)}},
)
RESULT = closed(
    ["message"],
    ruleId=TEXT,
    ruleIndex=INDEX,
    level=LEVEL,
    message=MULTIFORMAT,
    locations=list_of(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    suppressions=list_of(closed(["kind"], kind={"enum": ["inSource", "external"]}, justification=TEXT)),
)
NOTIFICATION = closed(
    ["message"], message=MULTIFORMAT, level=LEVEL, associatedRule=closed(["id"], id=TEXT, index=INDEX)
)
RUN = closed(
    ["tool"],
    tool=closed(
        ["driver"],
        driver=closed(
            ["name"],
            name=TEXT,
            semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
            informationUri=URI,
            rules=list_of(RULE, uniqueItems=True),
        ),
    ),
    automationDetails=closed(id=TEXT),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=list_of(
        closed(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications=list_of(NOTIFICATION),
        )
    ),
    results=list_of(RESULT),
    properties={"type": "object"},
)
LOG = closed(["version", "runs"], **{"$schema": URI}, version={"const": "2.1.0"}, runs=list_of(RUN, minItems=1))


def log(run):
    document = json.loads(render_run(run, "sarif"))
    Draft202012Validator(LOG, format_checker=FormatChecker()).validate(document)
    return document["runs"][0]


@pytest.mark.parametrize("name", RUNS)
def test_every_log_has_the_shape_of_the_standard(name):
    one = log(RUNS[name]())
    rules = one["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in one["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    prints = [json.dumps(result["partialFingerprints"]) for result in one["results"]]
    assert len(set(prints)) == len(prints)


def test_the_rules_are_what_the_verb_judges():
    def ids(run):
        return {rule["id"] for rule in log(run)["tool"]["driver"]["rules"]}

    assert ids(conforming()) == ids(mixed())
    checks = {id for id in ids(conforming()) if catalog.requirements[id].check not in ("schema", "rule")}
    assert checks == set()
    assert all(catalog.requirements[id].check == "lint" for id in ids(lint()))
    one = suite()
    assert ids(of_suite(one)) == {result.requirement.id for result in one.results}


def test_a_rule_has_its_level_its_texts_and_its_link():
    rules = log(conforming())["tool"]["driver"]["rules"]
    (rule,) = [rule for rule in rules if rule["id"] == "P08-severity-known"]
    entry = catalog.requirements["P08-severity-known"]
    assert rule["defaultConfiguration"] == {"level": entry.profiles["documented"]}
    assert rule["fullDescription"] == {"text": entry.sentence}
    assert rule["helpUri"] == entry.doc
    assert entry.doc in rule["help"]["markdown"]


def test_results_have_level_place_and_pointer():
    first, second, third, fourth = log(mixed())["results"]
    assert [each["level"] for each in (first, second, third, fourth)] == ["error", "warning", "note", "error"]
    assert first["message"]["text"] == 'It is urgent.\nWrite "medium".'
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "events.ndjson", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3},
    }
    assert second["locations"][0]["logicalLocations"][0]["decoratedName"] == "/ibmendefaultlong#/backup_policy"
    assert "physicalLocation" not in third["locations"][0]
    assert "physicalLocation" not in fourth["locations"][0]


@pytest.mark.parametrize(
    ("file", "uri"),
    [("./a b.json", "a%20b.json"), ("/tmp/é.json", "file:///tmp/%C3%A9.json"), ("c:d.json", "c%3Ad.json")],
)
def test_files_are_uris(file, uri):
    run = mixed()
    run = replace(run, report=replace(run.report, findings=(finding("error", source=Source(file)),)))
    (result,) = log(run)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_fingerprint_does_not_change_with_the_line_or_the_words():
    def prints(**more):
        run = mixed()
        run = replace(run, report=replace(run.report, findings=(finding("error", **more),)))
        return log(run)["results"][0]["partialFingerprints"]

    assert prints() == prints(source=Source("events.ndjson", 99, 2), message="other", hint="")
    assert prints() != prints(pointer="/id")
    assert prints() != prints(source=Source("other.ndjson", 3, 2))


def test_known_gaps_are_suppressed_and_what_was_not_judged_is_told():
    one = log(of_suite(suite(errors=("it ended",))))
    suppressed = [result for result in one["results"] if "suppressions" in result]
    assert len(suppressed) == 1
    (invocation,) = one["invocations"]
    assert invocation["executionSuccessful"] is False
    texts = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert texts == ["it ended", "skipped: sent a\ngot b", "not exercised: sent a\ngot b", "errored: sent a\ngot b"]


def test_hostile_text_is_neither_link_nor_placeholder():
    messages = [result["message"]["text"] for result in log(hostile())["results"]]
    assert not any("](" in message for message in messages)
    assert any("{{0}} {{{{x}}}}" in message for message in messages)
