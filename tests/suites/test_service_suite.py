"""The service suite passes what conforms, and catches each fake by its requirement and no other."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.suites.service_trials import SERVICE, Given, ServiceRun
from vpc_backup_events.suites.trial import result_of, verdict

pytest.importorskip("uvicorn")
sys.path.insert(0, str(Path(__file__).parent))
import independent_service
from services import FAKES, FURTHER, INSTANCE, TOKEN, Fake, given, reference, undelivered

from vpc_backup_events.reference import backup_jobs_app, event_notifications_app
from vpc_backup_events.reference.server import both, serve

BROKEN = ("failed", "warned", "reported", "errored")


def results(service, token=TOKEN, instance_id=INSTANCE, profile="documented", given=None):
    run = ServiceRun(service, token, instance_id, profile, given)
    try:
        return [result_of(trial, run, profile) for trial in SERVICE]
    finally:
        run.close()


def test_every_requirement_of_a_service_that_is_judged_has_a_trial_and_a_fake():
    judged = {
        r.id
        for r in catalog.requirements.values()
        if r.status == "checked" and r.check == "suite" and "service" in r.subject
    }
    assert {trial.requirement.id for trial in SERVICE} == judged
    assert set(FAKES) == judged


@pytest.mark.parametrize("profile", ["documented", "strict"])
def test_the_reference_service_conforms(profile):
    app = reference()
    made = results(app, profile=profile, given=replace(given(app), fuzz=2))
    assert [(r.requirement.id, r.message) for r in made if r.status in (*BROKEN, "skipped")] == []
    assert verdict(made) == "conforming"
    assert [r.requirement.id for r in made if r.status == "not exercised"] == []


def test_one_of_both_services_is_judged_by_itself():
    made = results(event_notifications_app(token=TOKEN, instance_id=INSTANCE, deliver=undelivered), given=Given(fuzz=2))
    assert verdict(made) == "conforming"
    assert {r.requirement.position for r in made if r.status == "passed"} == {"P31", "P32", "P33", "P34", "P35"}
    made = results(backup_jobs_app(token=TOKEN))
    assert verdict(made) == "conforming"
    assert {r.requirement.position for r in made if r.status == "passed"} == {"P34", "P36"}


def test_an_independent_service_conforms():
    known = Given(backup_policy=independent_service.POLICY, backup_policy_job=independent_service.JOB, fuzz=0)
    app, token, instance = independent_service.service(), independent_service.TOKEN, independent_service.INSTANCE
    made = results(app, token, instance, given=known)
    assert [(r.requirement.id, r.message) for r in made if r.status in (*BROKEN, "skipped")] == []
    assert verdict(made) == "conforming"


def test_the_reference_service_conforms_over_a_socket():
    with serve(both(TOKEN, INSTANCE, deliver=undelivered)) as server:
        made = results(f"{server.url}/event-notifications", given=Given(fuzz=2))
        # what was made up is gone: it can be judged again
        again = results(f"{server.url}/event-notifications", given=Given(fuzz=0))
    assert verdict(again) == "conforming"
    assert verdict(made) == "conforming"


def test_without_a_token_that_part_is_skipped():
    made = results(event_notifications_app(deliver=undelivered), token=None, instance_id=None, given=Given(fuzz=0))
    assert [r.requirement.id for r in made if r.status == "skipped"] == ["P34-wrong-token"]
    assert verdict(made) == "partly judged"


@pytest.mark.parametrize("requirement", FAKES)
def test_a_fake_is_caught_by_its_requirement_and_no_other(requirement):
    fake = Fake(FAKES[requirement]())
    made = results(fake, given=replace(given(fake.app), fuzz=2 if requirement == "P34-robust" else 0))
    broken = {r.requirement.id: r for r in made if r.status in BROKEN}
    assert set(broken) == {requirement}, {id: r.message for id, r in broken.items()}
    message = broken[requirement].message
    assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
    assert "asked:    curl -X " in message
    assert catalog.requirements[requirement].hint in message
    assert TOKEN not in message


@pytest.mark.parametrize("name", FURTHER)
def test_what_else_is_wrong_is_caught_by_its_requirements_and_no_other(name):
    requirements, make = FURTHER[name]
    fake = Fake(make())
    broken = {r.requirement.id: r.message for r in results(fake, given=given(fake.app)) if r.status in BROKEN}
    assert set(broken) == requirements, broken


def test_a_service_that_answers_nothing_useful_is_not_called_conforming():
    async def empty(scope, receive, send):
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body"})

    assert verdict(results(empty, given=Given(fuzz=0))) == "not conforming"


def test_a_short_token_is_no_part_of_every_word():
    app = event_notifications_app(token="t", instance_id=INSTANCE, deliver=undelivered)
    made = results(app, "t", given=Given(fuzz=0))
    assert verdict(made) == "conforming"
    app.state.record.clear()
    app.state.service.token = "another"
    broken = [r for r in results(app, "t", given=Given(fuzz=0)) if r.status in BROKEN]
    assert broken
    assert all(" -H 'Authorization: Bearer $TOKEN'" in r.message for r in broken if "Authorization" in r.message)
    assert all(r.message.startswith(f"{r.requirement.id}: {r.requirement.sentence}") for r in broken)
