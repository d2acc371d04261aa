"""IBM's Python clients as published, unmodified, against the reference services on loopback."""

import json

import pytest
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import BearerTokenAuthenticator, IAMAuthenticator, NoAuthAuthenticator
from ibm_eventnotifications.event_notifications_v1 import (
    DestinationsPager,
    EventNotificationsV1,
    NotificationCreate,
    SourcesPager,
    SubscriptionsPager,
    TopicsPager,
)
from ibm_vpc import VpcV1
from ibm_vpc.vpc_v1 import BackupPolicyJobsPager

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import scenario_of
from vpc_backup_events.reference import build_event
from vpc_backup_events.reference.backup_jobs import example
from vpc_backup_events.reference.server import both, serve
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
TOKEN = "t0ken-of-the-tests"
FORBIDDEN = "t0ken-without-permission"
RULES = [{"enabled": True, "event_type_filter": "$.*", "notification_filter": '$.ibmenseverity == "medium"'}]
POLICY = example()["href"].split("/")[-3]


@pytest.fixture
def hook():
    """A webhook that takes everything; `bodies` are what it got."""
    bodies = []

    async def app(scope, receive, send):
        part = await receive()
        bodies.append((scope["method"], part["body"]))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    app.bodies = bodies
    with serve(app) as server:
        yield server


@pytest.fixture
def server():
    app = both(TOKEN, INSTANCE, api_key="key-of-the-tests")
    app.state.service.forbidden_token = FORBIDDEN
    with serve(app) as served:
        yield served


def client(server, authenticator=None, base="/event-notifications"):
    made = EventNotificationsV1(authenticator=authenticator or BearerTokenAuthenticator(TOKEN))
    made.set_service_url(server.url + base)
    return made


@pytest.fixture
def en(server):
    return client(server)


@pytest.fixture
def vpc(server):
    made = VpcV1(version="2026-10-06", authenticator=BearerTokenAuthenticator(TOKEN))
    made.set_service_url(server.url + "/v1")
    return made


def source_of(en, name="Backup jobs"):
    return en.create_sources(INSTANCE, name, True, description="d").get_result()["id"]


def routed(en, url):
    """Ids of a source, a topic, a destination and a subscription that lead to the URL."""
    source = source_of(en)
    topic = en.create_topic(INSTANCE, "topic", sources=[{"id": source, "rules": RULES}]).get_result()["id"]
    config = {"params": {"url": url, "verb": "post", "custom_headers": {"X-Team": "storage"}}}
    destination = en.create_destination(INSTANCE, "hook", "webhook", config=config).get_result()["id"]
    subscription = en.create_subscription(INSTANCE, "sub", destination, topic).get_result()["id"]
    return source, topic, destination, subscription


def refused(call, *arguments, **options):
    with pytest.raises(ApiException) as caught:
        call(*arguments, **options)
    return caught.value


def test_sources(en):
    created = en.create_sources(INSTANCE, "Backup jobs", True, description="d", store_notifications=True)
    assert created.get_status_code() == 201
    id = created.get_result()["id"]
    assert id.endswith(":api")
    assert en.get_source(INSTANCE, id).get_result()["store_notifications"] is True
    assert en.update_source(INSTANCE, id, name="x", description="y", enabled=False).get_result()["enabled"] is False
    assert en.update_source(INSTANCE, id).get_result()["name"] == "x"
    assert en.list_sources(INSTANCE, limit=5, search="X").get_result()["total_count"] == 1
    assert en.delete_source(INSTANCE, id).get_status_code() == 204
    assert en.list_sources(INSTANCE).get_result()["sources"] == []


def test_topics(en):
    source = source_of(en)
    created = en.create_topic(INSTANCE, "t", description="d", sources=[{"id": source, "rules": RULES}])
    assert created.get_status_code() == 201
    id = created.get_result()["id"]
    assert en.get_topic(INSTANCE, id, include="subscriptions").get_result()["sources"][0]["id"] == source
    assert en.replace_topic(INSTANCE, id, name="u", sources=[]).get_result()["source_count"] == 0
    assert en.list_topics(INSTANCE).get_result()["topics"][0]["name"] == "u"
    assert en.delete_topic(INSTANCE, id).get_status_code() == 204


def test_destinations_and_their_test(en, hook):
    config = {"params": {"url": hook.url, "verb": "post"}}
    created = en.create_destination(INSTANCE, "d", "webhook", config=config, collect_failed_events=True)
    assert created.get_status_code() == 201
    assert created.get_result()["collect_failed_events"] is True
    id = created.get_result()["id"]
    assert en.update_destination(INSTANCE, id, name="e").get_result()["name"] == "e"
    assert en.get_destination(INSTANCE, id).get_result()["config"] == config
    assert en.list_destinations(INSTANCE).get_result()["total_count"] == 1
    tested = en.test_destination(INSTANCE, id)
    assert tested.get_status_code() == 201
    notification_id = tested.get_result()["notification_id"]
    status = "inprogress"
    for _ in range(1000):
        status = en.get_notifications_status(INSTANCE, notification_id).get_result()["status"]
        if status != "inprogress":
            break
    assert status == "success"
    assert json.loads(hook.app.bodies[0][1])["notification_id"] == notification_id
    assert en.delete_destination(INSTANCE, id).get_status_code() == 204


def test_subscriptions(en):
    _, _, _, id = routed(en, "http://127.0.0.1:1")
    read = en.get_subscription(INSTANCE, id).get_result()
    assert (read["topic_name"], read["destination_name"], read["destination_type"]) == ("topic", "hook", "webhook")
    changed = en.update_subscription(INSTANCE, id, name="x", attributes={"signing_enabled": True}).get_result()
    assert changed["attributes"]["signing_enabled"] is True
    assert en.list_subscriptions(INSTANCE).get_result()["total_count"] == 1
    assert en.delete_subscription(INSTANCE, id).get_status_code() == 204


def test_an_event_reaches_the_webhook(en, server, hook):
    source, *_ = routed(en, hook.url)
    pair = next(iter(catalog.pairs.values()))
    event = {**build_event(scenario_of(pair, Plain())), "ibmensourceid": source}
    answer = en.send_notifications(INSTANCE, body=NotificationCreate.from_dict(event))
    assert answer.get_status_code() == 202
    for _ in range(1000):
        if server.app.state.deliveries:
            break
        en.list_sources(INSTANCE)
    (sent,) = server.app.state.deliveries
    assert sent.outcome.delivered
    ((method, body),) = hook.app.bodies
    assert method == "POST"
    assert json.loads(body) == {**event, "notification_id": answer.get_result()["notification_id"]}


@pytest.mark.parametrize("base", ["/event-notifications", ""])
@pytest.mark.parametrize("gzip", [False, True])
def test_both_bases_and_compressed_bodies(base, gzip, server):
    en = client(server, base=base)
    en.set_enable_gzip_compression(gzip)
    assert en.create_sources(INSTANCE, "n", True).get_status_code() == 201
    exchange = server.app.state.record[-1]
    assert exchange.header("content-encoding") == ("gzip" if gzip else None)
    assert [each.requirement for each in exchange.warnings] == ([] if base else ["P32-base"])


def test_the_pagers_see_everything_once(en):
    sources = [source_of(en, f"source {number}") for number in range(23)]
    for number in range(12):
        en.create_topic(INSTANCE, f"topic {number}")
        config = {"params": {"url": "http://127.0.0.1:1", "verb": "post"}}
        en.create_destination(INSTANCE, f"destination {number}", "webhook", config=config)
    topics = TopicsPager(client=en, instance_id=INSTANCE, limit=5).get_all()
    destinations = DestinationsPager(client=en, instance_id=INSTANCE, limit=6).get_all()
    for topic, destination in zip(topics, destinations, strict=True):
        en.create_subscription(INSTANCE, topic["name"], destination["id"], topic["id"])
    assert [each["id"] for each in SourcesPager(client=en, instance_id=INSTANCE, limit=10).get_all()] == sources
    assert [each["name"] for each in topics] == [f"topic {number}" for number in range(12)]
    assert [each["name"] for each in destinations] == [f"destination {number}" for number in range(12)]
    assert len(SubscriptionsPager(client=en, instance_id=INSTANCE, limit=11).get_all()) == 12
    assert len(SourcesPager(client=en, instance_id=INSTANCE, limit=1, search="source 2").get_all()) == 4


def test_a_token_is_got_for_an_api_key(server):
    en = client(server, IAMAuthenticator("key-of-the-tests", url=server.url))
    assert en.list_sources(INSTANCE).get_status_code() == 200
    en = client(server, IAMAuthenticator("another-key", url=server.url))
    assert refused(en.list_sources, INSTANCE).status_code == 400


@pytest.mark.parametrize(
    ("status", "call"),
    [
        (400, lambda en: en.create_sources(INSTANCE, "", True)),
        (400, lambda en: en.list_sources(INSTANCE, limit=101)),
        (400, lambda en: en.create_topic(INSTANCE, "t", sources=[{"id": "unknown", "rules": []}])),
        (400, lambda en: en.send_notifications(INSTANCE, body=None)),
        (404, lambda en: en.get_source(INSTANCE, "a b/c:api")),
        (404, lambda en: en.get_source("in/st", "a b/c:api")),
        (404, lambda en: en.delete_topic(INSTANCE, INSTANCE)),
        (404, lambda en: en.test_destination(INSTANCE, INSTANCE)),
        (409, lambda en: [en.create_sources(INSTANCE, "n", True) for _ in range(2)]),
    ],
)
def test_an_error_is_an_exception_of_the_client(status, call, en):
    error = refused(call, en)
    assert error.status_code == status
    assert error.message
    body = error.http_response.json()
    operation = description(EVENT_NOTIFICATIONS).operations["create_sources"]
    assert operation.api.problems(operation.answers[400], body, "answer", ()) == []


def test_an_event_without_a_topic_is_an_exception_of_the_client(en):
    event = build_event(scenario_of(next(iter(catalog.pairs.values())), Plain()))
    assert refused(en.send_notifications, INSTANCE, body=event).status_code == 422


@pytest.mark.parametrize(
    ("status", "authenticator"),
    [
        (401, NoAuthAuthenticator()),
        (401, BearerTokenAuthenticator("another")),
        (403, BearerTokenAuthenticator(FORBIDDEN)),
    ],
    ids=["none", "another", "forbidden"],
)
def test_a_wrong_token_is_an_exception_of_the_client(status, authenticator, server):
    assert refused(client(server, authenticator).list_sources, INSTANCE).status_code == status


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_client_that_retries_gets_through(status, en, server):
    en.enable_retries(max_retries=2, retry_interval=0.01)
    server.app.state.faults.add(status=status, retry_after=0)
    assert en.list_sources(INSTANCE).get_status_code() == 200
    assert server.app.state.record.statuses == [status, 200]


def test_a_connection_that_is_reset_is_an_exception_of_the_client(en, server):
    server.app.state.faults.add(reset=True)
    with pytest.raises(OSError, match="reset"):
        en.list_sources(INSTANCE)
    assert server.app.state.record.statuses == [None]


def test_jobs(vpc, server):
    job = example()
    got = vpc.get_backup_policy_job(POLICY, job["id"])
    assert (got.get_status_code(), got.get_result()) == (200, job)
    service = server.app.state.backup_jobs.state.service
    for number in range(11):
        id = f"r006-{number}"
        service.add({**job, "id": id, "href": job["href"].replace(job["id"], id), "status": "running"})
    pager = BackupPolicyJobsPager(client=vpc, backup_policy_id=POLICY, limit=5, status="running")
    assert len(pager.get_all()) == 11
    found = vpc.list_backup_policy_jobs(POLICY, status="failed", sort="name", source_id=job["source"]["id"])
    assert [each["id"] for each in found.get_result()["jobs"]] == [job["id"]]
    none = vpc.list_backup_policy_jobs(POLICY, target_snapshots_crn="crn:v1:x:y:z", backup_policy_plan_id="x")
    assert none.get_result()["jobs"] == []


@pytest.mark.parametrize(
    ("status", "call"),
    [
        (400, lambda vpc: vpc.list_backup_policy_jobs(POLICY, limit=0)),
        (400, lambda vpc: vpc.list_backup_policy_jobs(POLICY, start="nothing")),
        (404, lambda vpc: vpc.list_backup_policy_jobs("unknown")),
        (404, lambda vpc: vpc.get_backup_policy_job(POLICY, "unknown")),
    ],
)
def test_an_error_of_the_jobs_is_an_exception_of_the_client(status, call, vpc):
    error = refused(call, vpc)
    assert error.status_code == status
    assert error.message


@pytest.mark.parametrize(("status", "token"), [(401, "another"), (403, FORBIDDEN)])
def test_a_wrong_token_for_the_jobs_is_an_exception_of_the_client(status, token, server, vpc):
    server.app.state.backup_jobs.state.service.forbidden_token = FORBIDDEN
    vpc.authenticator.bearer_token = token
    assert refused(vpc.list_backup_policy_jobs, POLICY).status_code == status
