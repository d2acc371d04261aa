"""The contract as something that finds operations and judges requests and answers."""

import pytest

from vpc_backup_events.spec.openapi import BACKUP_JOBS, EVENT_NOTIFICATIONS, description, parse_body
from vpc_backup_events.values.json_text import NotJsonError

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
SOURCES = f"/event-notifications/v1/instances/{INSTANCE}/sources"


@pytest.mark.parametrize(
    ("method", "path", "id", "values"),
    [
        ("POST", SOURCES, "create_sources", {"instance_id": INSTANCE}),
        ("GET", f"{SOURCES}/a%3Aapi", "get_source", {"instance_id": INSTANCE, "id": "a:api"}),
        ("GET", f"{SOURCES}/a%2Fb", "get_source", {"instance_id": INSTANCE, "id": "a/b"}),
        ("POST", "/identity/token", "create_token", {}),
    ],
)
def test_a_path_leads_to_its_operation(method, path, id, values):
    match = description(EVENT_NOTIFICATIONS).match(method, path)
    assert (match.operation.id, match.values) == (id, values)


def test_another_method_leads_to_the_methods_of_the_path():
    match = description(EVENT_NOTIFICATIONS).match("PUT", SOURCES)
    assert match.operation is None
    assert set(match.allowed) == {"GET", "POST"}


@pytest.mark.parametrize("path", ["", "/", f"{SOURCES}/", f"{SOURCES}/a/b", "/v1/identity/token"])
def test_another_path_leads_nowhere(path):
    assert description(EVENT_NOTIFICATIONS).match("GET", path) is None


def test_all_problems_of_the_parameters_are_found_with_their_requirements():
    operation = description(BACKUP_JOBS).operations["list_backup_policy_jobs"]
    found = operation.parameter_problems("query", {"generation": "1", "limit": "0", "status": "failed", "other": "x"})
    assert [(each.path, each.requirement) for each in found] == [
        (("version",), "P36-asks-version"),
        (("generation",), "P36-asks-version"),
        (("limit",), None),
    ]


def test_an_answer_is_held_to_its_status_headers_media_type_and_body():
    operation = description(EVENT_NOTIFICATIONS).operations["list_sources"]
    error = b'{"trace":"t","status_code":429,"errors":[{"code":"c","message":"m","more_info":"i"}]}'
    media = {"content-type": "application/json; charset=utf-8"}
    assert operation.answer_problems(429, {**media, "retry-after": "1"}, error) == []
    assert [each.requirement for each in operation.answer_problems(429, media, error)] == ["P34-too-many-retry-after"]
    assert [str(each) for each in operation.answer_problems(418, media, error)] == [
        "answer: the status 418 is not described"
    ]
    assert operation.answer_problems(401, {"content-type": "text/html"}, error)
    assert [each.requirement for each in operation.answer_problems(401, media, b"{}")] == [
        "P34-error-errors",
        "P34-error-status-code",
        "P34-error-trace",
    ]
    assert operation.answer_problems(401, media, b"")


def test_an_answer_without_a_body_has_none():
    operation = description(EVENT_NOTIFICATIONS).operations["delete_source"]
    assert operation.answer_problems(204, {}, b"") == []
    assert operation.answer_problems(204, {}, b"{}")


def test_bodies_are_read_by_their_media_type():
    form = (
        b'--b\r\nContent-Disposition: form-data; name="name"\r\nContent-Type: text/plain\r\n\r\nd\xc3\xa4\r\n'
        b'--b\r\nContent-Disposition: form-data; name="config"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n'
        b"--b--\r\n"
    )
    content_type = "multipart/form-data; boundary=b"
    assert parse_body("multipart/form-data", content_type, form) == {"name": "dä", "config": {"a": 1}}
    assert parse_body("application/x-www-form-urlencoded", "", b"a=b%20c&d=") == {"a": "b c", "d": ""}
    assert parse_body("application/json", "", b"null") is None


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"\xff"),
        ("multipart/form-data", b"no form"),
        ("application/x-www-form-urlencoded", b"\xff"),
    ],
)
def test_a_body_that_can_not_be_read_is_an_error(media, body):
    with pytest.raises(NotJsonError):
        parse_body(media, media, body)


def test_both_engines_find_the_same(monkeypatch):
    from vpc_backup_events.spec.openapi import descriptions as module
    from vpc_backup_events.spec.schemas import load_engine

    body = {"name": "", "enabled": 1, "source": "x", "description": 5}
    found = []
    for name in ("jsonschema-rs", "jsonschema"):
        monkeypatch.setattr(module, "engine_for", lambda more, name=name: load_engine(name, more))
        operation = module.ApiDescription(EVENT_NOTIFICATIONS).operations["create_sources"]
        found.append(operation.body_problems("application/json", body))
    assert found[0] == found[1]
    assert len(found[0]) == 4
