"""What an event says of the failed job, member by member, and which reasons a text names."""

from __future__ import annotations

import json
import re

import pytest

import vpc_backup_events as vbe
from helpers.emails import with_payload
from helpers.events import details_of, edited, event_of
from vpc_backup_events import catalog
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.checking.findings import finding, show
from vpc_backup_events.checking.interpretation import canonical_type, expected, interpret
from vpc_backup_events.checking.reason_texts import named_by
from vpc_backup_events.checking.schema import _expected
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import email_body, scenario_of
from vpc_backup_events.values.breach import Breach

PAIRS = list(catalog.pairs.values())
PAIR = PAIRS[0]
# words of the API's and the documentation's spellings that name no reason by themselves
COMMON = {"a", "backup", "can", "consistency", "group", "in", "is", "not", "of", "per", "service"}
COMMON |= {"snapshot", "snapshots", "source", "state", "the", "to", "volume"}
CURRENT = [code for code in catalog.api_codes.values() if code.status == "current" and any(code.tokens.values())]


def ids(event, profile="documented"):
    return {f.requirement for f in vbe.check(event, profile).findings}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_every_member_of_an_event_is_interpreted(pair):
    event_type = catalog.event_types[pair.event_type]
    details = {**details_of(pair), "backup_policy_job": "r006-1", "resource": "crn:v1:x"}
    assert interpret(event_of(pair, details)) == {
        "source": event_type.type.rpartition(".")[0],
        "id": "0f6a1c52-3f0e-4d5e-9a57-6c1f0b7c2d11",
        "event_type": event_type.type,
        "resource_type": event_type.resource_type,
        "job_type": event_type.job_type,
        "reason": pair.reason,
        "severity": "medium",
        "backup_policy": "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        "backup_policy_plan": "r006-076191ba-49c2-4763-94fd-c70de73ee2e6",
        "backup_policy_job": "r006-1",
        "resource": "crn:v1:x",
    }


@pytest.mark.parametrize("value", [" ", 1, None, ["x"]])
def test_what_is_no_text_is_left_out(value):
    told = interpret(edited(PAIR, backup_policy=value, job_type=value))
    assert "backup_policy" not in told
    assert "job_type" not in told


def test_two_codes_that_differ_are_no_reason():
    reasons = [{"status": PAIRS[1].reason}]
    assert "reason" not in interpret(edited(PAIR, reasons=reasons))
    assert interpret(edited(PAIR, reasons=[{"status": PAIR.reason}]))["reason"] == PAIR.reason


def test_a_job_of_retention_is_a_deletion():
    assert interpret(edited(PAIR, job_type="retention"))["job_type"] == "deletion"
    # a word that nobody knows is told as it is
    assert interpret(edited(PAIR, job_type="rotation"))["job_type"] == "rotation"


@pytest.mark.parametrize("event_type", catalog.event_types.values(), ids=lambda event_type: event_type.type)
def test_an_alias_of_a_type_is_that_type(event_type):
    for alias in event_type.aliases:
        assert canonical_type(alias) == event_type.type
    assert canonical_type("x") == "x"
    assert canonical_type(None) is None


def test_what_a_scenario_leads_to_is_what_its_event_says_with_the_facts_of_the_scenario():
    facts = scenario_of(PAIR, Plain())
    event = event_of(PAIR, id="own")
    told = expected(facts, event)
    assert told.keys() == interpret(event).keys()
    assert (told["id"], told["backup_policy"]) == ("own", facts.backup_policy)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_a_text_names_a_reason_without_the_words_that_many_have(pair):
    for spelling in (*(s.spelling for s in pair.spellings), pair.api_code.code or ""):
        words = [word for word in re.findall(r"[a-z0-9]+", spelling.lower()) if word not in COMMON]
        if words:
            assert pair.id in named_by(f"It was {' '.join(words)} that day"), spelling


@pytest.mark.parametrize("word", sorted(COMMON))
def test_a_word_that_many_reasons_have_names_none(word):
    assert named_by(f"{word} x") == frozenset()


@pytest.mark.parametrize("code", CURRENT, ids=lambda code: code.code)
def test_a_code_of_the_api_is_as_good_as_the_token_while_it_is_current(code):
    for id in filter(None, code.tokens.values()):
        details = {"status_reason": f"{code.code}: x"}
        assert not {name for name in ids(edited(catalog.pairs[id], **details), "strict") if name.startswith("P16")}


def test_a_code_that_the_api_has_renamed_is_a_matter_of_spelling_in_strict():
    renamed = catalog.api_codes["source_unavailable"]
    event = edited(catalog.pairs[renamed.tokens["volume"]], status_reason=f"{renamed.code}: x")
    assert "P16-code-spelling" in ids(event, "strict")


def test_a_secret_in_the_event_below_an_email_is_told_once_at_its_place():
    event = event_of(PAIR, password="Bearer abcdefghijklmnopqrstuvwxyz")
    secrets = [f.pointer for f in vbe.check(with_payload(event)).findings if f.requirement == "P20-no-secret"]
    assert secrets == ["/body#/password"]


# ------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a" * 78, '"' + "a" * 78 + '"'),
        ("a" * 81, '"' + "a" * 75 + '..."'),
        (10**100 + 7, "1" + "0" * 75 + "...7"),
        ({"a": 1}, "an object"),
        ([1], "a list"),
        (True, "true"),
    ],
)
def test_a_value_is_shown_in_one_line_of_eighty_characters(value, text):
    assert show(value, False) == text


def test_a_word_that_a_breach_does_not_have_stays_a_word_to_fill_in():
    told = finding(Breach("P12-status-failure", ("x",), {}), "documented", None)
    assert told is not None
    assert "{value}" in told.message


def test_the_hint_on_a_status_of_success_has_the_words_of_the_documentation():
    (told,) = (
        f
        for f in vbe.check(edited(PAIR, status="Backup job succeeded")).findings
        if f.requirement == "P12-status-failure"
    )
    assert catalog.examples.short_text in told.hint


def test_an_email_of_prose_has_no_event_of_its_own():
    facts = scenario_of(PAIR, Plain())
    told = interpret((catalog.event_types[PAIR.event_type].title, email_body(facts)))
    assert told["event_type"] == PAIR.event_type
    assert json.dumps(told).count("backup_policy_job") == 1


def test_an_event_is_sent_again_whatever_the_order_of_its_members():
    event = event_of(PAIR)
    turned = dict(reversed(event.items()))
    inputs = [("a.json", json.dumps(event).encode()), ("b.json", json.dumps(turned).encode())]
    assert "P10-id-unique" not in {f.requirement for f in check_inputs(inputs).findings}


def test_a_value_with_several_documented_forms_is_told_all_of_them():
    assert _expected({"const": 1, "examples": [2]}) == "1"
    assert _expected({"examples": ["a", "b"]}) == "a or b"
    assert _expected({"enum": ["a", "b", "c"]}) == "a, b, c"
    assert _expected({}) == ""
