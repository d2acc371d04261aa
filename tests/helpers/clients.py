"""Clients that break one requirement each, by requirement: the plain client, and one thing that it does wrong."""

from __future__ import annotations

import json
import logging
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

Register = Callable[..., None]
OK = range(200, 300)


def send(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer."""
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def client(
    *,
    method: str = "POST",
    url: Callable[[str, str], str] = lambda base, instance: f"{base}/v1/instances/{instance}/sources",
    headers: Callable[[dict[str, str], str], dict[str, str]] = lambda headers, token: headers,
    members: Callable[[dict[str, Any]], Any] = lambda members: members,
    succeeds: Callable[[int, bytes], bool] = lambda status, body: status in OK,
    again: Callable[[int, int, dict[str, str]], float | None] = lambda status, tries, headers: None,
) -> Register:
    """A client that registers a source, with one thing changed."""

    def register(base: str, token: str, instance: str, source: str, instance_crn: str) -> None:
        made = members(
            {
                "name": "Backup for VPC",
                "description": "failed backup jobs",
                "enabled": True,
                "source": source,
                "event_notifications_instance_crn": instance_crn,
            }
        )
        body = made if isinstance(made, bytes) else json.dumps(made).encode()
        sent = headers({"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, token)
        tries = 0
        while True:
            status, answered, content = send(method, url(base, instance), sent, body)
            tries += 1
            wait = None if status in OK else again(status, tries, answered)
            if wait is None:
                break
            time.sleep(wait)
        if not succeeds(status, content):
            raise RuntimeError(f"the answer was {status}")

    return register


def having(**more: Any) -> Register:
    """A client that sends other members."""
    return client(members=lambda members: {**members, **more})


def lacking(name: str) -> Register:
    """A client that leaves a member out."""
    return client(members=lambda members: {n: v for n, v in members.items() if n != name})


def told(body: bytes) -> bool:
    """The body is JSON that names a CRN."""
    try:
        return any("crn" in name for name in json.loads(body))
    except ValueError:
        return False


def strict_json(status: int, body: bytes) -> bool:
    """Takes an answer that it can't read for a success."""
    try:
        json.loads(body)
    except ValueError:
        return True
    return status in OK


def twice(*facts: str) -> None:
    """Registers, and registers again."""
    client()(*facts)
    client(succeeds=lambda status, body: True)(*facts)


def talkative(base: str, token: str, *facts: str) -> None:
    """Logs what it does, and the token with it."""
    logging.getLogger("client").warning("using %s", token)
    client()(base, token, *facts)


def looking(base: str, token: str, instance: str, source: str, instance_crn: str) -> None:
    """Looks in the list whether the source is there, registers it, and reads it back."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    url = f"{base}/v1/instances/{instance}/sources"
    if any(each["name"] == "n" for each in list_sources(base, token, instance)):
        return
    body = {"name": "n", "enabled": True, "source": source, "event_notifications_instance_crn": instance_crn}
    status, _, content = send("POST", url, headers, json.dumps(body).encode())
    if status not in OK:
        raise RuntimeError(f"the answer was {status}")
    made = json.loads(content)
    place = f"{url}/{urllib.parse.quote(made['id'], safe='')}"
    assert get(place, token)["id"] == made["id"]
    assert send("PATCH", place, headers, b'{"enabled": true}')[0] == 200
    assert made["id"] in [each["id"] for each in list_sources(base, token, instance)]


def exiting(*facts: str) -> None:
    """Ends as a script does."""
    try:
        client()(*facts)
    except RuntimeError as problem:
        sys.exit(str(problem))
    sys.exit(0)


def retrying(*statuses: int, wait: float = 0, most: int = 1_000) -> Register:
    """A client that tries again after these."""
    return client(again=lambda status, tries, _: wait if status in statuses and tries < most else None)


def logging_at(level: int) -> Register:
    """A client that logs the token at a level."""

    def register(base: str, token: str, *facts: str) -> None:
        logging.getLogger("quiet").log(level, "using %s", token)
        client()(base, token, *facts)

    return register


def with_handler(base: str, token: str, *facts: str) -> None:
    """Logs the token by a logger that keeps to itself, whose stream is that of the first call."""
    own = logging.getLogger("of its own")
    own.propagate = False
    if not own.handlers:
        own.addHandler(logging.StreamHandler())
    own.warning("using %s", token)
    client()(base, token, *facts)


def printing(base: str, token: str, *facts: str) -> None:
    """Prints the token."""
    print(f"POST with {token}")
    client()(base, token, *facts)


# what else was seen in the field: name -> the requirements that are broken, and the client
FURTHER: dict[str, tuple[set[str], Register]] = {
    "the instance is left to the reader": (
        {"P31-placeholder"},
        client(url=lambda base, instance: f"{base}/v1/instances/%7Binstance_id%7D/sources"),
    ),
    "the token is left to the reader": (
        {"P31-placeholder"},
        client(headers=lambda headers, token: {**headers, "Authorization": "Bearer {iam_token}"}),
    ),
    "the CRN of the instance is left to the reader": (
        {"P31-placeholder"},
        client(
            members=lambda members: {
                **members,
                "event_notifications_instance_crn": members["event_notifications_instance_crn"].replace(
                    "9f2c", "<guid>"
                ),
            }
        ),
    ),
    "a description in which somebody is named": (set(), having(description="For {storage} <storage@example.com>")),
    "the prefix twice": (
        {"P31-method-path"},
        client(url=lambda base, instance: f"{base}/event-notifications/v1/instances/{instance}/sources"),
    ),
    "a slash at the end": (
        {"P31-method-path"},
        client(url=lambda base, instance: f"{base}/v1/instances/{instance}/sources/"),
    ),
    "another region": ({"P31-source"}, client(members=lambda m: {**m, "source": m["source"].replace("south", "east")})),
    "504 is success": ({"P34-client-reports"}, client(succeeds=lambda status, body: status in OK or status == 504)),
    "503 is asked again at once": ({"P34-client-retry-after"}, retrying(503, most=2)),
    "500 is asked again for ever": ({"P34-client-bounded-retry"}, retrying(500)),
    "400 is asked again for ever": ({"P34-client-no-blind-retry", "P34-client-reports"}, retrying(400)),
    "409 is asked again for ever": ({"P34-client-no-blind-retry", "P33-client-reports"}, retrying(409)),
    "the token is logged for who debugs": ({"P31-no-token-logged"}, logging_at(logging.DEBUG)),
    "the token is logged by a handler of its own": ({"P31-no-token-logged"}, with_handler),
    "the token is printed": ({"P31-no-token-logged"}, printing),
}

CRN = "crn:v1:bluemix:public:event-notifications:us-south:a/1:00000000-0000-0000-0000-000000000000::"
FAKES: dict[str, Register] = {
    "P31-placeholder": having(source="crn:v1:bluemix:public:is:<region>:a/{{account_id}}::backup-policy:"),
    "P31-method-path": client(method="PUT"),
    "P31-instance-id": client(url=lambda base, instance: f"{base}/v1/instances/{instance[:-1]}/sources"),
    "P31-bearer": client(headers=lambda headers, token: {**headers, "Authorization": token}),
    "P31-json": client(headers=lambda headers, token: {**headers, "Content-Type": "text/plain"}),
    "P31-body-object": client(members=lambda members: [members]),
    "P31-name": having(name="n" * 256),
    "P31-enabled": having(enabled="true"),
    "P31-description": having(description="d" * 256),
    "P31-store-notifications": having(store_notifications="no"),
    "P31-source": lacking("source"),
    "P31-source-form": having(source="com.ibm.cloud.is.backup-policy"),
    "P31-source-whole-service": client(members=lambda m: {**m, "source": m["source"] + "r006-1"}),
    "P31-instance-crn": lacking("event_notifications_instance_crn"),
    "P31-instance-crn-form": having(event_notifications_instance_crn="9f2c8a54"),
    "P31-instance-crn-agrees": having(event_notifications_instance_crn=CRN),
    "P31-returns": client(succeeds=lambda status, body: status == 200),
    "P31-needs-no-crn": client(succeeds=lambda status, body: status in OK and told(body)),
    "P32-base": client(url=lambda base, instance: f"{base.rpartition('/')[0]}/v1/instances/{instance}/sources"),
    "P32-instances-path": client(url=lambda base, instance: f"{base}/v1/apps/{instance}/sources"),
    "P33-client-reports": client(succeeds=lambda status, body: status in OK or status == 409),
    "P34-client-reports": client(succeeds=lambda status, body: status in OK or status == 503),
    "P34-client-odd-error": client(succeeds=strict_json),
    "P34-client-retry-after": client(again=lambda status, tries, _: 0.1 if status == 429 and tries < 3 else None),
    "P34-client-no-blind-retry": client(again=lambda status, tries, _: 0 if status == 409 and tries < 3 else None),
    "P34-client-bounded-retry": client(again=lambda status, tries, _: 0 if status == 503 else None),
    "P33-client-once": twice,
    "P31-no-token-logged": talkative,
    "P34-client-follows-next": client(),
    "P35-path": client(),
    "P36-asks-version": client(),
    "P36-asks-policy-and-job": client(),
}


def get(url: str, token: str) -> Any:
    """The members of an answer."""
    return json.loads(send("GET", url, {"Authorization": f"Bearer {token}"}, b"")[2] or b"null")


def list_sources(base: str, token: str, instance: str) -> list[Any]:
    """Every source."""
    found: list[Any] = []
    url: str | None = f"{base}/v1/instances/{instance}/sources?limit=100"
    while url:
        page = get(url, token)
        found += page["sources"]
        url = page.get("next", {}).get("href")
    return found


def send_event(base: str, token: str, instance: str, event: Any) -> None:
    """Sends an event."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    send("POST", f"{base}/v1/instances/{instance}/notifications", headers, json.dumps(event).encode())


def confirm(vpc: str, token: str, policy: str, job: str) -> str:
    """The status of a job."""
    return str(get(f"{vpc}/backup_policies/{policy}/jobs/{job}?version=2026-10-06&generation=2", token)["status"])


def first_page(base: str, token: str, instance: str) -> Any:
    """One page of the sources."""
    return get(f"{base}/v1/instances/{instance}/sources?limit=100", token)["sources"]


def send_elsewhere(base: str, token: str, instance: str, event: Any) -> None:
    """Sends an event to another path."""
    send_event(base, token, f"{instance}/sources", event)


def confirm_old(vpc: str, token: str, policy: str, job: str) -> None:
    """Asks for a job without the generation."""
    get(f"{vpc}/backup_policies/{policy}/jobs/{job}?version=2026-10-06", token)


def confirm_all(vpc: str, token: str, policy: str, job: str) -> None:
    """Asks for the jobs of the policy."""
    get(f"{vpc}/backup_policies/{policy}/jobs?version=2026-10-06&generation=2", token)


ABILITIES = {"list_sources": list_sources, "send": send_event, "confirm": confirm}
BROKEN_ABILITIES: dict[str, dict[str, Any]] = {
    "P34-client-follows-next": {"list_sources": first_page},
    "P35-path": {"send": send_elsewhere},
    "P36-asks-version": {"confirm": confirm_old},
    "P36-asks-policy-and-job": {"confirm": confirm_all},
}
