"""The reference service of Event Notifications: sources, topics, webhooks, subscriptions, notifications, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import API_BASE, LONG, SHORT, SOURCE_ID
from vpc_backup_events.checking.check import check
from vpc_backup_events.making.deliveries import received, structured
from vpc_backup_events.reading import Message, read_event
from vpc_backup_events.reference._answers import Entry, Faults, RefusedError, afterwards, refuse
from vpc_backup_events.reference._instances import Instance, Resource
from vpc_backup_events.reference._kinds import Access, Destinations, Kind, Sources, Subscriptions, Topics
from vpc_backup_events.reference._record import Latest
from vpc_backup_events.reference._routing import topics_of
from vpc_backup_events.reference._service import Call, Handler, Service, application, href
from vpc_backup_events.reference._tokens import Iam
from vpc_backup_events.reference._webhooks import (
    Deliver,
    WebhookDelivery,
    call_webhook,
    deliver_on_loopback,
    result_of,
)
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, Operation, description
from vpc_backup_events.values.breach import Breach

__all__ = ["HELP", "EventNotifications", "event_notifications_app"]

HELP = "https://cloud.ibm.com/apidocs/event-notifications"
# the result of a test can be asked for about this long
RESULT_LASTS = timedelta(minutes=1)
TEST_EVENT = {
    "specversion": "1.0",
    "source": "event-notifications",
    "type": "com.ibm.cloud.event-notifications.test",
    SHORT: "Test of a destination",
    LONG: "This destination is being tested.",
}


def new_id() -> str:
    """An id that nothing else has."""
    return str(uuid4())


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class EventNotifications(Service):
    """The service; everything is kept in memory."""

    unread = frozenset({"send_notifications"})
    # filters are judged beside the event loop, so that a slow one keeps nobody else waiting
    threaded = frozenset({"send_notifications", "create_topic", "replace_topic"})

    def __init__(
        self,
        token: str | None,
        instance_id: str | Iterable[str] | None,
        *,
        access: Access | None,
        faults: Faults | None,
        api_key: str | None,
        deliver: Deliver,
        takes_unrouted: bool,
        ids: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(description(EVENT_NOTIFICATIONS), token, faults)
        self.access = access or Access()
        # the latest webhooks that were called, in the order in which the calls ended
        self.deliveries: Latest[WebhookDelivery] = Latest()
        self.instances: dict[str, Instance] = {}
        # None has an instance of any id, made when it is first asked for
        self._instance_ids = [instance_id] if isinstance(instance_id, str) else instance_id and list(instance_id)
        #: events that no topic takes are accepted all the same, and go nowhere
        self.takes_unrouted = takes_unrouted
        self._deliver = deliver
        # a service that takes any token gives one for any key; another only for the key that it was given
        self.iam = Iam(api_key, takes_any=token is None)
        self.granted = self.iam.granted
        self._ids = ids
        self._now = now
        subscriptions = Subscriptions()
        self._kinds: dict[str, Kind] = {
            "source": Sources(self.access, self.instances),
            "topic": Topics(subscriptions, ids, self._time),
            "destination": Destinations(),
            "subscription": subscriptions,
        }

    # -- what a service decides

    def normal(self, path: str, warnings: list[Breach]) -> str:
        """The path below /event-notifications and /v1/instances/ (position P32)."""
        if path.startswith("/v1/"):
            warnings.append(Breach("P32-base", (), {"value": path}))
            path = API_BASE + path
        if path.startswith(f"{API_BASE}/v1/apps/"):
            warnings.append(Breach("P32-instances-path", (), {"value": path}))
            path = path.replace("/v1/apps/", "/v1/instances/", 1)
        return path

    def admit(self, call: Call) -> None:
        """Refuses an unknown instance."""
        if "instance_id" in call.path:
            self._instance(call)

    def error_body(self, trace: str, status: int, entries: Iterable[Entry]) -> Any:
        """The body of an error (position P34)."""
        errors = [{"code": e.code, "message": e.message, "more_info": e.more_info or HELP} for e in entries]
        return {"trace": trace, "status_code": status, "errors": errors}

    def handler(self, operation: Operation) -> Handler:
        """The method of the operation's name; resources of every kind have the same life."""
        if hasattr(self, operation.id):
            return super().handler(operation)
        verb, _, noun = operation.id.partition("_")
        life = {
            "create": self._create,
            "list": self._list,
            "get": self._get,
            "update": self._update,
            "replace": self._update,
            "delete": self._delete,
        }
        return partial(life[verb], self._kinds[noun.removesuffix("s")])

    # -- the life of a resource

    def _create(self, kind: Kind, call: Call) -> Response:
        instance = self._instance(call)
        id = f"{self._ids()}{kind.suffix}"
        now = self._time()
        members = kind.members(instance, call.body, None)
        resource = {**kind.blank, **members, "id": id, "created_at": now, "updated_at": now}
        instance.resources(kind.plural)[id] = resource
        return JSONResponse(kind.excerpt(kind.creation, instance, resource), 201)

    def _list(self, kind: Kind, call: Call) -> Response:
        """The page that the query asks for, of the resources whose name has the text of `search` in it."""
        instance = self._instance(call)
        limit, offset, search = (call.query[name] for name in ("limit", "offset", "search"))
        word = (search or "").lower()
        matches = [entry for entry in instance.resources(kind.plural).values() if word in entry["name"].lower()]
        page = {
            "total_count": len(matches),
            "limit": limit,
            "offset": offset,
            kind.plural: [kind.excerpt(kind.item, instance, entry) for entry in matches[offset : offset + limit]],
            "first": {"href": href(call, limit=limit, offset=0)},
        }
        if offset > 0:
            page["previous"] = {"href": href(call, limit=limit, offset=max(0, offset - limit))}
        if offset + limit < len(matches):
            page["next"] = {"href": href(call, limit=limit, offset=offset + limit)}
        return JSONResponse(page)

    def _get(self, kind: Kind, call: Call) -> Response:
        instance = self._instance(call)
        resource = _resource_of(call, instance.resources(kind.plural))
        return JSONResponse(kind.excerpt(kind.whole, instance, resource))

    def _update(self, kind: Kind, call: Call) -> Response:
        instance = self._instance(call)
        resource = _resource_of(call, instance.resources(kind.plural))
        resource.update(kind.members(instance, kind.changes(call.body), resource), updated_at=self._time())
        return JSONResponse(kind.excerpt(kind.whole, instance, resource))

    def _delete(self, kind: Kind, call: Call) -> Response:
        instance = self._instance(call)
        instance.forget(kind.plural, _resource_of(call, instance.resources(kind.plural))["id"])
        return Response(status_code=204)

    # -- what else can be asked for

    def test_destination(self, call: Call) -> Response:
        """Sends a test event; the result can be asked for."""
        instance = self._instance(call)
        destination = _resource_of(call, instance.destinations)
        id = self._ids()
        result: Resource = {"status": "inprogress", "asked_at": self._now()}
        instance.results[id] = result
        event = {**TEST_EVENT, "id": id, "time": self._time()}

        def test() -> None:
            result.update(result_of(self._send(event, id, destination)))

        body = {"status": "accepted", "notification_id": id, "destination_type": destination["type"]}
        return JSONResponse(body, 201, background=afterwards(test))

    def get_notifications_status(self, call: Call) -> Response:
        """The result of a test, for about a minute."""
        result = _resource_of(call, self._instance(call).results)
        if self._now() - result["asked_at"] > RESULT_LASTS:
            raise refuse(404, "not_found", "The id is unknown.")
        return JSONResponse({name: result[name] for name in ("status", "details") if name in result})

    def send_notifications(self, call: Call) -> Response:
        """Takes an event that keeps the rules of the envelope, and routes it (position P35)."""
        instance = self._instance(call)
        headers = [(name, value) for name, value in call.request.headers.items() if name != "content-encoding"]
        message = Message.of(headers, call.raw)
        errors = [finding for finding in check(message).findings if finding.level == "error"]
        inside = [finding for finding in errors if catalog.requirements[finding.requirement].area == "envelope"]
        if inside:
            raise RefusedError(400, *(Entry(f.requirement, f"{f.pointer} {f.message}".strip(), f.doc) for f in inside))
        call.warnings += [Breach(finding.requirement, (), {}) for finding in errors]
        event = read_event(message).event
        topics = topics_of(instance, instance.source_of(event[SOURCE_ID]), event)
        if not topics and not self.takes_unrouted:
            raise refuse(422, "no_topic", "No topic of the source takes the event.")
        id = self._ids()
        webhooks = instance.webhooks_of(topics)

        def forward() -> None:
            for destination in webhooks:
                self._send(event, id, destination)

        return JSONResponse({"notification_id": id}, 202, background=afterwards(forward) if webhooks else None)

    def create_token(self, call: Call) -> Response:
        """Exchanges an API key for a token."""
        if not self.iam.knows(call.body["apikey"]):
            return JSONResponse({"errorCode": "BXNIM0415E", "errorMessage": "The API key is unknown."}, 400)
        return JSONResponse(self.iam.grant(self._now()))

    def _instance(self, call: Call) -> Instance:
        id = call.path["instance_id"]
        if self._instance_ids is not None and id not in self._instance_ids:
            raise refuse(404, "not_found", "The instance is unknown.")
        return self.instances.setdefault(id, Instance(id))

    def _time(self) -> str:
        return self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _send(self, event: Mapping[str, Any], id: str, destination: Resource) -> WebhookDelivery:
        delivery = call_webhook(self._deliver, structured(received(event, id)), destination, id)
        self.deliveries.append(delivery)
        return delivery


def _resource_of(call: Call, resources: Mapping[str, Resource]) -> Resource:
    """The resource that the path names; refuses an unknown id."""
    if call.path["id"] not in resources:
        raise refuse(404, "not_found", "The id is unknown.")
    return resources[call.path["id"]]


def event_notifications_app(
    token: str | None = None,
    instance_id: str | Iterable[str] | None = None,
    *,
    access: Access | None = None,
    faults: Faults | None = None,
    api_key: str | None = None,
    deliver: Deliver = deliver_on_loopback,
    takes_unrouted: bool = False,
    ids: Callable[[], str] = new_id,
    now: Callable[[], datetime] = utc_now,
) -> Starlette:
    """Event Notifications as an ASGI application.

    `token` is the bearer token that is accepted, `instance_id` the id or ids of its instances; None accepts any.
    `api_key` is the only one that is exchanged for a token; without it none is, unless any token is accepted. Without
    `deliver` only webhooks of this machine are called. `takes_unrouted` accepts events that no topic takes. `ids` and
    `now` make ids and times. Its `state` has `record`, `faults`, `access`, `deliveries` and the `service`.
    """
    service = EventNotifications(
        token,
        instance_id,
        access=access,
        faults=faults,
        api_key=api_key,
        deliver=deliver,
        takes_unrouted=takes_unrouted,
        ids=ids,
        now=now,
    )
    return application(service, access=service.access, deliveries=service.deliveries)
