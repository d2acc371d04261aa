"""What every part of the reference service of Event Notifications has: its instances, errors, paths and times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.reference._answers import Entry, answer, refuse
from vpc_backup_events.reference._connection import Access
from vpc_backup_events.reference._faults import Faults
from vpc_backup_events.reference._instances import Instance, Resource
from vpc_backup_events.reference._pages import page, resource
from vpc_backup_events.reference._record import Latest
from vpc_backup_events.reference._service import Call, Handler, Service
from vpc_backup_events.reference._tokens import Iam
from vpc_backup_events.reference._webhooks import Deliver, WebhookDelivery, deliver_on_loopback
from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, Operation, description
from vpc_backup_events.values.breach import Breach

__all__ = ["HELP", "Resources", "members_of", "new_id", "utc_now"]

HELP = "https://cloud.ibm.com/apidocs/event-notifications"


def new_id() -> str:
    """An id that nothing else has."""
    return str(uuid4())


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Resources(Service):
    """A part of the service; everything is kept in memory."""

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
        ids: Callable[[], str] = new_id,
        now: Callable[[], datetime] = utc_now,
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
        """The method of the operation's name; resources of every kind are listed, shown and deleted in the same way."""
        if hasattr(self, operation.id):
            return super().handler(operation)
        verb, _, kind = operation.id.partition("_")
        return partial({"list": self._list, "get": self._get, "delete": self._delete}[verb], kind.removesuffix("s"))

    def _list(self, kind: str, call: Call) -> Response:
        instance = self._instance(call)
        return page(call, f"{kind}s", instance.resources(kind), getattr(instance, f"{kind}_item"))

    def _get(self, kind: str, call: Call) -> Response:
        instance = self._instance(call)
        return answer(200, getattr(instance, kind)(resource(call, instance.resources(kind))))

    def _delete(self, kind: str, call: Call) -> Response:
        """Deletes a resource, and what can't be without it."""
        instance = self._instance(call)
        instance.forget(kind, resource(call, instance.resources(kind))["id"])
        return answer(204, None)

    # -- helpers of the parts

    def _instance(self, call: Call) -> Instance:
        id = call.path["instance_id"]
        if self._instance_ids is not None and id not in self._instance_ids:
            raise refuse(404, "not_found", "The instance is unknown.")
        return self.instances.setdefault(id, Instance(id))

    def _times(self) -> Resource:
        now = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"created_at": now, "updated_at": now}

    def _change(self, resource: Resource, members: Mapping[str, Any]) -> None:
        resource.update(members, updated_at=self._times()["updated_at"])


def members_of(members: Mapping[str, Any], *names: str) -> Resource:
    """The members of these names, of those that are there."""
    return {name: members[name] for name in names if name in members}
