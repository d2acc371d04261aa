"""`check` and the oracle, two implementations of the same positions, say the same of every case."""

from __future__ import annotations

import json

import pytest

import vpc_backup_events as vbe
from oracle.cases import cases
from oracle.judge import judge
from oracle.levels import LEVELS
from vpc_backup_events import catalog
from vpc_backup_events.making import corpus
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.values.report import PROFILES

CASES = [case for case in corpus.cases() if case.kind in ("event", "text")]
MUTATIONS = [m for m in mutations.values() if m.form in ("object", "text")]
# what rests on a message, an email, the scenario or another event is not the oracle's
ELSEWHERE = ("P25-", "P21-", "P22-", "P23-text-agrees", "P10-id-unique")


def assert_same(event, profile, *, what):
    said = {(f.requirement, f.level) for f in vbe.check(event, profile).findings}
    expected = judge(event, profile)
    assert said - expected == set(), f"check alone, {what}"
    assert expected - said == set(), f"the oracle alone, {what}"


def test_the_oracle_knows_every_requirement_of_an_event_and_its_levels():
    register = {
        r.id: tuple(None if r.profiles[p] == "none" else r.profiles[p] for p in PROFILES)
        for r in catalog.requirements.values()
        if r.status == "checked" and r.check in ("schema", "rule") and not r.id.startswith(ELSEWHERE)
    }
    assert {id: levels for id, levels in LEVELS.items() if not id.startswith(ELSEWHERE)} == register


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_corpus(case, profile):
    assert_same(case.data, profile, what=case.file)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_mutations(mutation):
    pairs = [p for p in catalog.pairs.values() if mutation.fits(scenario_of(p, Seeded(0)))]
    for seed, pair in enumerate(pairs[:2]):
        choices = Seeded(seed)
        event = mutation.apply(draft(scenario_of(pair, choices), choices.uuid()), choices)
        for profile in PROFILES:
            assert_same(event, profile, what=f"{pair.id}, seed {seed}")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", ["first", "second", "third", "fourth"])
def test_random_changes(seed, profile):
    for number, event in enumerate(cases(seed, 200)):
        assert_same(event, profile, what=f"case {number} of {seed}: {event!r}")


@pytest.mark.soak
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", range(20))
def test_many_random_changes(seed, profile):
    for number, event in enumerate(cases(f"soak {seed}", 10_000)):
        assert_same(event, profile, what=f"case {number} of soak {seed}: {event!r}")


@pytest.mark.soak
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_mutations_of_every_pair_in_both_forms(mutation):
    for seed, pair in enumerate(catalog.pairs.values()):
        choices = Seeded(seed)
        scenario = scenario_of(pair, choices)
        if not mutation.fits(scenario):
            continue
        event = mutation.apply(draft(scenario, choices.uuid()), choices)
        forms = [event, json.dumps(event)] if isinstance(event, dict) else [event]
        for form in forms:
            for profile in PROFILES:
                assert_same(form, profile, what=f"{pair.id}, seed {seed}")
