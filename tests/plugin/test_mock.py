"""The fixture `event_notifications_mock`."""

import asyncio

import httpx
import pytest

from vpc_backup_events._data import data_root

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
URL = f"https://us-south.event-notifications.cloud.ibm.com/event-notifications/v1/instances/{INSTANCE}/sources"
TOKEN = {"Authorization": "Bearer t"}
SEED = (data_root("fixtures") / "documented" / "registration" / "create-source.json").read_bytes()


def test_a_client_registers_without_a_socket(event_notifications_mock):
    answer = httpx.post(URL, content=SEED, headers={**TOKEN, "Content-Type": "application/json"})
    assert answer.status_code == 201
    id = answer.json()["id"]
    assert httpx.get(f"{URL}/{id}".replace(":api", "%3Aapi"), headers=TOKEN).json()["id"] == id
    assert httpx.get(URL, headers=TOKEN).json()["first"]["href"].startswith(URL)
    assert event_notifications_mock.app.state.record.statuses == [201, 200, 200]
    assert event_notifications_mock.app.state.record[0].body == SEED


def test_an_asynchronous_client_is_answered_too(event_notifications_mock):
    async def listed():
        async with httpx.AsyncClient() as client:
            return await client.get(URL, headers=TOKEN)

    assert asyncio.run(listed()).status_code == 200


def test_iam_and_the_jobs_are_answered_too(event_notifications_mock):
    form = {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": "k"}
    token = httpx.post("https://iam.cloud.ibm.com/identity/token", data=form).json()["access_token"]
    jobs = "https://us-south.iaas.cloud.ibm.com/v1/backup_policies/unknown/jobs?version=2026-10-06&generation=2"
    assert httpx.get(jobs, headers={"Authorization": f"Bearer {token}"}).status_code == 404


def test_faults_reach_the_client(event_notifications_mock):
    event_notifications_mock.app.state.faults.add(status=429, retry_after=3)
    event_notifications_mock.app.state.faults.add(reset=True)
    assert httpx.get(URL, headers=TOKEN).headers["Retry-After"] == "3"
    with pytest.raises(httpx.ReadError):
        httpx.get(URL, headers=TOKEN)
