"""A consumer that speaks the harness protocol; it needs nothing but Python."""

import base64
import json
import re
import sys
from urllib.parse import unquote

UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
TYPES = ("application/json", "application/cloudevents+json")
identities, interpretations = set(), []


def read(headers, body):
    """The event in a request, structured or binary; raises ValueError where there is none."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    binary = media != TYPES[1] and any(name.startswith("ce-") for name in headers)
    if binary:
        event = {n[3:]: v if " " in v else unquote(v) for n, v in headers.items() if n.startswith("ce-")}
    elif media in TYPES:
        # not strict: the documentation's own example has raw line breaks in a string
        event = json.loads(body.decode(), strict=False)
    else:
        raise ValueError("another media type")
    if not isinstance(event, dict) or not all(
        isinstance(event.get(n), str) and event[n] for n in ("specversion", "id", "source", "type")
    ):
        raise ValueError("no event")
    return event


def details_of(event):
    """The facts in the long text, in every form that the documentation shows."""
    text = str(event.get("ibmendefaultlong", ""))
    text = text[max(text.find("{"), 0) :]
    text = re.sub(rf":\s*((?:[0-9a-z]{{4}}[-_])?{UUID})\s*([,}}])", r':"\1"\2', text)
    try:
        details = json.loads(text, strict=False)
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def interpret(event):
    """What the event says; what it does not say is left out."""
    details = details_of(event)
    members = {
        "source": event["source"],
        "id": event["id"],
        "event_type": event["type"].replace("-deletion", "-retention"),
        "severity": event.get("ibmenseverity"),
        "resource_type": details.get("match_resource_type"),
        "job_type": "deletion" if details.get("job_type") == "retention" else details.get("job_type"),
        **{
            name: details.get(name) for name in ("backup_policy", "backup_policy_plan", "backup_policy_job", "resource")
        },
    }
    return {name: value for name, value in members.items() if isinstance(value, str)}


def receive(message):
    """The status of the answer to a request."""
    if message["method"] != "POST":
        return 405
    body = base64.b64decode(message["body_base64"]) if "body_base64" in message else message.get("body", "").encode()
    try:
        event = read({name.lower(): value for name, value in message["headers"].items()}, body)
    except ValueError:
        return 400
    if (event["source"], event["id"]) not in identities:
        identities.add((event["source"], event["id"]))
        interpretations.append(interpret(event))
    return 204


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "start":
        answer = {"type": "started", "protocol": 1, "name": "example consumer in Python", "observe": True}
    elif message["type"] == "delivery":
        answer = {"type": "answer", "id": message["id"], "status": receive(message)}
    elif message["type"] == "observe":
        answer = {"type": "interpretations", "id": message["id"], "interpretations": interpretations}
    elif message["type"] == "stop":
        break
    else:
        answer = {"type": "skipped", "id": message["id"], "reason": f"a consumer does not do {message['type']}"}
    print(json.dumps(answer), flush=True)
