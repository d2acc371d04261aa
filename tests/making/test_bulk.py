"""Bulk generation: the same bytes for the same seed, conforming events conform, broken ones break."""

from __future__ import annotations

import hashlib
import json
from itertools import islice

import pytest

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.making import bulk
from vpc_backup_events.making.draft import compact
from vpc_backup_events.making.mutations import breaches, mutations
from vpc_backup_events.values.report import PROFILES

PAIRS = tuple(catalog.pairs.values())
# of 1,000 events with the seed 7; a change of generator or catalog changes it, another interpreter must not
DIGEST = "eab8f1fe7d7089634d394b66e8cd9e66ca641cb4cabe88eb5ec5b148bd5dc9f1"
SEEDS = range(50)
EACH = 2_000


def test_the_same_seed_gives_the_same_bytes():
    first, again, other = (b"".join(islice(bulk.conforming(PAIRS, seed), 1_000)) for seed in (7, 7, 8))
    assert first == again
    assert first != other
    assert hashlib.sha256(first).hexdigest() == DIGEST


@pytest.mark.representatives("0")
@pytest.mark.parametrize("seed", SEEDS)
def test_no_conforming_event_is_accused(seed):
    """With all seeds, 100,000 events."""
    for profile in PROFILES:
        for event in islice(bulk.conforming(PAIRS, seed, profile), EACH // 2):
            for asked in {profile, "documented"}:
                assert vbe.check(event, asked).findings == ()


@pytest.mark.representatives("0")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_breach_is_found_by_its_id(seed):
    """With all seeds, 100,000 breaches."""
    for profile in PROFILES:
        broken = breaches(profile, ("object", "text", "message"))
        for event, mutation in islice(bulk.changed(PAIRS, broken, seed), EACH // 2):
            findings = vbe.check(event, profile).findings
            assert {f.requirement for f in findings if f.level == "error"} == {mutation.requirement}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_a_million_events_and_a_hundred_thousand_breaches_in_each_profile(seed):
    for profile in PROFILES:
        for event in islice(bulk.conforming(PAIRS, seed, profile), 100_000):
            assert vbe.check(event, profile).findings == ()
        broken = breaches(profile, ("object", "text", "message"))
        for event, mutation in islice(bulk.changed(PAIRS, broken, seed), 10_000):
            findings = vbe.check(event, profile).findings
            assert {f.requirement for f in findings if f.level == "error"} == {mutation.requirement}


def test_objects_are_broken_as_text_too():
    for event, mutation in islice(bulk.changed(PAIRS, breaches("documented"), 3), 1_000):
        report = check_inputs([("event.json", compact(event).encode())])
        assert {f.requirement for f in report.findings if f.level == "error"} == {mutation.requirement}


def test_every_pair_and_every_mutation_has_its_turn():
    types = [json.loads(event)["type"] for event in islice(bulk.conforming(PAIRS, 1), 2_000)]
    assert set(types) == set(catalog.event_types)
    every = list(mutations.values())
    assert [m for _, m in islice(bulk.changed(PAIRS, every, 1), len(every))] == every


def test_no_mutation_that_fits_ends_at_once():
    creation = [p for p in PAIRS if "creation" in p.event_type]
    assert list(bulk.changed(creation, [mutations["P15-job-type-retention/retention"]])) == []


def test_ids_differ():
    ids = {json.loads(event)["id"] for event in islice(bulk.conforming(PAIRS, 1), 20_000)}
    assert len(ids) == 20_000
