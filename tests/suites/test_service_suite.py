"""The service suite passes what conforms, and catches each fake by its requirement and no other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.suites.service_trials import SERVICE, ServiceRun
from vpc_backup_events.suites.trial import result_of, verdict

pytest.importorskip("uvicorn")
sys.path.insert(0, str(Path(__file__).parent))
import independent_service
from services import FAKES, INSTANCE, TOKEN, Fake

from vpc_backup_events.reference import event_notifications_app
from vpc_backup_events.reference.server import both, serve

BROKEN = ("failed", "warned", "reported", "errored")


def results(service, token=TOKEN, instance_id=INSTANCE, profile="documented"):
    run = ServiceRun(service, token, instance_id, profile)
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
    made = results(event_notifications_app(token=TOKEN, instance_id=INSTANCE), profile=profile)
    assert [(r.requirement.id, r.message) for r in made if r.status in (*BROKEN, "skipped")] == []
    assert verdict(made) == "conforming"


def test_an_independent_service_conforms():
    made = results(independent_service.service(), independent_service.TOKEN, independent_service.INSTANCE)
    assert [(r.requirement.id, r.message) for r in made if r.status in (*BROKEN, "skipped")] == []
    assert verdict(made) == "conforming"


def test_the_reference_service_conforms_over_a_socket():
    with serve(both(TOKEN, INSTANCE)) as server:
        made = results(f"{server.url}/event-notifications")
    assert verdict(made) == "conforming"


def test_without_a_token_that_part_is_skipped():
    made = results(event_notifications_app(), token=None, instance_id=None)
    assert [r.requirement.id for r in made if r.status == "skipped"] == ["P34-wrong-token"]
    assert verdict(made) == "partly judged"


@pytest.mark.parametrize("requirement", FAKES)
def test_a_fake_is_caught_by_its_requirement_and_no_other(requirement):
    made = results(Fake(FAKES[requirement]()))
    broken = {r.requirement.id: r for r in made if r.status in BROKEN}
    assert set(broken) == {requirement}, {id: r.message for id, r in broken.items()}
    message = broken[requirement].message
    assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
    assert "asked:    curl -X " in message
    assert catalog.requirements[requirement].hint in message
    assert TOKEN not in message


def test_a_service_that_answers_nothing_useful_is_not_called_conforming():
    async def empty(scope, receive, send):
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body"})

    assert verdict(results(empty)) == "not conforming"
