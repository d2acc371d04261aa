"""The client suite passes what conforms, and catches each fake by its requirement and no other."""

from __future__ import annotations

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.trials.client import CLIENT, TOKEN, Abilities, ClientRun
from vpc_backup_events.trials.trial import result_of, verdict

pytest.importorskip("uvicorn")
from helpers.clients import ABILITIES, BROKEN_ABILITIES, FAKES, FURTHER, client, exiting, looking

BROKEN = ("failed", "warned", "reported", "errored")
# how a breach ends, by the level of its requirement
STATUS = {"error": "failed", "warning": "warned", "note": "reported"}


def results(register, profile="documented", **abilities):
    run = ClientRun(register, profile, Abilities(**{**ABILITIES, **abilities}))
    try:
        return [result_of(trial, run, profile) for trial in CLIENT]
    finally:
        run.close()


def waiting(status, tries, headers):
    """Tries again where that may help, and waits as it was told."""
    return int(headers.get("retry-after", 0)) if status == 429 and tries < 3 else None


def with_httpx(base, token, instance, source, instance_crn):
    """Another client, another library, other names."""
    httpx = pytest.importorskip("httpx")
    body = {"name": "n", "enabled": False, "source": source, "event_notifications_instance_crn": instance_crn}
    url = f"{base}/v1/instances/{instance}/sources"
    httpx.post(url, json=body, headers={"authorization": f"Bearer {token}"}).raise_for_status()


async def asynchronous(base, token, instance, source, instance_crn):
    """A coroutine function."""
    httpx = pytest.importorskip("httpx")
    body = {"name": "n", "enabled": True, "source": source, "event_notifications_instance_crn": instance_crn}
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": f"bearer {token}"}) as session:
        (await session.post(f"/v1/instances/{instance}/sources", json=body)).raise_for_status()


def test_every_requirement_of_a_client_that_a_suite_judges_has_a_trial_and_a_fake():
    judged = {
        r.id
        for r in catalog.requirements.values()
        if r.status == "checked" and r.check == "suite" and "client" in r.subject
    }
    assert {trial.requirement.id for trial in CLIENT} == judged
    assert set(FAKES) == judged


@pytest.mark.representatives(
    "plain-documented", "httpx-strict", "async-documented", "looking-strict", "exiting-documented"
)
@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize(
    "register",
    [client(), client(again=waiting), with_httpx, asynchronous, looking, exiting],
    ids=["plain", "waiting", "httpx", "async", "looking", "exiting"],
)
def test_a_client_that_conforms_passes(register, profile):
    made = results(register, profile)
    left_out = {r.requirement.id for r in made if r.status == "not exercised"}
    assert left_out <= {"P31-source-whole-service", "P34-client-retry-after"}
    assert [(r.requirement.id, r.message) for r in made if r.status in (*BROKEN, "skipped")] == []
    assert verdict(made) == "conforming"


@pytest.mark.parametrize("requirement", FAKES)
def test_a_fake_is_caught_by_its_requirement_and_no_other(requirement):
    profile = "strict" if catalog.requirements[requirement].profiles["documented"] == "none" else "documented"
    made = results(FAKES[requirement], profile, **BROKEN_ABILITIES.get(requirement, {}))
    broken = {r.requirement.id: r for r in made if r.status in BROKEN}
    assert set(broken) == {requirement}, {id: r.message for id, r in broken.items()}
    assert broken[requirement].status == STATUS[catalog.requirements[requirement].profiles[profile]]
    message = broken[requirement].message
    assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
    assert catalog.requirements[requirement].hint in message
    assert TOKEN not in message


@pytest.mark.parametrize("name", FURTHER)
def test_what_else_is_wrong_is_caught_by_its_requirements_and_no_other(name, capsys):
    requirements, register = FURTHER[name]
    broken = {r.requirement.id: r.message for r in results(register) if r.status in BROKEN}
    assert set(broken) == requirements, broken


def test_a_token_in_the_url_is_found():
    def register(base, token, instance, source, instance_crn):
        client(url=lambda b, i: f"{b}/v1/instances/{i}/sources?token={token}")(
            base, token, instance, source, instance_crn
        )

    broken = [r for r in results(register) if r.status in BROKEN]
    assert [r.requirement.id for r in broken] == ["P31-bearer"]
    assert TOKEN not in broken[0].message


def test_a_client_that_asks_for_nothing():
    made = results(lambda *facts: None)
    assert [r.requirement.id for r in made if r.status in BROKEN] == ["P31-method-path"]


def with_ibms_client(base, token, instance, source, instance_crn):
    """What users of the published client write; it has no argument for source."""
    pytest.importorskip("ibm_eventnotifications")
    from ibm_cloud_sdk_core.authenticators import BearerTokenAuthenticator
    from ibm_eventnotifications.event_notifications_v1 import EventNotificationsV1

    service = EventNotificationsV1(authenticator=BearerTokenAuthenticator(token))
    service.set_service_url(base)
    service.create_sources(instance_id=instance, name="backup", enabled=True, description="of the tests")


def test_ibms_own_client_is_told_that_it_can_not_send_source():
    broken = {r.requirement.id: r for r in results(with_ibms_client) if r.status in BROKEN}
    assert {id: r.status for id, r in broken.items()} == {"P31-source": "failed", "P31-instance-crn": "warned"}
    assert "IBM's client has no argument for source" in broken["P31-source"].message


def test_another_client_without_source_is_not_told_of_ibms():
    broken = {r.requirement.id: r for r in results(FAKES["P31-source"]) if r.status in BROKEN}
    assert "IBM's client" not in broken["P31-source"].message
