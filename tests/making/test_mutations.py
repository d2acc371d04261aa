"""Every mutation breaks what it is named for and nothing else; every requirement and every keyword has one."""

from __future__ import annotations

import json

import pytest

import vpc_backup_events as vbe
from helpers.keywords import broken_by
from vpc_backup_events import catalog
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.making.choices import Plain, Seeded
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.making.keywords import keywords
from vpc_backup_events.making.mutations import breaches, mutations, quirks
from vpc_backup_events.values.report import PROFILES

CHECKED = [r for r in catalog.requirements.values() if r.status == "checked" and r.check in ("schema", "rule", "email")]


def made(mutation, pair, seed):
    choices = Plain() if seed is None else Seeded(seed)
    return mutation.apply(draft(scenario_of(pair, choices), choices.uuid()), choices)


def judged(mutation, event, profile):
    if mutation.form == "batch":
        return check_inputs([("batch", json.dumps(event).encode())], profile)
    return vbe.check(event, profile)


def fitting(mutation):
    return [pair for pair in catalog.pairs.values() if mutation.fits(scenario_of(pair, Plain()))]


def breaks_its_requirement(mutation, pair, seed):
    """Whether it breaks its requirement and nothing else, in the plainest event of the pair and in one of chance."""
    for event in (made(mutation, pair, None), made(mutation, pair, seed)):
        for profile in PROFILES:
            report = judged(mutation, event, profile)
            assert {f.requirement for f in report.findings} == mutation.expected(profile), (pair.id, event)
            assert report.ok is not bool(mutation.errors(profile))


@pytest.mark.parametrize("mutation", mutations.values(), ids=lambda m: m.name)
def test_a_mutation_breaks_its_requirement_and_nothing_else(mutation):
    pairs = fitting(mutation)
    assert pairs
    # the first, the last, and some between
    for pair in {pair.id: pair for pair in (*pairs[::6], pairs[-1])}.values():
        breaks_its_requirement(mutation, pair, len(mutation.name))


@pytest.mark.exhaustive
@pytest.mark.parametrize("mutation", mutations.values(), ids=lambda m: m.name)
def test_a_mutation_breaks_its_requirement_in_events_of_every_pair(mutation):
    for seed, pair in enumerate(fitting(mutation)):
        breaks_its_requirement(mutation, pair, seed)


@pytest.mark.parametrize("requirement", CHECKED, ids=lambda r: r.id)
def test_every_requirement_of_an_event_has_a_mutation(requirement):
    named = [m for m in mutations.values() if m.requirement == requirement.id]
    assert named
    for profile in PROFILES:
        if requirement.profiles[profile] == "error" and requirement.id not in NEVER_ALONE[profile]:
            forms = ("object", "text", "message", "batch", "email")
            assert any(m.requirement == requirement.id for m in breaches(profile, forms))


# P23 speaks of the email's JSON, which in an event stands in prose: strict forbids that too. A share comes with a
# share's code.
EMAIL = {"backup-policy", "backup-policy-job", "backup-policy-plan", "match-resource-type", "job-type", "resource"}
NEVER_ALONE = {
    "documented": set(),
    "strict": {f"P23-{name}" for name in EMAIL} | {"P14-resource-type-share", "P16-code-share"},
}


@pytest.mark.exhaustive
def test_every_keyword_that_carries_a_requirement_is_broken_by_a_mutation_of_it():
    broken = set()
    for mutation in mutations.values():
        if mutation.form not in ("batch", "email"):
            for pair in catalog.pairs.values():
                if mutation.fits(scenario_of(pair, Plain())):
                    broken |= broken_by(made(mutation, pair, None), pair.reason)
    assert len(keywords()) > 250
    assert [str(keyword) for keyword in keywords() if keyword not in broken] == []


def test_every_quirk_is_accepted_by_documented():
    assert len(quirks()) > 50
    for quirk in quirks():
        assert quirk.errors("documented") == frozenset()
        assert all(entry in catalog.ledger for entry in quirk.ledger)


def test_every_position_that_documented_warns_of_has_a_quirk_or_a_mutation():
    warned = {r.id for r in CHECKED if r.profiles["documented"] == "warning"}
    assert warned - {m.requirement for m in mutations.values()} == set()
