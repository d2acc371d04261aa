"""What the positions say of Event Notifications, P31 to P35, on the reference service."""

import copy
import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from vpc_backup_events.delivery import Http, Request
from vpc_backup_events.making.deliveries import binary
from vpc_backup_events.reference import event_notifications_app, serve
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description
from vpc_backup_events.values.data import data_root

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
OTHER = "00000000-0000-4000-8000-000000000000"
BASE = f"/event-notifications/v1/instances/{INSTANCE}"
SOURCE = "41cdb7d4-db3e-496b-b7df-d4ead362c412:api"
TOKEN = "t0ken-of-the-tests"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
JSON = {"Content-Type": "application/json"}
SEED = (data_root("fixtures") / "documented" / "registration" / "create-source.json").read_bytes()


def backup(account=ACCOUNT, region="us-south", policy="", name="backup"):
    crn = f"crn:v1:bluemix:public:is:{region}:a/{account}::backup-policy:{policy}"
    return {"name": name, "enabled": True, "source": crn}


def event():
    operation = description(EVENT_NOTIFICATIONS).document["paths"]["/v1/instances/{instance_id}/notifications"]["post"]
    return copy.deepcopy(operation["requestBody"]["content"]["application/json"]["examples"]["example"]["value"])


def messages(answer):
    return [each["message"] for each in answer.json()["errors"]]


# ----- sources


def test_the_seeds_post_is_answered_201_byte_for_byte(empty):
    answer = empty.post(f"{BASE}/sources", content=SEED, headers=JSON)
    assert answer.status_code == 201
    sent = json.loads(SEED)
    assert answer.json()["name"] == sent["name"]
    assert answer.json()["event_notifications_instance_crn"] == sent["event_notifications_instance_crn"]
    assert empty.app.state.record[-1].body == SEED


def departures():
    body = json.loads(SEED)
    wrong = {
        "P31-name": [None, "", "x" * 256, 5],
        "P31-enabled": [None, "true", 1],
        "P31-description": ["x" * 256, 5],
        "P31-store-notifications": ["true", 0],
        "P31-source-form": ["", "crn:v1:bluemix:public:is:us-south-1:a/b::volume:r006-x", "backup-policy", 5],
        "P31-instance-crn-form": ["", body["source"], 5],
    }
    members = {"P31-source-form": "source", "P31-instance-crn-form": "event_notifications_instance_crn"}
    for id, values in wrong.items():
        member = members.get(id) or id.removeprefix("P31-").replace("-", "_")
        for value in values:
            yield id, {**body, member: value}
        if id in ("P31-name", "P31-enabled"):
            yield id, {name: each for name, each in body.items() if name != member}


@pytest.mark.parametrize(("id", "body"), list(departures()))
def test_a_departure_from_the_seeds_post_is_refused_and_found_by_its_id(id, body, empty):
    operation = description(EVENT_NOTIFICATIONS).operations["create_sources"]
    assert {each.requirement for each in operation.body_problems("application/json", body)} == {id}
    assert empty.post(f"{BASE}/sources", json=body).status_code == 400


def test_a_name_that_is_taken_is_a_conflict(empty):
    assert empty.post(f"{BASE}/sources", json={"name": "a", "enabled": True}).status_code == 201
    assert empty.post(f"{BASE}/sources", json={"name": "a", "enabled": False}).status_code == 409


def test_an_update_of_nothing_changes_nothing(client):
    before = client.example("get_source").json()
    after = client.example("update_source", body={}).json()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


@pytest.mark.parametrize("id", [SOURCE, SOURCE.replace(":", "%3A"), SOURCE.replace(":", "%3a")])
def test_a_colon_in_an_id_arrives_as_it_is_or_encoded(id, client):
    assert client.get(f"{BASE}/sources/{id}").json()["id"] == SOURCE


# ----- P33: connection


def test_a_second_backup_source_is_refused_and_the_first_stays(empty):
    first = empty.post(f"{BASE}/sources", json=backup()).json()["id"]
    for body in (backup(name="b"), backup(policy="r006-1", name="b")):
        assert empty.post(f"{BASE}/sources", json=body).status_code == 409
    assert [each["id"] for each in empty.get(f"{BASE}/sources").json()["sources"]] == [first]


def test_a_backup_source_that_is_connected_elsewhere_is_refused(empty):
    assert empty.post(f"{BASE}/sources", json=backup()).status_code == 201
    assert empty.post(f"{BASE.replace(INSTANCE, OTHER)}/sources", json=backup()).status_code == 409


def test_a_backup_source_is_connected_again_after_the_first_was_deleted(empty):
    first = empty.post(f"{BASE}/sources", json=backup()).json()["id"]
    assert empty.delete(f"{BASE}/sources/{first}").status_code == 204
    assert empty.post(f"{BASE}/sources", json=backup()).status_code == 201


@pytest.mark.parametrize("by", ["the account of the service", "the CRN of the instance"])
def test_another_account_is_refused(by, empty):
    body = backup()
    if by == "the account of the service":
        empty.app.state.access.account_id = "0" * 32
    else:
        crn = f"crn:v1:bluemix:public:event-notifications:us-south:a/{'0' * 32}:{INSTANCE}::"
        body["event_notifications_instance_crn"] = crn
    answer = empty.post(f"{BASE}/sources", json=body)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "authorization_error"


def test_without_an_authorization_a_backup_source_is_refused_and_another_source_is_not(empty):
    empty.app.state.access.authorized = False
    assert empty.post(f"{BASE}/sources", json=backup()).status_code == 403
    assert empty.post(f"{BASE}/sources", json={"name": "a", "enabled": True}).status_code == 201


# ----- P32, P34: the API


@pytest.mark.parametrize(
    ("path", "warnings"),
    [
        (f"/event-notifications/v1/instances/{INSTANCE}/sources", []),
        (f"/v1/instances/{INSTANCE}/sources", ["P32-base"]),
        (f"/event-notifications/v1/apps/{INSTANCE}/sources", ["P32-instances-path"]),
        (f"/v1/apps/{INSTANCE}/sources", ["P32-base", "P32-instances-path"]),
    ],
)
def test_other_bases_are_accepted_and_noted(path, warnings, client):
    assert client.get(path).status_code == 200
    assert [each.requirement for each in client.app.state.record[-1].warnings] == warnings


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic t0ken-of-the-tests", "x"])
def test_a_request_needs_the_token(authorization, client):
    assert client.get(f"{BASE}/sources", headers={"Authorization": authorization}).status_code == 401


def test_without_a_token_of_its_own_the_service_takes_any():
    from starlette.testclient import TestClient

    app = TestClient(event_notifications_app())
    assert app.get(f"{BASE}/sources", headers={"Authorization": "Bearer anything"}).status_code == 200
    assert app.get(f"{BASE}/sources").status_code == 401


@pytest.mark.parametrize("path", ["/", "/event-notifications", BASE, f"{BASE}/sources/", f"{BASE}/nothing"])
def test_there_is_nothing_at_other_paths(path, client):
    assert client.get(path).status_code == 404


def test_another_method_is_told_which_there_are(client):
    answer = client.put(f"{BASE}/sources/{SOURCE}", json={})
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "PATCH", "DELETE"}


def test_an_error_lists_everything_that_is_wrong(client):
    answer = client.post(f"{BASE}/sources", json={"description": 5})
    assert sorted(messages(answer)) == [
        "body /description: is no string",
        "body /enabled: is missing",
        "body /name: is missing",
    ]


def test_pages_lead_to_each_other(empty):
    for number in range(25):
        empty.post(f"{BASE}/sources", json={"name": f"source {number}", "enabled": True})
    page = empty.get(f"{BASE}/sources").json()
    assert (page["total_count"], page["limit"], page["offset"]) == (25, 10, 0)
    assert "previous" not in page
    names = []
    while True:
        names += [each["name"] for each in page["sources"]]
        if "next" not in page:
            break
        page = empty.get(page["next"]["href"]).json()
    assert names == [f"source {number}" for number in range(25)]
    assert len(empty.get(page["first"]["href"]).json()["sources"]) == 10
    assert empty.get(page["previous"]["href"]).json()["offset"] == 10


def test_a_search_finds_by_the_name_and_pages_keep_it(empty):
    for name in ("Apple", "pineapple", "pear"):
        empty.post(f"{BASE}/sources", json={"name": name, "enabled": True})
    page = empty.get(f"{BASE}/sources", params={"search": "apple", "limit": 1}).json()
    assert page["total_count"] == 2
    assert empty.get(page["next"]["href"]).json()["sources"][0]["name"] == "pineapple"


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "offset=-1", "offset=1.0"])
def test_a_page_has_limits(query, client):
    assert client.get(f"{BASE}/sources?{query}").status_code == 400


def test_a_body_may_be_compressed(empty):
    headers = {**JSON, "Content-Encoding": "gzip"}
    assert empty.post(f"{BASE}/sources", content=gzip.compress(SEED), headers=headers).status_code == 201
    assert empty.post(f"{BASE}/sources", content=b"no gzip", headers=headers).status_code == 400


def test_a_body_has_a_limit_also_when_it_is_decompressed(empty, monkeypatch):
    from vpc_backup_events.reference import _service

    monkeypatch.setattr(_service, "MAX_BODY", 1000)
    assert empty.post(f"{BASE}/sources", content=b"x" * 1001, headers=JSON).status_code == 413
    packed = gzip.compress(b"x" * 1001)
    headers = {**JSON, "Content-Encoding": "gzip"}
    assert empty.post(f"{BASE}/sources", content=packed, headers=headers).status_code == 413


def test_the_record_has_no_token(client):
    client.get(f"{BASE}/sources", params={"search": "t0ken-of-the-tests"})
    client.example("create_token")
    text = repr(client.app.state.record)
    assert "t0ken-of-the-tests" not in text
    assert "API_KEY" not in text
    assert client.app.state.record[0].header("authorization") == "Bearer ***"
    assert client.app.state.record.statuses == [200, 200]
    assert len(client.app.state.record.of("create_token")) == 1


def test_an_error_does_not_repeat_the_token(client):
    answer = client.get(f"{BASE}/sources", headers={"Authorization": "Bearer an-invalid-token"})
    assert "an-invalid-token" not in answer.text


# ----- P34: faults


def test_faults_hit_the_next_requests_in_order(client):
    faults = client.app.state.faults
    faults.add(status=503, retry_after=7, times=2)
    faults.add(status=429, operation="get_source")
    answers = [client.get(f"{BASE}/sources") for _ in range(3)]
    assert [each.status_code for each in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    limited = client.get(f"{BASE}/sources/{SOURCE}")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "1")


def test_a_reset_without_a_connection_is_an_exception(client):
    client.app.state.faults.add(reset=True)
    with pytest.raises(ConnectionResetError):
        client.get(f"{BASE}/sources")
    assert client.app.state.record.statuses == [None]


# ----- topics, destinations, subscriptions


def test_a_topic_shows_its_sources_and_subscriptions(client):
    topic = client.example("get_topic").json()
    assert [each["id"] for each in topic["sources"]] == [SOURCE]
    assert topic["sources"][0]["rules"][0]["event_type_filter"] == "$.*"
    assert topic["subscription_count"] == 1
    source = client.example("get_source").json()
    assert (source["topic_count"], source["topic_names"]) == (1, [topic["name"]])


def test_a_topic_of_an_unknown_source_is_refused(client):
    answer = client.example("create_topic", body={"name": "t", "sources": [{"id": "unknown", "rules": []}]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "wrong_source_id"


def test_a_subscription_needs_its_topic_and_destination(client):
    body = {"name": "s", "topic_id": OTHER, "destination_id": OTHER}
    assert client.example("create_subscription", body=body).status_code == 400


@pytest.mark.parametrize("kind", ["topic", "destination"])
def test_a_subscription_ends_with_its_topic_and_its_destination(kind, client):
    assert client.example(f"delete_{kind}").status_code == 204
    assert client.example("get_subscription").status_code == 404


def test_sensitive_headers_are_hidden_and_sent(client, deliveries):
    params = {
        "url": "http://127.0.0.1:1/hook",
        "verb": "PUT",
        "custom_headers": {"X-Key": "value", "X-Team": "storage"},
        "sensitive_headers": ["x-key"],
    }
    shown = client.example("update_destination", body={"config": {"params": params}}).json()["config"]["params"]
    assert shown["custom_headers"] == {"X-Key": "***", "X-Team": "storage"}
    deliveries.clear()
    client.example("send_notifications")
    assert deliveries[0][1:] == ("http://127.0.0.1:1/hook", "PUT", params["custom_headers"])


@pytest.mark.parametrize(("delivered", "status"), [(True, "success"), (False, "failure")])
def test_the_result_of_a_test_can_be_asked_for(delivered, status, client, deliveries):
    deliveries.delivered = delivered
    id = client.example("test_destination").json()["notification_id"]
    result = client.get(f"{BASE}/notifications/{id}").json()
    assert result == {"status": status, "details": {"status_code": 204 if delivered else 500}}


def test_the_result_of_a_test_is_kept_for_a_minute(client):
    service = client.app.state.service
    assert client.example("get_notifications_status").status_code == 200
    service._now = lambda: datetime.now(UTC) + timedelta(seconds=61)
    assert client.example("get_notifications_status").status_code == 404


# ----- P35: notifications


def test_an_event_is_accepted_and_delivered_with_its_notification_id(client, deliveries):
    deliveries.clear()
    ids = [client.example("send_notifications").json()["notification_id"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert [each[0] for each in deliveries] == [{**event(), "notification_id": id} for id in ids]
    assert [each.notification_id for each in client.app.state.deliveries[-2:]] == ids


@pytest.mark.parametrize(
    "media", ["application/json", "application/cloudevents+json", "application/json; charset=utf-8"]
)
def test_an_event_is_accepted_as_either_media_type(media, client):
    answer = client.post(f"{BASE}/notifications", content=json.dumps(event()), headers={"Content-Type": media})
    assert answer.status_code == 202


def test_an_event_is_accepted_in_binary_mode_and_delivered_structured(client, deliveries):
    deliveries.clear()
    headers, body = binary(event())
    assert client.post(f"{BASE}/notifications", content=body, headers=headers).status_code == 202
    assert deliveries[0][0]["ibmendefaultlong"] == event()["ibmendefaultlong"]


def test_an_event_may_be_compressed(client):
    body = gzip.compress(json.dumps(event()).encode())
    answer = client.post(f"{BASE}/notifications", content=body, headers={**JSON, "Content-Encoding": "gzip"})
    assert answer.status_code == 202


def test_an_event_gets_one_entry_an_error(client):
    broken = {**event(), "time": "yesterday", "ibmenseverity": 5}
    del broken["id"]
    answer = client.example("send_notifications", body=broken)
    assert answer.status_code == 400
    assert sorted(each["code"] for each in answer.json()["errors"]) == [
        "P01-id",
        "P02-time-format",
        "P08-severity-text",
    ]


def test_what_is_wrong_inside_the_long_text_is_noted_and_accepted(client):
    answer = client.example("send_notifications", body={**event(), "ibmendefaultlong": "no JSON"})
    assert answer.status_code == 202
    assert client.app.state.record[-1].warnings


def test_an_event_of_more_than_64_kilobytes_is_refused(client):
    answer = client.example("send_notifications", body={**event(), "data": {"text": "x" * 65_536}})
    assert answer.status_code == 400


@pytest.mark.parametrize("why", ["no topic", "disabled source", "unknown source", "filter", "disabled rule"])
def test_an_event_that_no_topic_takes_is_unprocessable(why, client):
    sent = event()
    rule = {"enabled": True, "event_type_filter": "$.*"}
    if why == "no topic":
        client.example("delete_topic")
    elif why == "disabled source":
        client.example("update_source", body={"enabled": False})
    elif why == "unknown source":
        sent["ibmensourceid"] = f"{OTHER}:api"
    elif why == "filter":
        rule["notification_filter"] = '$.ibmenseverity == "HIGH"'
    else:
        rule["enabled"] = False
    if why in ("filter", "disabled rule"):
        client.example("replace_topic", body={"name": "t", "sources": [{"id": SOURCE, "rules": [rule]}]})
    assert client.example("send_notifications", body=sent).status_code == 422


def test_a_source_is_also_named_by_its_registration_crn(client):
    sent = {**event(), "ibmensourceid": backup()["source"]}
    assert client.example("send_notifications", body=sent).status_code == 202


def test_an_api_key_is_exchanged_for_a_token_that_is_accepted(empty):
    token = empty.example("create_token").json()["access_token"]
    assert empty.get(f"{BASE}/sources", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert token not in repr(empty.app.state.record)


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("$.type = 'x'", "character 8"),
        ('$.type =~ "(?=x)"', "RE2"),
        ("not $.type", "character 1"),
        ("type", "character 1"),
    ],
)
def test_a_filter_that_is_none_is_refused_with_the_place(client, expression, word):
    rule = {"enabled": True, "event_type_filter": expression}
    answer = client.example("replace_topic", body={"name": "t", "sources": [{"id": SOURCE, "rules": [rule]}]})
    assert answer.status_code == 400
    assert word in messages(answer)[0]


@pytest.mark.parametrize(
    ("expression", "status"),
    [
        ('not($.ibmenseverity == "HIGH") && $.type =~ "[.]backup-(volume|instance)-"', 202),
        ('$.type == "x" || $.ibmendefaultlong =~ "[a-z]"', 202),
        ('$.ibmendefaultlong.job_type == "creation"', 422),
    ],
)
def test_a_topic_routes_by_the_whole_language(client, expression, status):
    rule = {"enabled": True, "event_type_filter": "$.*", "notification_filter": expression}
    client.example("replace_topic", body={"name": "t", "sources": [{"id": SOURCE, "rules": [rule]}]})
    assert client.example("send_notifications", body=event()).status_code == status


def test_a_backup_source_of_another_region_is_taken(empty):
    assert empty.post(f"{BASE}/sources", json=backup()).status_code == 201
    assert empty.post(f"{BASE}/sources", json=backup(region="eu-de", name="b")).status_code == 201
    assert empty.post(f"{BASE}/sources", json=backup(region="eu-de", name="c")).status_code == 409


def test_events_that_no_topic_takes_are_accepted_where_that_is_asked_for(empty, deliveries):
    assert empty.example("send_notifications").status_code == 422
    empty.app.state.service.takes_unrouted = True
    assert empty.example("send_notifications").status_code == 202
    assert empty.example("send_notifications", body={**event(), "id": None}).status_code == 400
    assert deliveries == []


def test_a_filter_that_takes_long_keeps_nobody_else_waiting(monkeypatch):
    """It is judged beside the event loop: another request is answered meanwhile."""
    app = event_notifications_app(TOKEN)
    started, go_on = threading.Event(), threading.Event()

    def slow(*facts):
        started.set()
        assert go_on.wait(10)
        return []

    monkeypatch.setattr("vpc_backup_events.reference.event_notifications.topics_of", slow)
    with serve(app) as server, ThreadPoolExecutor(1) as pool:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        post = Request("POST", headers, json.dumps(event()).encode(), f"{BASE}/notifications")
        waiting = pool.submit(Http(server.url).send, post, 20)
        try:
            assert started.wait(10)
            assert Http(server.url).send(Request("GET", headers, b"", f"{BASE}/sources"), 5).status == 200
            assert not waiting.done()
        finally:
            go_on.set()
        assert waiting.result().status == 422
