"""The corpus is whole, its verdicts hold, and a case is found by what it is about."""

from __future__ import annotations

import json
from collections import Counter

import pytest

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.making import corpus
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import PROFILES

CASES = corpus.cases()
JUDGED = [case for case in CASES if case.expected]


@pytest.mark.parametrize("case", JUDGED, ids=str)
def test_check_says_what_the_manifest_says(case):
    for profile in PROFILES:
        if case.kind == "batch":
            report = check_inputs([(case.file, case.data)], profile)
        else:
            report = vbe.check(case.event, profile)
        assert report.ok is case.expected[profile].ok
        assert {f.requirement for f in report.findings} == case.expected[profile].findings


# the command line reads an array as several events, and finds none in this one
SEVERAL = {"invalid/P11-event-object/list.json": "P11-event-json"}


def test_the_command_line_reads_every_case_alike():
    for case in JUDGED:
        found = {f.requirement for f in check_inputs([(case.file, case.data)]).findings}
        named = {SEVERAL[case.file]} if case.file in SEVERAL else case.expected["documented"].findings
        assert found == named, case.file


def test_two_fifths_at_least_are_invalid():
    invalid = [case for case in CASES if case.expected and not case.expected["documented"].ok]
    assert len(invalid) >= 0.4 * len(CASES)


def test_every_pair_is_there_in_both_profiles_and_every_spelling():
    strict = {(c.scenario.event_type, c.scenario.reason) for c in CASES if c.file.startswith("valid/strict/")}
    documented = {(c.scenario.event_type, c.scenario.reason) for c in CASES if c.file.startswith("valid/documented/")}
    assert strict == documented == {(p.event_type, p.reason) for p in catalog.pairs.values()}
    spelled = [c.file for c in CASES if c.file.startswith("valid/spellings/")]
    assert spelled == sorted(
        f"valid/spellings/{p.id}-{s.spelling}.json" for p in catalog.pairs.values() for s in p.spellings
    )
    for case in CASES:
        if case.file.startswith("valid/strict/"):
            assert case.expected["strict"].findings == frozenset()
        if case.file.startswith(("valid/", "quirks/", "deliveries/")):
            assert case.expected["documented"].ok


def test_every_checked_requirement_has_a_failing_and_a_passing_case():
    found = {id for case in JUDGED for verdict in case.expected.values() for id in verdict.findings}
    assert {
        r.id for r in catalog.requirements.values() if r.status == "checked" and r.check in ("schema", "rule", "email")
    } == found
    assert any(not verdict.findings for case in JUDGED for verdict in case.expected.values())


def test_an_invalid_case_names_what_it_breaks():
    for case in CASES:
        if case.file.startswith("invalid/"):
            errors = {
                id
                for id in case.expected["documented"].findings
                if catalog.requirements[id].profiles["documented"] == "error"
            }
            assert errors == {case.requirement}


def test_descriptions_are_unique():
    assert [text for text, count in Counter(case.description for case in CASES).items() if count > 1] == []


def test_deliveries_come_in_every_mode_with_and_without_the_added_member():
    sent = {case.file.rpartition("/")[2].removesuffix(".http") for case in CASES if case.file.startswith("deliveries/")}
    modes = ("structured", "sdk-style", "binary", "structured-received", "sdk-style-received", "binary-received")
    assert sent == {f"{e.name}-{mode}" for e in catalog.event_types.values() for mode in modes}


def test_a_selection_is_what_was_asked_for():
    chosen = corpus.select(verdict="invalid", event_type="backup-volume-creation", requirement="P12-status")
    assert chosen
    for case in chosen:
        assert case.scenario.event_type.endswith("backup-volume-creation")
        assert "P12-status" in case.expected["documented"].findings
    assert {case.kind for case in corpus.select(kind="email")} == {"email"}
    assert all("D14" in case.ledger for case in corpus.select(ledger="D14"))
    assert all(case.expected["strict"].ok for case in corpus.select(profile="strict", verdict="valid"))
    assert {case.scenario.reason for case in corpus.select(reason="SOURCE_VOLUME_BUSY")}


@pytest.mark.parametrize("asked", [{"verdict": "fine"}, {"kind": "song"}, {"reason": "bad-luck"}, {"ledger": "D99"}])
def test_nothing_to_select_is_an_error(asked):
    with pytest.raises(UsageError):
        corpus.select(**asked)


def test_an_event_is_given_in_the_form_that_check_takes():
    by_kind = {case.kind: case.event for case in CASES if case.expected}
    assert isinstance(by_kind["event"], dict)
    assert isinstance(by_kind["text"], bytes)
    assert isinstance(by_kind["batch"], list)
    assert by_kind["message"].headers
    assert json.dumps(by_kind["event"])
