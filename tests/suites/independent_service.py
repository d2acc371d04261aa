"""A service of the sources API written in another way, with nothing of the kit: Flask and a dict."""

from __future__ import annotations

import datetime
import json
import uuid

from flask import Flask, Response, request

TOKEN, INSTANCE = "independent-token", "11111111-2222-3333-4444-555555555555"


def service():
    app = Flask("service")
    sources = {}

    def refused(status, *messages):
        errors = [{"code": "refused", "message": m, "more_info": "https://example.com"} for m in messages]
        body = {"trace": str(uuid.uuid4()), "status_code": status, "errors": errors}
        return Response(json.dumps(body), status, mimetype="application/json")

    def problems(body):
        if not isinstance(body, dict):
            return ["the body is no object"]
        found = []
        name, description = body.get("name"), body.get("description", "")
        if not isinstance(name, str) or not 1 <= len(name) <= 255:
            found.append("name")
        if not isinstance(description, str) or len(description) > 255:
            found.append("description")
        if not isinstance(body.get("enabled"), bool):
            found.append("enabled")
        if "source" in body and len(str(body["source"]).split(":")) != 10:
            found.append("source")
        return found

    @app.before_request
    def authorized():
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != TOKEN:
            return refused(401, "no valid token")
        return None

    @app.errorhandler(404)
    def unknown(_):
        return refused(404, "there is no such path")

    base = f"/event-notifications/v1/instances/{INSTANCE}/sources"

    @app.post(base)
    def create():
        if request.mimetype != "application/json":
            return refused(415, "send JSON")
        try:
            body = json.loads(request.get_data())
        except ValueError:
            return refused(400, "the body is no JSON")
        if found := problems(body):
            return refused(400, *found)
        if any(each["name"] == body["name"] for each in sources.values()):
            return refused(409, "the name is taken")
        made = {
            "id": f"{uuid.uuid4()}:api",
            "name": body["name"],
            "description": body.get("description", ""),
            "enabled": body["enabled"],
            "created_at": datetime.datetime.now(datetime.UTC).isoformat(),
        }
        sources[made["id"]] = made
        return made, 201

    @app.get(base)
    def entries():
        limit, offset = request.args.get("limit", 10, int), request.args.get("offset", 0, int)
        if not 1 <= limit <= 100 or offset < 0:
            return refused(400, "limit or offset")
        every = list(sources.values())
        page = {"total_count": len(every), "limit": limit, "offset": offset, "sources": every[offset : offset + limit]}
        links = {"first": 0, "previous": max(offset - limit, 0) if offset else None}
        links["next"] = offset + limit if offset + limit < len(every) else None
        at = {name: {"href": f"{base}?limit={limit}&offset={n}"} for name, n in links.items() if n is not None}
        return {**page, **at}

    @app.route(f"{base}/<id>", methods=["GET", "DELETE"])
    def one(id):
        if id not in sources:
            return refused(404, "there is no such source")
        return sources[id] if request.method == "GET" else ("", 204 if sources.pop(id) else 500)

    return app
