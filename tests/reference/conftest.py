"""A service with one resource of each kind, its ids those of the examples, and requests for each operation."""

import copy
import json
from types import SimpleNamespace
from urllib.parse import quote
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from vpc_backup_events.reference import backup_jobs_app, event_notifications_app
from vpc_backup_events.spec.openapi import BACKUP_JOBS, EVENT_NOTIFICATIONS, description

TOKEN = "t0ken-of-the-tests"
FORBIDDEN = "t0ken-without-permission"
BASES = {EVENT_NOTIFICATIONS: "/event-notifications", BACKUP_JOBS: "/v1"}
OTHER = "00000000-0000-4000-8000-000000000000"


def resolved(document, node):
    while "$ref" in node:
        here = document
        for step in node["$ref"].split("/")[1:]:
            here = here[step]
        node = here
    return node


def example_of(operation):
    """(path, query, media type, body) of the contract's examples."""
    document = operation.api.document
    item = document["paths"][operation.template]
    node = item[operation.method.lower()]
    values = {"path": {}, "query": {}}
    for each in (*item.get("parameters", ()), *node.get("parameters", ())):
        parameter = resolved(document, each)
        if "example" in parameter:
            values[parameter["in"]][parameter["name"]] = parameter["example"]
    path = operation.base + operation.template
    for name, value in values["path"].items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    content = node.get("requestBody", {}).get("content", {})
    media = next(iter(content), None)
    body = copy.deepcopy(content[media]["examples"]["example"]["value"]) if media else None
    return path, values["query"], media, body


@pytest.fixture
def example():
    """A callable: path, query, media type and body of an operation's example."""
    return example_of


def parts(media, body):
    """The body as arguments of a client: JSON, a form, or a form in parts."""
    if media == "multipart/form-data":
        return {
            "files": {
                name: (None, value) if isinstance(value, str) else (None, json.dumps(value), "application/json")
                for name, value in body.items()
            }
        }
    if media == "application/x-www-form-urlencoded":
        return {"data": body}
    return {} if media is None else {"json": body}


class Deliveries(list):
    """In the place of the engine: notes every delivery, and answers as it is told."""

    delivered = True

    def __call__(self, delivery, target, /, *, method, headers):
        self.append((json.loads(delivery.body), target, method, headers))
        answer = SimpleNamespace(status=204 if self.delivered else 500)
        return SimpleNamespace(delivered=self.delivered, attempts=[SimpleNamespace(answer=answer)])


class Client(TestClient):
    """A client that sends the token, and holds every answer to the contract."""

    def __init__(self, app, name, token=TOKEN):
        super().__init__(app, raise_server_exceptions=True)
        self.api = description(name)
        self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method, url, **options):
        answer = super().request(method, url, **options)
        path = answer.request.url.raw_path.decode().partition("?")[0]
        match = self.api.match(method, path)
        # 405 and 413 are the answers of HTTP itself, and not described
        if match and match.operation and answer.status_code not in (405, 413):
            headers = {name.lower(): value for name, value in answer.headers.items()}
            found = match.operation.answer_problems(answer.status_code, headers, answer.content)
            assert found == [], (method, url, answer.status_code, answer.text)
        return answer

    def example(self, id, **change):
        """The request of the contract's example, with changes: `path`, `query`, `body`, `headers`."""
        operation = self.api.operations[id]
        path, query, media, body = example_of(operation)
        sent = parts(media, change.get("body", body))
        return self.request(
            operation.method,
            change.get("path", path),
            params=change.get("query", query),
            headers=change.get("headers"),
            **({"content": change["content"]} if "content" in change else sent),
        )


def ids_of_the_examples():
    document = description(EVENT_NOTIFICATIONS).document
    examples = {name: each.get("example") for name, each in document["components"]["parameters"].items()}
    yield examples["source_id"].removesuffix(":api")
    yield examples["topic_id"]
    yield str(uuid4())
    yield examples["destination_id"]
    yield examples["subscription_id"]
    yield examples["notification_id"]
    while True:
        yield str(uuid4())


@pytest.fixture
def deliveries():
    return Deliveries()


@pytest.fixture
def empty(deliveries):
    """An app without any resource, as a client."""
    instance_id = description(EVENT_NOTIFICATIONS).document["components"]["parameters"]["instance_id"]["example"]
    ids = ids_of_the_examples()
    app = event_notifications_app(
        TOKEN, [instance_id, OTHER], deliver=deliveries, api_key="API_KEY", ids=lambda: next(ids)
    )
    app.state.service.forbidden_token = FORBIDDEN
    return Client(app, EVENT_NOTIFICATIONS)


CREATES = ("create_sources", "create_topic", "create_destination", "create_subscription", "test_destination")


def filled(client, ids):
    for id in ids:
        assert client.example(id).status_code == 201, id
    client.app.state.record.clear()
    return client


@pytest.fixture
def client(empty):
    """An app with one resource of each kind and a test of the destination."""
    return filled(empty, CREATES)


@pytest.fixture
def before(empty, jobs):
    """A callable: the client of an app in which the example of this operation succeeds."""
    return lambda id: (
        jobs if id in jobs.api.operations else filled(empty, CREATES[: CREATES.index(id)] if id in CREATES else CREATES)
    )


@pytest.fixture
def jobs():
    app = backup_jobs_app(TOKEN)
    app.state.service.forbidden_token = FORBIDDEN
    return Client(app, BACKUP_JOBS)
