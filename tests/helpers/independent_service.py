"""A service of the API written in another way, with nothing of the kit: Flask and a dict."""

from __future__ import annotations

import datetime
import json
import urllib.parse
import uuid

from flask import Flask, Response, request

TOKEN, INSTANCE = "independent-token", "11111111-2222-3333-4444-555555555555"
POLICY, JOB = "r006-076191ba-49c2-4763-94fd-c70de73ee2e6", "r006-1d9f2c1c-0000-4000-8000-5a5a5a5a5a5a"


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
        if "source" in body:
            if any("source" in each for each in sources.values()):
                return refused(409, "Backup for VPC is connected")
            if (
                body["source"].split(":")[6]
                != body.get("event_notifications_instance_crn", body["source"]).split(":")[6]
            ):
                return refused(403, "another account")
        made = {
            "id": f"{uuid.uuid4()}:api",
            "name": body["name"],
            "description": body.get("description", ""),
            "enabled": body["enabled"],
            "created_at": datetime.datetime.now(datetime.UTC).isoformat(),
        }
        sources[made["id"]] = {**made, **{name: body[name] for name in ("source",) if name in body}}
        return made, 201

    def listed(source):
        shown = {name: source[name] for name in ("id", "name", "description", "enabled")}
        return {**shown, **seen(), "type": "api", "topic_count": 0}

    @app.get(base)
    def entries():
        limit, offset = request.args.get("limit", 10, int), request.args.get("offset", 0, int)
        if not 1 <= limit <= 100 or offset < 0:
            return refused(400, "limit or offset")
        every = [each for each in sources.values() if request.args.get("search", "") in each["name"]]
        page = {
            "total_count": len(every),
            "limit": limit,
            "offset": offset,
            "sources": [listed(each) for each in every[offset : offset + limit]],
        }
        links = {"first": 0, "previous": max(offset - limit, 0) if offset else None}
        links["next"] = offset + limit if offset + limit < len(every) else None
        at = {name: {"href": f"{base}?limit={limit}&offset={n}"} for name, n in links.items() if n is not None}
        return {**page, **at}

    @app.route(f"{base}/<id>", methods=["GET", "PATCH", "DELETE"])
    def one(id):
        if id not in sources:
            return refused(404, "there is no such source")
        if request.method == "DELETE":
            sources.pop(id)
            return "", 204
        if request.method == "PATCH":
            sources[id].update(request.get_json())
        return {**sources[id], **seen(), "type": "api", "topic_count": 0, "topic_names": []}

    def seen():
        return {"updated_at": datetime.datetime.now(datetime.UTC).isoformat()}

    kinds = {"topics": {}, "destinations": {}, "subscriptions": {}}
    root = base.removesuffix("/sources")

    def view(kind, id):
        body = kinds[kind][id]
        if kind == "topics":
            named = [{**each, "name": sources[each["id"]]["name"], "rules": rules(each)} for each in body["sources"]]
            more = {"source_count": len(named), "sources": named, "subscription_count": 0, "subscriptions": []}
        elif kind == "destinations":
            more = {"type": "webhook", "config": body["config"], "subscription_count": 0, "subscription_names": []}
        else:
            more = {name: body[name] for name in ("topic_id", "destination_id")}
            more["attributes"] = {"signing_enabled": False, "add_notification_payload": False}
            more |= {"destination_type": "webhook", "destination_name": "d", "topic_name": "t"}
        return {"id": id, "name": body["name"], "description": body.get("description", ""), **seen(), **more}

    def rules(source):
        return [{"enabled": True, **each, "id": str(uuid.uuid4()), **seen()} for each in source["rules"]]

    def given(kind):
        if kind != "destinations":
            return request.get_json()
        form = dict(request.form)
        if "config" in request.files:
            form["config"] = json.load(request.files["config"])
        elif "config" in form:
            form["config"] = json.loads(form["config"])
        return form

    @app.route(f"{root}/<any(topics, destinations, subscriptions):kind>", methods=["GET", "POST"])
    def several(kind):
        if request.method == "GET":
            hidden = ("sources", "subscriptions", "config", "attributes")
            every = [{k: v for k, v in view(kind, id).items() if k not in hidden} for id in kinds[kind]]
            if kind == "topics":
                every = [{**each, "sources_names": []} for each in every]
            page = {"total_count": len(every), "limit": 10, "offset": 0, kind: every[:10]}
            return {**page, "first": {"href": f"{root}/{kind}?limit=10&offset=0"}}
        body = given(kind)
        if kind == "topics" and any(each["id"] not in sources for each in body.get("sources", ())):
            return refused(400, "Incorrect source id")
        id = str(uuid.uuid4())
        kinds[kind][id] = body
        return {**view(kind, id), "created_at": seen()["updated_at"]}, 201

    @app.route(
        f"{root}/<any(topics, destinations, subscriptions):kind>/<id>", methods=["GET", "PUT", "PATCH", "DELETE"]
    )
    def resource(kind, id):
        if id not in kinds[kind]:
            return refused(404, "there is no such thing")
        if request.method == "DELETE":
            del kinds[kind][id]
            return "", 204
        if request.method != "GET":
            kinds[kind][id] = {**kinds[kind][id], **given(kind)}
        return view(kind, id)

    @app.post(f"{root}/destinations/<id>/test")
    def test(id):
        return {"status": "accepted", "notification_id": id, "destination_type": "webhook"}, 201

    @app.get(f"{root}/notifications/<id>")
    def tested(id):
        return {"status": "success", "details": {"status_code": 200}}

    @app.post(f"{root}/notifications")
    def send():
        raw = request.get_data()
        if len(raw) > 65536:
            return refused(413, "too large")
        if "ce-id" in request.headers:
            event = {n.lower()[3:]: urllib.parse.unquote(v) for n, v in request.headers if n.lower().startswith("ce-")}
        else:
            event = json.loads(raw)
        if not isinstance(event, dict):
            return refused(400, "no object")
        wanted = ("id", "source", "type", "specversion", "time")
        wrong = [name for name in wanted if not isinstance(event.get(name), str) or not event[name]]
        wrong += [name for name, value in event.items() if isinstance(value, dict | list)]
        wrong += ["specversion"] if event.get("specversion", "1.0") != "1.0" else []
        wrong += ["time"] if "T" not in str(event.get("time", "T")) else []
        if wrong:
            return refused(400, *wrong)
        routed = [each["id"] for topic in kinds["topics"].values() for each in topic["sources"]]
        if event.get("ibmensourceid") not in routed or not sources[event["ibmensourceid"]]["enabled"]:
            return refused(422, "no topic")
        return {"notification_id": str(uuid.uuid4())}, 202

    policy, id = POLICY, JOB
    href = f"https://example.com/v1/backup_policies/{policy}"
    job = {
        "id": id,
        "href": f"{href}/jobs/{id}",
        "resource_type": "backup_policy_job",
        "job_type": "creation",
        "status": "failed",
        "status_reasons": [{"code": "source_volume_busy", "message": "The volume is busy."}],
        "backup_policy_plan": {
            "id": "p",
            "href": f"{href}/plans/p",
            "name": "p",
            "resource_type": "backup_policy_plan",
        },
        "source": {"id": "v", "crn": "crn:v1:v", "href": href, "name": "v", "resource_type": "volume"},
        "target_snapshots": [],
        "auto_delete": True,
        "auto_delete_after": 90,
        "created_at": "2026-11-24T00:00:00Z",
    }

    @app.get("/v1/backup_policies/<asked>/jobs")
    @app.get("/v1/backup_policies/<asked>/jobs/<which>")
    def jobs(asked, which=None):
        if request.args.get("generation") != "2" or "version" not in request.args:
            return refused(400, "version and generation")
        if asked != policy or which not in (None, id):
            return refused(404, "there is no such job")
        if which:
            return job
        found = [job] if request.args.get("status", "failed") == "failed" else []
        return {"jobs": found, "limit": 50, "total_count": len(found), "first": {"href": href}}

    return app
