"""Each documented answer of each operation is given, and is what the contract says."""

import pytest

from vpc_backup_events.spec.openapi import BACKUP_JOBS, EVENT_NOTIFICATIONS, description

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
UNKNOWN = "11111111-0000-4000-8000-000000000000"
# documented for another implementation than this one
NOT_GIVEN = {("test_destination", 202)}
ANSWERS = sorted(
    (name, operation.id, status)
    for name in (EVENT_NOTIFICATIONS, BACKUP_JOBS)
    for operation in description(name).operations.values()
    for status in operation.answers
    if (operation.id, status) not in NOT_GIVEN
)


def bad_request(client, operation):
    if operation.id == "create_token":
        client.app.state.service.iam.api_key = "another"
        return {}
    if operation.id.startswith(("list", "get")):
        wrong = {"limit": "0"} if operation.id.startswith("list") else {"include": "x" * 21}
        return {"query": {"version": "today", **wrong}}
    if "multipart/form-data" in operation.bodies:
        return {"body": {"name": ""}}
    # as IBM's clients send no body
    return {"content": b"null", "headers": {"Content-Type": "application/json"}}


def provoked(client, operation, status):
    """What has to be changed of the example for this answer."""
    if status < 400:
        return {}
    if status == 400:
        return bad_request(client, operation)
    if status == 401:
        return {"headers": {"Authorization": "Bearer another"}}
    if status == 403:
        return {"headers": {"Authorization": "Bearer t0ken-without-permission"}}
    if status == 404:
        path = "/event-notifications" + operation.template if operation.base != "/v1" else "/v1" + operation.template
        path = path.replace("{instance_id}", UNKNOWN).replace("{backup_policy_id}", "unknown").replace("{id}", UNKNOWN)
        return {"path": path}
    if status == 409 and operation.id == "update_source":
        client.example("create_sources", body={"name": "taken", "enabled": True})
        return {"body": {"name": "taken"}}
    if status == 415:
        return {"content": b"<event/>", "headers": {"Content-Type": "text/xml"}}
    if status == 422:
        client.example("delete_topic")
    if status in (429, 500, 503):
        client.app.state.faults.add(status=status)
    return {}


@pytest.mark.parametrize(("name", "id", "status"), ANSWERS)
def test_an_answer_is_what_the_contract_says(name, id, status, request, before):
    # the client holds each answer to the contract
    client = before(id) if status < 400 else request.getfixturevalue("jobs" if name == BACKUP_JOBS else "client")
    operation = description(name).operations[id]
    change = provoked(client, operation, status)
    assert client.example(id, **change).status_code == status
    last = client.app.state.record[-1]
    assert (last.operation, last.status) == (id, status)
