"""Sources of the reference service (positions P31 and P33)."""

from __future__ import annotations

from itertools import chain

from starlette.responses import Response

from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.reference._answers import answer, refuse
from vpc_backup_events.reference._connection import Connection, refusal
from vpc_backup_events.reference._instances import Instance
from vpc_backup_events.reference._pages import resource
from vpc_backup_events.reference._resources import Resources, members_of
from vpc_backup_events.reference._service import Call

__all__ = ["Sources"]

# what is told of a source that was created
CREATED = ("id", "name", "description", "enabled", "store_notifications", INSTANCE_CRN, "created_at")


class Sources(Resources):
    """Creates and changes sources."""

    def create_sources(self, call: Call) -> Response:
        """Registers a source (positions P31 and P33)."""
        instance, body = self._instance(call), call.body
        self._require_free(instance, body["name"])
        if "source" in body and (error := refusal(body, self.access, self._connections())):
            raise error
        source = {"description": "", "store_notifications": False, **body, "id": f"{self._ids()}:api", **self._times()}
        instance.sources[source["id"]] = source
        return answer(201, {name: source[name] for name in CREATED if name in source})

    def update_source(self, call: Call) -> Response:
        """Changes what is given."""
        instance = self._instance(call)
        source = resource(call, instance.sources)
        if call.body.get("name", source["name"]) != source["name"]:
            self._require_free(instance, call.body["name"])
        self._change(source, members_of(call.body, "name", "description", "enabled", "store_notifications"))
        return answer(200, instance.source(source))

    def _connections(self) -> list[Connection]:
        return list(chain.from_iterable(instance.connections() for instance in self.instances.values()))

    def _require_free(self, instance: Instance, name: str) -> None:
        if any(source["name"] == name for source in instance.sources.values()):
            raise refuse(409, "conflict", "Another source has this name.")
