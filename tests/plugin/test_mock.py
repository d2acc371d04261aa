"""The fixtures `event_notifications_mock`, for httpx, httpx2 and requests."""

import asyncio

import httpx
import httpx2
import pytest
import requests
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import BearerTokenAuthenticator
from ibm_eventnotifications.event_notifications_v1 import EventNotificationsV1

from vpc_backup_events.values.data import data_root

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


@pytest.mark.parametrize("method", ["sync", "async"])
def test_a_client_that_uses_httpx2_is_answered(event_notifications_mock_httpx2, method):
    mock = event_notifications_mock_httpx2
    headers = {**TOKEN, "Content-Type": "application/json"}

    async def asked():
        async with httpx2.AsyncClient() as client:
            return await client.post(URL, content=SEED, headers=headers)

    answer = httpx2.post(URL, content=SEED, headers=headers) if method == "sync" else asyncio.run(asked())
    assert answer.status_code == 201
    assert mock.app.state.record[0].body == SEED
    mock.app.state.faults.add(status=429, retry_after=3)
    mock.app.state.faults.add(reset=True)
    assert httpx2.get(URL, headers=TOKEN).headers["Retry-After"] == "3"
    with pytest.raises(httpx2.ReadError):
        httpx2.get(URL, headers=TOKEN)


def test_a_client_that_uses_requests_is_answered(event_notifications_mock_requests):
    mock = event_notifications_mock_requests
    answer = requests.post(URL, data=SEED, headers={**TOKEN, "Content-Type": "application/json"}, timeout=5)
    assert answer.status_code == 201
    id = answer.json()["id"]
    assert requests.get(f"{URL}/{id}", headers=TOKEN, timeout=5).json()["id"] == id
    assert requests.get(URL, headers=TOKEN, params={"limit": 1}, timeout=5).json()["limit"] == 1
    assert mock.app.state.record.statuses == [201, 200, 200]
    assert mock.app.state.record[0].body == SEED
    mock.app.state.faults.add(status=429, retry_after=3)
    mock.app.state.faults.add(reset=True)
    assert requests.get(URL, headers=TOKEN, timeout=5).headers["Retry-After"] == "3"
    with pytest.raises(requests.ConnectionError):
        requests.get(URL, headers=TOKEN, timeout=5)


def test_another_host_is_not_answered(event_notifications_mock_requests, event_notifications_mock_httpx2):
    with pytest.raises(requests.ConnectionError):
        requests.get("https://cloud.ibm.com.example.com/", timeout=5)
    with pytest.raises(Exception, match="not mocked"):
        httpx2.get("https://cloud.ibm.com.example.com/")


def test_ibms_client_is_answered_unmodified(event_notifications_mock_requests):
    client = EventNotificationsV1(authenticator=BearerTokenAuthenticator("t"))
    made = client.create_sources(INSTANCE, name="a source", description="of the test", enabled=True).get_result()
    assert client.get_source(INSTANCE, made["id"]).get_result()["name"] == "a source"
    with pytest.raises(ApiException) as raised:
        client.get_source(INSTANCE, "unknown")
    assert raised.value.status_code == 404
