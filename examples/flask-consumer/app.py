"""A consumer with Flask: takes every documented form of an event, each event once, and refuses what is none."""

import json
from threading import Lock
from urllib.parse import unquote

from flask import Flask, request

REQUIRED = ("specversion", "id", "source", "type")
MEDIA = ("application/json", "application/cloudevents+json")
app = Flask(__name__)
# (source, id) -> what is known of the event
alerts = {}
lock = Lock()


@app.post("/")
def receive():
    """204 where an event was taken, 4xx where there was none."""
    try:
        event = read()
    except ValueError as error:
        return {"error": str(error)}, 400
    with lock:
        alerts.setdefault((event["source"], event["id"]), interpret(event))
    return "", 204


def read():
    """The event of the request; raises ValueError where there is none."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if request.mimetype not in MEDIA and not (headers.get("ce-id") and not request.mimetype):
        raise ValueError(f"{request.mimetype!r} is no media type of an event")
    if request.mimetype != MEDIA[1] and any(name.startswith("ce-") for name in headers):
        # servers read headers as Latin-1; values are percent-encoded, or raw as the documentation shows them
        raw = {n[3:]: v.encode("latin-1").decode("utf-8", "replace") for n, v in headers.items() if n.startswith("ce-")}
        event = {name: value if " " in value or '"' in value else unquote(value) for name, value in raw.items()}
    else:
        # not strict: the documentation's own payload has raw line breaks in a string
        event = json.loads(request.get_data().decode(), strict=False)
    if not isinstance(event, dict) or not all(isinstance(event.get(n), str) and event[n] for n in REQUIRED):
        raise ValueError(f"an event has {', '.join(REQUIRED)}")
    return event


def interpret(event):
    """What the kit compares with the facts of the job; an application would do something here."""
    return {
        "source": event["source"],
        "id": event["id"],
        "event_type": event["type"].replace("-deletion", "-retention"),
        **({"severity": event["ibmenseverity"]} if "ibmenseverity" in event else {}),
    }
