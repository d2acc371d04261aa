"""Lists of the reference service, a page at a time, and one resource by its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.responses import Response

from vpc_backup_events.reference._answers import answer, refuse
from vpc_backup_events.reference._instances import Resource
from vpc_backup_events.reference._service import Call, href

__all__ = ["page", "resource"]


def resource(call: Call, resources: Mapping[str, Resource]) -> Resource:
    """The resource that the path names; refuses an unknown id."""
    if call.path["id"] not in resources:
        raise refuse(404, "not_found", "The id is unknown.")
    return resources[call.path["id"]]


def page(call: Call, kind: str, resources: Mapping[str, Resource], show: Callable[[Resource], Resource]) -> Response:
    """The page that the query asks for, of the resources whose name has the text of `search` in it."""
    limit, offset, search = (call.query[name] for name in ("limit", "offset", "search"))
    word = (search or "").lower()
    matches = [entry for entry in resources.values() if word in entry["name"].lower()]
    body = {
        "total_count": len(matches),
        "limit": limit,
        "offset": offset,
        kind: [show(entry) for entry in matches[offset : offset + limit]],
        "first": {"href": href(call, limit=limit, offset=0)},
    }
    if offset > 0:
        body["previous"] = {"href": href(call, limit=limit, offset=max(0, offset - limit))}
    if offset + limit < len(matches):
        body["next"] = {"href": href(call, limit=limit, offset=offset + limit)}
    return answer(200, body)
