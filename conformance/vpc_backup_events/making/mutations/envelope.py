"""Mutations of the attributes (P01 to P10, P19)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of
from vpc_backup_events.catalog.names import LONG, NOTIFICATION_ID, SEVERITY, SHORT, SOURCE_ID
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, sibling
from vpc_backup_events.making.mutations.registry import MISSING, attribute, member, mutation, required_attributes
from vpc_backup_events.values.scenario import Scenario

NOTHING: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "empty": "",
    "blank": "  ",
    "number": 5,
    "true": True,
    "list": [],
    "object": {},
}

for _name in required_attributes():
    if _name != LONG:
        attribute(f"P01-{_name}", _name, NOTHING)
attribute("P01-specversion", "specversion", {"other-version": "0.3", "short-version": "1", "float": 1.0})


@mutation(f"P01-{LONG}/missing")
def without_long_text(draft: Draft, choices: Choices) -> dict[str, Any]:
    return draft.attributes


attribute(f"P01-{LONG}", LONG, {what: value for what, value in NOTHING.items() if value is not MISSING})

attribute("P02-time-present", "time", {"missing": MISSING})
attribute("P02-severity-present", SEVERITY, {"missing": MISSING})
attribute(
    "P02-time-format",
    "time",
    {
        "words": "yesterday",
        "number": 1713819574,
        "blank-for-t": lambda draft, _: draft.attributes["time"].replace("T", " "),
        "no-offset": lambda draft, _: draft.attributes["time"].rstrip("Z"),
        "offset-without-colon": lambda draft, _: draft.attributes["time"].replace("Z", "+0200"),
        "date": lambda draft, _: draft.attributes["time"][:10],
        "no-leap-year": "2023-02-29T00:00:00Z",
        "month-13": "2024-13-01T00:00:00Z",
        "hour-24": "2024-04-22T24:00:00Z",
        "second-60-at-noon": "2024-06-30T12:00:60Z",
        "american": "06/06/2022, 14:23:01",
        "empty": "",
    },
)


def _with_offset(minutes: int) -> Callable[[Draft, Choices], str]:
    """The same moment with this offset."""
    zone = timezone(timedelta(minutes=minutes))
    return lambda draft, _: datetime.fromisoformat(draft.attributes["time"]).astimezone(zone).isoformat()


attribute("P02-time-utc", "time", {"plus-two-hours": _with_offset(120), "minus-half-an-hour": _with_offset(-30)})
for _what, _name in {
    "upper-case": "Shout",
    "camel-case": "instanceId",
    "hyphen": "my-name",
    "dot": "my.name",
    "blank": "my name",
    "umlaut": "größe",
    "empty": "",
}.items():
    attribute("P03-attribute-name", _name, {_what: "x"})
attribute("P03-attribute-name-underscore", "my_name", {"my-name": "x"})
for _name in ("en_source_id", "message_subject"):
    attribute("P03-attribute-name-underscore", _name, {_name.replace("_", "-"): "x"}, ledger=("D59",))
attribute(
    "P03-received-name",
    NOTIFICATION_ID,
    {"notification-id": lambda _, choices: choices.uuid()},
    ledger=("D59",),
)
attribute("P03-attribute-value", "extra", {"float": 1.5, "whole-float": 1.0, "list": [], "object": {}})
attribute("P03-attribute-value", "attachments", {"attachments-float": 1.5})
for _name in ("extra", "attachments", "subject", "datacontenttype", "dataschema", "data", "data_base64"):
    attribute("P03-null", _name, {_name.replace("_", "-"): None})
attribute("P03-null", "time", {"time": None}, also=("P02-time-present",))
attribute("P03-null", SEVERITY, {"ibmenseverity": None}, also=("P02-severity-present",))
attribute(
    "P03-control-character", "extra", {"bell": "a\x07b", "next-line": "a\x85b", "line-feed": "a\nb", "delete": "\x7f"}
)
attribute("P03-control-character", LONG, {"tab-in-the-long-text": lambda draft, _: "\t" + draft.text})
attribute("P03-surrogate", "extra", {"high": "a\ud800b", "low": "\udc00"})
member("P03-surrogate", "status", {"in-the-details": lambda draft, _: draft.details["status"] + " \ud800"})
attribute("P03-attribute-name-length", "a" * 21, {"21-characters": "x"})
attribute("P03-subject", "subject", {"empty": "", "blank": " ", "number": 5})

attribute(
    "P04-datacontenttype",
    "datacontenttype",
    {
        "text": "text/plain",
        "json-suffix": "application/problem+json",
        "no-subtype": "json",
        "empty": "",
        "number": 5,
    },
)
attribute("P04-data-object", "data", {"text": "x", "list": [], "number": 5})
attribute("P04-dataschema", "dataschema", {"relative": "/schema", "words": "no uri", "empty": "", "number": 5})


@mutation("P04-data-once/both")
def twice(draft: Draft, choices: Choices) -> None:
    draft.attributes |= {"data": {}, "data_base64": "AA=="}


attribute(
    "P05-type-prefix",
    "type",
    {
        "upper-case": lambda draft, _: draft.attributes["type"].upper(),
        "short": lambda draft, _: event_type_of(draft.scenario).name,
        "reason-code": lambda draft, _: draft.scenario.reason,
        "another-service": "com.ibm.cloud.resource-lifecycle-events.instance:delete",
    },
)


def _has_documented_type(scenario: Scenario) -> bool:
    return event_type_of(scenario).kind == "documented"


_OTHER_NAMES: dict[str, Any] = {
    "blank-at-the-end": lambda draft, _: draft.attributes["type"] + " ",
    "subtype": lambda draft, _: draft.attributes["type"] + ":failed",
    "underscores": lambda draft, _: draft.attributes["type"].replace("-volume-", "_volume_").replace("-ins", "_ins"),
}
attribute("P05-type", "type", _OTHER_NAMES, fits=lambda scenario: not _has_documented_type(scenario))
attribute("P05-type-documented", "type", _OTHER_NAMES, fits=_has_documented_type)
attribute(
    "P05-type-retention",
    "type",
    {"deletion": lambda draft, choices: choices.of(event_type_of(draft.scenario).aliases)},
    ledger=("D14", "D16"),
    fits=lambda scenario: bool(event_type_of(scenario).aliases),
)
attribute(
    "P06-source-uri", "source", {"blanks": "no uri", "bracket": "a[b", "percent": "100%", "quotation-mark": 'say"it"'}
)
attribute(
    "P06-source-known",
    "source",
    {
        "url": "https://example.com/backups",
        "a-part": "backup-policy",
        "resource-crn": lambda draft, _: draft.scenario.resource,
    },
)
attribute(
    "P07-source-id-form",
    SOURCE_ID,
    {
        "words": "mine",
        "bare-uuid": lambda draft, choices: choices.uuid(),
        "api-in-capitals": lambda draft, choices: choices.uuid() + ":API",
    },
)
attribute("P07-source-id-lower-case", SOURCE_ID, {"capitals": lambda _, choices: _capitals(choices) + ":api"})


def _capitals(choices: Choices) -> str:
    """A UUID that has a letter, in upper case."""
    return "A" + choices.uuid().upper()[1:]


attribute("P08-severity-known", SEVERITY, {"urgent": "urgent", "blank-at-the-end": "medium "})
attribute("P08-severity-text", SEVERITY, {"empty": "", "blank": " ", "number": 3})
for _severity in catalog.severities.values():
    if not _severity.fallback:
        _forms = {
            _severity.name: _severity.name,
            f"{_severity.name}-in-capitals": _severity.name.upper(),
            f"{_severity.name}-capitalized": _severity.name.title(),
        }
        if _severity.canonical:
            del _forms[_severity.name]
        attribute("P08-severity-medium", SEVERITY, _forms, ledger=("D31",))

attribute("P09-size", "data", {"65537-bytes": {"padding": "a" * 65_536}})
attribute(
    "P09-short-length",
    SHORT,
    {"1001-characters": "Backup job failed".ljust(1001, ".")},
    ledger=("D61",),
    also=("P19-short-text",),
)
member(
    "P09-long-length",
    "status",
    {"3001-characters": lambda draft, _: draft.details["status"] + "." * 3_001},
    ledger=("D61",),
)
attribute("P10-id-uuid", "id", {"number": "1", "urn": lambda _, choices: f"urn:uuid:{choices.uuid()}"})
attribute("P10-id-lower-case", "id", {"capitals": lambda _, choices: _capitals(choices)})
attribute("P10-id-example", "id", {"stock": catalog.examples.event_id}, ledger=("D32",))


@mutation("P10-id-unique/two-events", form="batch")
def same_id(draft: Draft, choices: Choices) -> Any:
    first = draft.event()
    return [first, {**first, "time": "2024-01-01T00:00:00.5Z"}]


attribute("P19-short-text", SHORT, {"own-words": "A backup went wrong"})
attribute(
    "P14-agrees-with-type",
    "type",
    {"type-of-the-other-resource": lambda draft, _: sibling(draft.scenario, "resource_type").type},
    ledger=("D17",),
)
attribute(
    "P15-agrees-with-type", "type", {"type-of-the-other-job": lambda draft, _: sibling(draft.scenario, "job_type").type}
)
