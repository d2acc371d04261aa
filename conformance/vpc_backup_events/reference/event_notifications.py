"""The reference service of Event Notifications: sources, topics, webhooks, subscriptions, notifications, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from starlette.applications import Starlette
from starlette.responses import Response

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import SOURCE_ID
from vpc_backup_events.checking.check import check
from vpc_backup_events.reading import Message, read_event
from vpc_backup_events.reference._answers import Entry, RefusedError, afterwards, answer, refuse
from vpc_backup_events.reference._connection import Access
from vpc_backup_events.reference._destinations import Destinations
from vpc_backup_events.reference._faults import Faults
from vpc_backup_events.reference._resources import HELP, new_id, utc_now
from vpc_backup_events.reference._service import Call, application
from vpc_backup_events.reference._sources import Sources
from vpc_backup_events.reference._subscriptions import Subscriptions
from vpc_backup_events.reference._topics import Topics, topics_of
from vpc_backup_events.reference._webhooks import Deliver, deliver_on_loopback
from vpc_backup_events.values.breach import Breach

__all__ = ["HELP", "EventNotifications", "event_notifications_app"]


class EventNotifications(Sources, Topics, Destinations, Subscriptions):
    """The service; everything is kept in memory."""

    unread = frozenset({"send_notifications"})
    # filters are judged beside the event loop, so that a slow one keeps nobody else waiting
    threaded = frozenset({"send_notifications", "create_topic", "replace_topic"})

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

    def create_token(self, call: Call) -> Response:
        """Exchanges an API key for a token."""
        if not self.iam.knows(call.body["apikey"]):
            return answer(400, {"errorCode": "BXNIM0415E", "errorMessage": "The API key is unknown."})
        return answer(200, self.iam.grant(self._now()))


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
