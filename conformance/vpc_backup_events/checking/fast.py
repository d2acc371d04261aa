"""The fast path: whether an event is so plain that nothing can be found in it.

Most events are. A plain one is written in the canonical form and has no member beyond the documented ones; one flat,
closed schema for its event type then says everything that the schemas and the rules would say, in microseconds. Not
plain means nothing: such an event takes the full way. That the two ways agree is tested, not assumed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType
from vpc_backup_events.catalog.names import LONG, MAX_BYTES, MAX_LONG, MAX_SHORT, SHORT
from vpc_backup_events.checking.rules.codes import groups
from vpc_backup_events.checking.rules.details import general_topics
from vpc_backup_events.spec.schemas import compile_schema
from vpc_backup_events.values.report import PROFILES

IsValid = Callable[[Any], bool]


def _shortest(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


loads: Callable[[Any], Any] = json.loads
dumps: Callable[[Any], bytes] = _shortest
with contextlib.suppress(ImportError):
    import orjson

    loads, dumps = orjson.loads, orjson.dumps

_JOB = "backup_policy_job"
# members of the details that every event has
_MEMBERS = 7
# bytes that a second member of one name costs at the least
_SECOND = 22
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SEGMENT = "[A-Za-z0-9/_-]*"
_NAME = "[A-Za-z0-9_-]+"
_TIME = (
    "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\\.[0-9]{1,9})?Z$"
)
# text for people: no quotation marks or escapes, which the count of members rests on, and no control characters
_TEXT = r'[A-Za-z0-9][^"\\\x00-\x1f\x7f-\x9f]*$'
# what every secret that shows in a value contains
_NO_SECRET = {"pattern": "(?i:bearer)|eyJ|-----|://"}
_DOCS = "https://cloud.ibm.com/docs/"


def plain(event: Any, profile: str) -> dict[str, Any] | None:
    """The members of an event in which the full way would find nothing, details as a dict in place of the long text.

    `event` is a dict, str or bytes of JSON; None says that it has to go the full way.
    """
    if not _VALIDATORS:
        return None
    kind = type(event)
    try:
        if kind is bytes:
            if len(event) > MAX_BYTES:
                return None
            members: dict[str, Any] = loads(event)
        elif kind is dict:
            members = event.copy()
        elif kind is str and event.isascii() and len(event) <= MAX_BYTES:
            event = event.encode()
            members = loads(event)
        else:
            return None
        text = members[LONG]
        if len(text) > MAX_LONG or "\\" in text or "\n" in text or "\t" in text or "\r" in text:
            return None
        details = loads(text)
        # every value is a string, or the schema says no; so a member that stands twice shows in the quotation marks
        quotes = text.count('"')
        if quotes != 4 * len(details) or len(details) - ("resource" in details) - (_JOB in details) != _MEMBERS:
            return None
        if kind is not dict and not _once(event, members, quotes):
            return None
        members[LONG] = details
        # text with an unpaired surrogate makes the engine raise
        if not _VALIDATORS[profile][members["type"]](members):
            return None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return members if profile == "documented" or _is_linked(members["type"], details) else None


def _once(data: bytes, members: dict[str, Any], quotes: int) -> bool:
    r"""Whether no member of the event stands twice in its text, given the quotation marks within the long text.

    A second one has at least four quotation marks of its own, so four of the long text's would have to be written as
    \u0022, four bytes longer than \" each: 16 bytes more than the shortest form of the members, and the six of the
    smallest member. Where there are so many, the quotation marks that are escaped as \" are counted too.
    """
    extra = len(data) - len(dumps(members))
    if extra == 0:
        return True
    if data.count(b'"') != 4 * len(members) + quotes:
        return False
    return 0 < extra < _SECOND or data.count(b'\\"') == quotes


def _is_linked(event_type: str, details: dict[str, str]) -> bool:
    """Whether `more_info` leads to the topic of the reason."""
    code = details["status_reason"].partition(": ")[0]
    return details["more_info"] in _links()[event_type][code]


@cache
def _links() -> dict[str, dict[str, frozenset[str]]]:
    links = {}
    for event_type in catalog.event_types.values():
        group = groups()[event_type.resource_type, event_type.job_type]
        links[event_type.type] = {
            code: frozenset(f"{_DOCS}vpc?topic={topic}" for topic in (*pair.topics, *general_topics()))
            for code, pair in group.canonical.items()
        }
    return links


def _success() -> dict[str, str]:
    """A pattern for every text that may have a word of success in it."""
    return {"pattern": f"(?i:{'|'.join(catalog.examples['success_words'])})"}


def _plain(event_type: EventType, profile: str) -> dict[str, Any]:
    """The schema of a plain event of this type, with the details as an object in place of the long text."""
    group = groups()[event_type.resource_type, event_type.job_type]
    source = event_type.type.rpartition(".")[0]
    short: dict[str, Any] = {"type": "string", "pattern": f"^{_TEXT}", "not": _NO_SECRET, "maxLength": MAX_SHORT}
    if profile != "documented":
        short = {"enum": [catalog.examples["short_text"], *(e.title for e in catalog.event_types.values())]}
    vpc_id = {"type": "string", "pattern": f"^[0-9a-z]{{4}}[-_]{_UUID}$"}
    details = {
        "status": {"type": "string", "pattern": f"^{_TEXT}", "not": {"anyOf": [_NO_SECRET, _success()]}},
        "backup_policy": vpc_id,
        "backup_policy_plan": vpc_id,
        "status_reason": {
            "type": "string",
            "pattern": f"^(?:{'|'.join(group.canonical)}): {_TEXT}",
            "not": _NO_SECRET,
        },
        "match_resource_type": {"const": event_type.resource_type},
        "job_type": {"const": event_type.job_type},
        "more_info": {
            "type": "string",
            "pattern": r"^https://cloud\.ibm\.com/docs/[A-Za-z0-9/?=&_-]*(?:#[A-Za-z0-9/?=&_-]*)?$",
        },
    }
    optional = {
        "backup_policy_job": vpc_id,
        "resource": {
            "type": "string",
            "pattern": f"^crn:v1:{_SEGMENT}:{_SEGMENT}:is:{_SEGMENT}:a/{_NAME}:{_SEGMENT}"
            f":{event_type.resource_type}:{_SEGMENT}$",
        },
    }
    envelope = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "pattern": f"^{_UUID}$", "not": {"const": catalog.examples["event_id"]}},
        "source": {
            "type": "string",
            "pattern": f"^(?:{source}|crn:v1:bluemix:public:is:{_NAME}:a/{_NAME}::backup-policy:{_SEGMENT})$",
        },
        "type": {"const": event_type.type},
        "time": {"type": "string", "pattern": _TIME},
        "ibmensourceid": {"type": "string", "pattern": f"^(?:{_UUID}:api|crn:v1(?::{_SEGMENT}){{8}})$"},
        "ibmenseverity": {"const": next(s.name for s in catalog.severities.values() if s.canonical)},
        SHORT: short,
        LONG: {
            "type": "object",
            "properties": {**details, **optional},
            "additionalProperties": False,
        },
    }
    closed = {"properties": envelope, "additionalProperties": False}
    return {"type": "object", "minProperties": len(envelope), **closed}


def _compiled() -> dict[str, dict[str, IsValid]]:
    if compile_schema is None:
        return {}
    return {
        profile: {e.type: compile_schema(_plain(e, profile)) for e in catalog.event_types.values()}
        for profile in PROFILES
    }


_VALIDATORS = _compiled()
