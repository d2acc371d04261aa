"""Webhook destinations of the reference service, and tests of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from vpc_backup_events.catalog.names import LONG, SHORT
from vpc_backup_events.making.deliveries import received, structured
from vpc_backup_events.reference._answers import afterwards, answer, refuse
from vpc_backup_events.reference._instances import Resource, shown
from vpc_backup_events.reference._pages import resource
from vpc_backup_events.reference._resources import Resources, members_of
from vpc_backup_events.reference._service import Call
from vpc_backup_events.reference._webhooks import WebhookDelivery, call_webhook, result_of

__all__ = ["Destinations"]

# the result of a test can be asked for about this long
RESULT_LASTS = timedelta(minutes=1)
TEST_EVENT = {
    "specversion": "1.0",
    "source": "event-notifications",
    "type": "com.ibm.cloud.event-notifications.test",
    SHORT: "Test of a destination",
    LONG: "This destination is being tested.",
}


class Destinations(Resources):
    """Creates, changes and tests webhook destinations."""

    def create_destination(self, call: Call) -> Response:
        """Creates a webhook destination."""
        instance, body = self._instance(call), call.body
        destination = {"description": "", **body, "id": self._ids(), **self._times()}
        destination["collect_failed_events"] = body.get("collect_failed_events", "").lower() == "true"
        instance.destinations[destination["id"]] = destination
        names = ("id", "name", "description", "type", "collect_failed_events", "created_at")
        return answer(201, {**{name: destination[name] for name in names}, "config": shown(destination["config"])})

    def update_destination(self, call: Call) -> Response:
        """Changes what is given."""
        instance = self._instance(call)
        destination = resource(call, instance.destinations)
        members = members_of(call.body, "name", "description", "config")
        if "collect_failed_events" in call.body:
            members["collect_failed_events"] = call.body["collect_failed_events"].lower() == "true"
        self._change(destination, members)
        return answer(200, instance.destination(destination))

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

        body = {"status": "accepted", "notification_id": id, "destination_type": destination["type"]}
        return answer(201, body, afterwards(test))

    def get_notifications_status(self, call: Call) -> Response:
        """The result of a test, for about a minute."""
        result = resource(call, self._instance(call).results)
        if self._now() - result["asked_at"] > RESULT_LASTS:
            raise refuse(404, "not_found", "The id is unknown.")
        return answer(200, {name: result[name] for name in ("status", "details") if name in result})

    def _send(self, event: Mapping[str, Any], id: str, destination: Resource) -> WebhookDelivery:
        delivery = call_webhook(self._deliver, structured(received(event, id)), destination, id)
        self.deliveries.append(delivery)
        return delivery
