"""What filters let through, the traps they are in, and the filters that work."""

from __future__ import annotations

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.forms import forms
from vpc_backup_events.authoring.filters.reach import reach_of
from vpc_backup_events.authoring.filters.review import explain
from vpc_backup_events.authoring.filters.wishes import filter_for
from vpc_backup_events.making import corpus
from vpc_backup_events.values.report import PROFILES

CASES = {case.file: json.loads(case.data) for case in corpus.cases() if case.kind == "filter"}
PAIRS = sorted(catalog.pairs)


@pytest.mark.representatives(
    "filters/always.json",
    "filters/never.json",
    "filters/path-into-long-text.json",
    "filters/reason-token.json",
    "filters/severity-capitals.json",
    "filters/terraform-pattern.json",
    "filters/type-short.json",
    "filters/works-reason.json",
)
@pytest.mark.parametrize("file", CASES)
def test_a_filter_is_in_exactly_the_traps_of_its_case(file):
    case = CASES[file]
    for profile in PROFILES:
        explained = explain(parse(case["expression"]), profile)
        assert sorted({f.requirement for f in explained.report.findings}) == case["findings"][profile]
    assert sorted(explained.reach.full) == case["passes"]
    assert sorted(explained.reach.any - explained.reach.full) == case["in_part"]
    assert explained.fixed == case["fixed"]
    if case["requirement"]:
        assert case["requirement"] in case["findings"]["strict"] + case["findings"]["documented"]


@pytest.mark.representatives(
    "filters/severity-capitals.json", "filters/type-short.json", "filters/reason-capitals.json"
)
@pytest.mark.parametrize("file", [file for file, case in CASES.items() if case["intended"] is not None])
def test_the_filter_that_works_passes_exactly_what_was_meant(file):
    case = CASES[file]
    explained = explain(parse(case["fixed"]))
    assert sorted(explained.reach.full) == sorted(explained.reach.any) == case["intended"]
    assert {f.requirement for f in explained.report.findings} <= {"P37-filter-always"}
    trap = next(
        f
        for profile in PROFILES
        for f in explain(parse(case["expression"]), profile).report.findings
        if f.requirement == case["requirement"]
    )
    assert trap.hint.endswith(case["fixed"])
    assert trap.message[0] != "{"


def test_there_are_filters_that_are_in_no_trap():
    free = [case for case in CASES.values() if case["requirement"] is None]
    assert len(free) >= 5
    assert all(case["findings"]["documented"] == [] for case in free)


def test_every_reason_has_a_filter_of_its_own():
    for pair in PAIRS:
        made = reach_of(parse(filter_for(frozenset({pair}))))
        assert made.full == made.any == {pair}


@pytest.mark.exhaustive
@settings(max_examples=30)
@given(st.sets(st.sampled_from(PAIRS), min_size=1))
def test_reasons_in_any_combination_have_a_filter(pairs):
    expression = filter_for(frozenset(pairs))
    explained = explain(parse(expression))
    assert explained.reach.full == explained.reach.any == pairs
    assert explained.ok


def test_the_forms_are_events_of_the_documented_profile():
    for form in random.Random(1).sample(forms(), 60):
        assert vbe.check(form.event).ok, form.name


def test_the_filter_of_event_types_agrees_with_the_events():
    for kind in catalog.event_types:
        made = reach_of(parse(f'$.type == "{kind}"'))
        assert made.any == {p.id for p in catalog.pairs.values() if p.event_type == kind}
    counts = dict(reach_of(parse('$.ibmenseverity == "medium"')).severities)
    assert counts["medium"] == 20
    assert sum(counts.values()) == 20


@pytest.mark.parametrize(
    "expression",
    [
        "$.ibmendefaultlong =~ 'crn:v1:bluemix:public:is:us-south-1:a/1234'",
        '$.ibmensourceid == "41cdb7d4-db3e-496b-b7df-d4ead362c412:api"',
        '$.source == "com.ibm.cloud.is.backup-policy"',
        '$.id == "b2198eb8-04b1-48ec-a78c-ee87694dd845"',
    ],
)
def test_a_filter_on_facts_that_differ_from_account_to_account_is_not_accused(expression):
    explained = explain(parse(expression))
    assert explained.report.findings == ()
    assert explained.reach.any == frozenset(PAIRS)


@pytest.mark.parametrize(
    "expression", ["$.severity == 'medium'", "$.data.severity == 'medium'", "$.severity == 'MEDIUM'"]
)
def test_the_attribute_that_is_meant_is_written(expression):
    assert explain(parse(expression)).fixed == '$.ibmenseverity == "medium"'


def test_a_backslash_becomes_a_class():
    explained = explain(parse('$.type =~ "backup\\-volume"'))
    assert explained.fixed == '$.type =~ "backup[-]volume"'
    assert [finding.requirement for finding in explained.report.findings] == ["P11-filter-backslash"]


def test_what_is_assumed_is_said():
    explained = explain(parse('$.id == "x" && $.type == "com.ibm.cloud.is.backup-policy.backup-volume-creation"'))
    assert explained.assumed == ('$.id == "x"',)
    assert len(explained.reach.full) == 7


@pytest.mark.exhaustive
@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["type", "ibmenseverity", "severity", "data.x", "ibmendefaultlong", "ibmendefaultlong.job_type", "foo"]
            ),
            st.sampled_from(["==", "!=", "=~"]),
            st.sampled_from(
                ["medium", "MEDIUM", "x", "a:b", "creation", "snapshot-quota-reached", "[.]", "(?!x)", "r006-1"]
            ),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([" && ", " || "]),
    st.booleans(),
)
def test_any_filter_is_explained(conditions, joined, negated):
    text = joined.join(f'$.{name} {operator} "{value}"' for name, operator, value in conditions)
    explained = explain(parse(f"not({text})" if negated else text))
    for finding in explained.report.findings:
        assert "{" not in finding.message.replace("{1", "")
        assert finding.hint
    if explained.fixed:
        assert explain(parse(explained.fixed)).ok
    if explained.reach.nothing:
        assert explained.report.findings


@pytest.mark.exhaustive
def test_no_filter_that_the_kit_suggests_is_in_a_trap():
    for one, other in itertools.islice(itertools.combinations(PAIRS, 2), 0, None, 7):
        expression = filter_for(frozenset({one, other}))
        assert {f.level for f in explain(parse(expression)).report.findings} <= {"note"}


@pytest.mark.parametrize(
    ("expression", "fixed"),
    [
        ('$.type =~ "^(?!.*instance).*$"', 'not($.type =~ "instance")'),
        ('$.type =~ "(?=.*volume)(?=.*creation).*"', '$.type =~ "volume" && $.type =~ "creation"'),
        ('$.source =~ "(?=com[.]ibm).*backup"', '$.source =~ "com[.]ibm" && $.source =~ "backup"'),
        ('$.type =~ "(?<=a)b(?=c)"', ""),
    ],
)
def test_look_around_becomes_conditions_of_its_own_where_that_is_simple(expression, fixed):
    explained = explain(parse(expression))
    assert explained.fixed == fixed
    assert [finding.requirement for finding in explained.report.findings] == ["P37-filter-look-around"]


CREATED = '$.type =~ "[.](backup-volume-creation|backup-instance-creation)$"'
INSTANCE = '$.ibmensourceid == "a"'


@pytest.mark.parametrize("joined", ["&&", "||"])
def test_a_condition_on_other_facts_is_kept_as_it_is_and_told_as_assumed(joined):
    explained = explain(parse(f'$.ibmendefaultlong.job_type == "creation" {joined} {INSTANCE}'))
    assert explained.fixed == f"{CREATED} {joined} {INSTANCE}"
    assert explained.as_json()["assumed"] == [INSTANCE]


@pytest.mark.parametrize(
    ("expression", "requirement"),
    [('"a" == "b"', "P37-filter-never"), ("1 == 1", "P37-filter-always"), ("null == 5", "P37-filter-never")],
)
def test_a_filter_that_compares_two_values_is_explained(expression, requirement):
    explained = explain(parse(expression))
    assert [finding.requirement for finding in explained.report.findings] == [requirement]
    assert explained.fixed == ""


@pytest.mark.parametrize("path", ["$.ibmendefaultlong.job_type", "$.job_type", "$.foo", "$.data.x"])
def test_a_path_that_leads_nowhere_is_named(path):
    (finding,) = explain(parse(f'{path} == "creation"')).report.findings
    assert path in finding.message
