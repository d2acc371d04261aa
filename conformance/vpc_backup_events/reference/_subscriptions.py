"""Subscriptions of the reference service."""

from __future__ import annotations

from starlette.responses import Response

from vpc_backup_events.reference._answers import answer, refuse
from vpc_backup_events.reference._pages import resource
from vpc_backup_events.reference._resources import Resources, members_of
from vpc_backup_events.reference._service import Call

__all__ = ["Subscriptions"]


class Subscriptions(Resources):
    """Creates and changes subscriptions."""

    def create_subscription(self, call: Call) -> Response:
        """Lets a destination get the events of a topic."""
        instance, body = self._instance(call), call.body
        for member, resources in (("topic_id", instance.topics), ("destination_id", instance.destinations)):
            if body[member] not in resources:
                raise refuse(400, "invalid_request", f"{member} names nothing in this instance.")
        subscription = {"description": "", "attributes": {}, **body, "id": self._ids(), **self._times()}
        instance.subscriptions[subscription["id"]] = subscription
        return answer(201, instance.subscription(subscription))

    def update_subscription(self, call: Call) -> Response:
        """Changes what is given."""
        instance = self._instance(call)
        subscription = resource(call, instance.subscriptions)
        self._change(subscription, members_of(call.body, "name", "description", "attributes"))
        return answer(200, instance.subscription(subscription))
