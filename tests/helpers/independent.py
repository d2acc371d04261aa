"""Consumers written in other ways, with nothing of the kit: a bare ASGI function, Flask, FastAPI, a plain function."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

from fastapi import FastAPI, Request, Response
from flask import Flask
from flask import request as flask_request
from starlette.applications import Starlette
from starlette.responses import Response as StarletteResponse
from starlette.routing import Route

UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


def forgiving(text):
    """JSON, or what is left of it."""
    start = text.find("{")
    text = text[start:] if start > 0 and "Notification details" in text else text
    text = re.sub(rf":\s*((?:[0-9a-z]{{4}}[-_])?{UUID})\s*([,}}])", r':"\1"\2', text)
    return json.loads(text, strict=False)


class Core:
    """What all of them do with a delivery."""

    def __init__(self):
        self.log = []
        self.known = set()

    def read(self):
        return list(self.log)

    def take(self, method, headers, body):
        headers = {name.lower(): value for name, value in headers.items()}
        if method != "POST":
            return 405
        media = headers.get("content-type", "").split(";")[0].strip().lower()
        if media not in ("application/json", "application/cloudevents+json", ""):
            return 415
        try:
            if any(name.startswith("ce-") for name in headers) and media != "application/cloudevents+json":
                event = {n[3:]: self.decode(v) for n, v in headers.items() if n.startswith("ce-")}
            else:
                event = json.loads(body.decode("utf-8"), strict=False)
            identity = event["source"], event["id"]
            assert all(isinstance(event[name], str) and event[name] for name in ("id", "source", "type"))
            assert event["specversion"] == "1.0"
        except (ValueError, KeyError, TypeError, AssertionError):
            return 400
        if identity not in self.known:
            self.known.add(identity)
            self.log.append(self.understand(event))
        return 202

    @staticmethod
    def decode(value):
        return value if " " in value or '"' in value else unquote(value)

    @staticmethod
    def understand(event):
        said = {
            "source": event["source"],
            "id": event["id"],
            "event_type": event["type"].replace("-deletion", "-retention"),
            "severity": event.get("ibmenseverity"),
        }
        try:
            details = forgiving(event["ibmendefaultlong"])
        except (ValueError, KeyError, TypeError):
            details = {}
        for name in ("backup_policy", "backup_policy_plan", "backup_policy_job", "resource"):
            said[name] = details.get(name)
        said["resource_type"] = details.get("match_resource_type")
        said["job_type"] = {"retention": "deletion"}.get(details.get("job_type"), details.get("job_type"))
        return {name: value for name, value in said.items() if value is not None}


def bare_asgi():
    core = Core()

    async def app(scope, receive, send):
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode("utf-8") for name, value in scope["headers"]}
        status = core.take(scope["method"], headers, body)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"done"})

    return app, core.read


def starlette_app():
    core = Core()

    async def events(request):
        return StarletteResponse(status_code=core.take("POST", _utf8(request.headers), await request.body()))

    return Starlette(routes=[Route("/", events, methods=["POST"])]), core.read


def _utf8(headers):
    # frameworks read headers as Latin-1
    return {name: value.encode("latin-1").decode("utf-8") for name, value in headers.items()}


def flask_app():
    core = Core()
    app = Flask("consumer")

    @app.post("/")
    def events():
        return "", core.take("POST", _utf8(dict(flask_request.headers)), flask_request.get_data())

    return app, core.read


def fastapi_app():
    core = Core()
    app = FastAPI()

    @app.post("/")
    async def events(request: Request):
        return Response(status_code=core.take("POST", _utf8(request.headers), await request.body()))

    return app, core.read


def plain_function():
    core = Core()
    return (lambda headers, body: core.take("POST", headers, body)), core.read


ASGI = (bare_asgi, starlette_app, fastapi_app)
WSGI = (flask_app,)
CALLABLES = (plain_function,)
