"""A canonical event, and edits to it."""

from __future__ import annotations

import json
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType, Pair

MISSING = object()


def details_of(pair: Pair) -> dict[str, Any]:
    event_type = catalog.event_types[pair.event_type]
    return {
        "status": "Backup job failed",
        "backup_policy": "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        "backup_policy_plan": "r006-076191ba-49c2-4763-94fd-c70de73ee2e6",
        "status_reason": f"{pair.reason}: {pair.cause}",
        "match_resource_type": event_type.resource_type,
        "job_type": event_type.job_type,
        "more_info": f"https://cloud.ibm.com/docs/vpc?topic={pair.topics[0]}",
    }


def event_of(pair: Pair, details: Any = None, **attributes: Any) -> dict[str, Any]:
    event_type: EventType = catalog.event_types[pair.event_type]
    text = json.dumps(details_of(pair) if details is None else details, separators=(",", ":"))
    event = {
        "specversion": "1.0",
        "id": "0f6a1c52-3f0e-4d5e-9a57-6c1f0b7c2d11",
        "source": event_type.type.rpartition(".")[0],
        "type": event_type.type,
        "time": "2024-04-22T20:59:34Z",
        "ibmensourceid": "41cdb7d4-db3e-496b-b7df-d4ead362c412:api",
        "ibmenseverity": "medium",
        "ibmendefaultshort": event_type.title,
        "ibmendefaultlong": text,
        **attributes,
    }
    return {name: value for name, value in event.items() if value is not MISSING}


def edited(pair: Pair, **members: Any) -> dict[str, Any]:
    """The canonical event with members of its details changed or, by MISSING, removed."""
    details = {**details_of(pair), **members}
    return event_of(pair, {name: value for name, value in details.items() if value is not MISSING})
