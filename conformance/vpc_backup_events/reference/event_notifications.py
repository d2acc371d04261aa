"""The reference service of Event Notifications: sources, topics, webhooks, subscriptions, notifications, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.responses import Response

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, SHORT, SOURCE_ID
from vpc_backup_events.checking.check import check
from vpc_backup_events.making.deliveries import received, structured
from vpc_backup_events.reading import Message, read_event
from vpc_backup_events.reference._connection import Access, Connection, refusal
from vpc_backup_events.reference._faults import Faults
from vpc_backup_events.reference._instances import Instance, Resource, shown
from vpc_backup_events.reference._pages import page, resource
from vpc_backup_events.reference._record import Latest
from vpc_backup_events.reference._service import (
    Call,
    Entry,
    RefusedError,
    Service,
    afterwards,
    answer,
    application,
    refuse,
)
from vpc_backup_events.reference._tokens import Iam
from vpc_backup_events.reference._topics import routes_of, topics_of
from vpc_backup_events.reference._webhooks import Deliver, WebhookDelivery, call_webhook, deliver_on_loopback, result_of
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description
from vpc_backup_events.values.breach import Breach

BASE = "/event-notifications"
HELP = "https://cloud.ibm.com/apidocs/event-notifications"
# the result of a test can be asked for about this long
RESULT_LASTS = timedelta(minutes=1)
# what is told of a source that was created
CREATED = (
    "id",
    "name",
    "description",
    "enabled",
    "store_notifications",
    "event_notifications_instance_crn",
    "created_at",
)
TEST_EVENT = {
    "specversion": "1.0",
    "source": "event-notifications",
    "type": "com.ibm.cloud.event-notifications.test",
    SHORT: "Test of a destination",
    LONG: "This destination is being tested.",
}


class EventNotifications(Service):
    """The service; everything is kept in memory."""

    unread = frozenset({"send_notifications"})
    # filters are judged beside the event loop, so that a slow one keeps nobody else waiting
    threaded = frozenset({"send_notifications", "create_topic", "replace_topic"})

    def __init__(
        self,
        token: str | None = None,
        instance_id: str | Iterable[str] | None = None,
        *,
        access: Access | None = None,
        faults: Faults | None = None,
        deliver: Deliver = deliver_on_loopback,
        api_key: str | None = None,
        takes_unrouted: bool = False,
        ids: Callable[[], str] = lambda: str(uuid4()),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
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

    # -- what a service decides

    def normal(self, path: str, warnings: list[Breach]) -> str:
        """The path below /event-notifications and /v1/instances/ (position P32)."""
        if path.startswith("/v1/"):
            warnings.append(Breach("P32-base", (), {"value": path}))
            path = BASE + path
        if path.startswith(f"{BASE}/v1/apps/"):
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

    # -- sources

    def create_sources(self, call: Call) -> Response:
        """Registers a source (positions P31 and P33)."""
        instance, body = self._instance(call), call.body
        self._require_free(instance, body["name"])
        if "source" in body:
            refused = refusal(body, self.access, self._connections())
            if refused:
                raise refused
        source = {"description": "", "store_notifications": False, **body, "id": f"{self._ids()}:api", **self._times()}
        instance.sources[source["id"]] = source
        return answer(201, {name: source[name] for name in CREATED if name in source})

    def list_sources(self, call: Call) -> Response:
        """A page of sources."""
        instance = self._instance(call)
        return page(call, "sources", instance.sources, instance.source_item)

    def get_source(self, call: Call) -> Response:
        """One source."""
        instance = self._instance(call)
        return answer(200, instance.source(resource(call, instance.sources)))

    def update_source(self, call: Call) -> Response:
        """Changes what is given."""
        instance = self._instance(call)
        source = resource(call, instance.sources)
        if call.body.get("name", source["name"]) != source["name"]:
            self._require_free(instance, call.body["name"])
        self._change(source, _only(call.body, "name", "description", "enabled", "store_notifications"))
        return answer(200, instance.source(source))

    def delete_source(self, call: Call) -> Response:
        """Deletes a source; topics take its events no more."""
        return self._delete(call, "sources")

    # -- topics

    def create_topic(self, call: Call) -> Response:
        """Creates a topic."""
        instance = self._instance(call)
        topic = {"description": "", **call.body, "id": self._ids(), **self._times()}
        topic["sources"] = self._routes(instance, call.body)
        instance.topics[topic["id"]] = topic
        return answer(201, {name: topic[name] for name in ("id", "name", "description", "created_at")})

    def list_topics(self, call: Call) -> Response:
        """A page of topics."""
        instance = self._instance(call)
        return page(call, "topics", instance.topics, instance.topic_item)

    def get_topic(self, call: Call) -> Response:
        """One topic."""
        instance = self._instance(call)
        return answer(200, instance.topic(resource(call, instance.topics)))

    def replace_topic(self, call: Call) -> Response:
        """Replaces everything but the id."""
        instance = self._instance(call)
        topic = resource(call, instance.topics)
        members = {"description": "", **call.body, "sources": self._routes(instance, call.body)}
        self._change(topic, _only(members, "name", "description", "sources"))
        return answer(200, instance.topic(topic))

    def delete_topic(self, call: Call) -> Response:
        """Deletes a topic and its subscriptions."""
        return self._delete(call, "topics")

    # -- destinations

    def create_destination(self, call: Call) -> Response:
        """Creates a webhook destination."""
        instance, body = self._instance(call), call.body
        destination = {"description": "", **body, "id": self._ids(), **self._times()}
        destination["collect_failed_events"] = body.get("collect_failed_events", "").lower() == "true"
        instance.destinations[destination["id"]] = destination
        names = ("id", "name", "description", "type", "collect_failed_events", "created_at")
        return answer(201, {**{name: destination[name] for name in names}, "config": shown(destination["config"])})

    def list_destinations(self, call: Call) -> Response:
        """A page of destinations."""
        instance = self._instance(call)
        return page(call, "destinations", instance.destinations, instance.destination_item)

    def get_destination(self, call: Call) -> Response:
        """One destination."""
        instance = self._instance(call)
        return answer(200, instance.destination(resource(call, instance.destinations)))

    def update_destination(self, call: Call) -> Response:
        """Changes what is given."""
        instance = self._instance(call)
        destination = resource(call, instance.destinations)
        members = _only(call.body, "name", "description", "config")
        if "collect_failed_events" in call.body:
            members["collect_failed_events"] = call.body["collect_failed_events"].lower() == "true"
        self._change(destination, members)
        return answer(200, instance.destination(destination))

    def delete_destination(self, call: Call) -> Response:
        """Deletes a destination and the subscriptions to it."""
        return self._delete(call, "destinations")

    def test_destination(self, call: Call) -> Response:
        """Sends a test event; the result can be asked for."""
        instance = self._instance(call)
        destination = resource(call, instance.destinations)
        id = self._ids()
        result: Resource = {"status": "inprogress", "asked_at": self._now()}
        instance.results[id] = result
        event = {**TEST_EVENT, "id": id, "time": self._times()["created_at"]}

        def test() -> None:
            result.update(result_of(self._send(event, id, destination)))

        accepted = {"status": "accepted", "notification_id": id, "destination_type": destination["type"]}
        return answer(201, accepted, afterwards(test))

    def get_notifications_status(self, call: Call) -> Response:
        """The result of a test, for about a minute."""
        result = resource(call, self._instance(call).results)
        if self._now() - result["asked_at"] > RESULT_LASTS:
            raise refuse(404, "not_found", "The id is unknown.")
        return answer(200, {name: result[name] for name in ("status", "details") if name in result})

    # -- subscriptions

    def create_subscription(self, call: Call) -> Response:
        """Lets a destination get the events of a topic."""
        instance, body = self._instance(call), call.body
        for member, known in (("topic_id", instance.topics), ("destination_id", instance.destinations)):
            if body[member] not in known:
                raise refuse(400, "invalid_request", f"{member} names nothing in this instance.")
        subscription = {"description": "", "attributes": {}, **body, "id": self._ids(), **self._times()}
        instance.subscriptions[subscription["id"]] = subscription
        return answer(201, instance.subscription(subscription))

    def list_subscriptions(self, call: Call) -> Response:
        """A page of subscriptions."""
        instance = self._instance(call)
        return page(call, "subscriptions", instance.subscriptions, instance.subscription_item)

    def get_subscription(self, call: Call) -> Response:
        """One subscription."""
        instance = self._instance(call)
        return answer(200, instance.subscription(resource(call, instance.subscriptions)))

    def update_subscription(self, call: Call) -> Response:
        """Changes what is given."""
        instance = self._instance(call)
        subscription = resource(call, instance.subscriptions)
        self._change(subscription, _only(call.body, "name", "description", "attributes"))
        return answer(200, instance.subscription(subscription))

    def delete_subscription(self, call: Call) -> Response:
        """Deletes a subscription."""
        return self._delete(call, "subscriptions")

    # -- notifications

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
        topics = topics_of(instance, instance.named(event[SOURCE_ID]), event)
        if not topics and not self.takes_unrouted:
            raise refuse(422, "no_topic", "No topic of the source takes the event.")
        id = self._ids()
        webhooks = instance.webhooks_of(topics)

        def forward() -> None:
            for destination in webhooks:
                self._send(event, id, destination)

        return answer(202, {"notification_id": id}, afterwards(forward) if webhooks else None)

    # -- token

    def create_token(self, call: Call) -> Response:
        """Exchanges an API key for a token."""
        if not self.iam.knows(call.body["apikey"]):
            return answer(400, {"errorCode": "BXNIM0415E", "errorMessage": "The API key is unknown."})
        return answer(200, self.iam.grant(self._now()))

    # -- helpers

    def _instance(self, call: Call) -> Instance:
        id = call.path["instance_id"]
        if self._instance_ids is not None and id not in self._instance_ids:
            raise refuse(404, "not_found", "The instance is unknown.")
        return self.instances.setdefault(id, Instance(id))

    def _connections(self) -> list[Connection]:
        return list(chain.from_iterable(instance.connections() for instance in self.instances.values()))

    def _require_free(self, instance: Instance, name: str) -> None:
        if any(source["name"] == name for source in instance.sources.values()):
            raise refuse(409, "conflict", "Another source has this name.")

    def _times(self) -> Resource:
        now = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"created_at": now, "updated_at": now}

    def _change(self, resource: Resource, members: Mapping[str, Any]) -> None:
        resource.update(members, updated_at=self._times()["updated_at"])

    def _delete(self, call: Call, kind: str) -> Response:
        instance = self._instance(call)
        instance.forget(kind, resource(call, getattr(instance, kind))["id"])
        return answer(204, None)

    def _routes(self, instance: Instance, body: Mapping[str, Any]) -> list[Resource]:
        return routes_of(instance, body, self._ids, self._times()["updated_at"])

    def _send(self, event: Mapping[str, Any], id: str, destination: Resource) -> WebhookDelivery:
        sent = call_webhook(self._deliver, structured(received(event, id)), destination, id)
        self.deliveries.append(sent)
        return sent


def _only(members: Mapping[str, Any], *names: str) -> Resource:
    return {name: members[name] for name in names if name in members}


def event_notifications_app(
    token: str | None = None, instance_id: str | Iterable[str] | None = None, **options: Any
) -> Starlette:
    """Event Notifications as an ASGI application.

    `token` is the bearer token that is accepted, `instance_id` the id or ids of its instances; None accepts any. Its
    `state` has `record`, `faults`, `access`, `deliveries` and the `service`. Options: `access`, `faults`, `api_key`
    (the only one that is exchanged for a token; without it none is, unless any token is accepted), `deliver` (without
    it only webhooks of this machine are called), `takes_unrouted` (accepts events that no topic takes), `ids` and `now`
    (callables that make ids and times).
    """
    service = EventNotifications(token, instance_id, **options)
    return application(service, access=service.access, deliveries=service.deliveries)
