"""Schemas of the attributes of an event."""

from __future__ import annotations

import re

from schema_parts import NOT_NULL, Schema, all_of, carried, forbid, optional, text
from schema_patterns import (
    ABSOLUTE_URI,
    ANY_HEX,
    APPLICATION_JSON,
    CRN,
    DATE_TIME,
    HEX,
    NO_CONTROL,
    NOT_BLANK,
    REGISTRATION_CRN,
    URI_REFERENCE,
    any_case,
    names,
    uuid,
)
from vpc_backup_events import catalog
from vpc_backup_events.making.draft import source
from vpc_backup_events.making.mutations.registry import required_attributes

REQUIRED = required_attributes()
# what Event Notifications adds to events that it delivers
RECEIVED = ["notification_id"]
# attributes whose own requirement says what the value is
OWN = [*REQUIRED, "time", "ibmenseverity", "subject", "datacontenttype", "dataschema", "data", "attachments"]


def envelope() -> Schema:
    types = [e.type for e in catalog.event_types.values()]
    return {
        "type": "object",
        "required": REQUIRED,
        "properties": {
            "specversion": carried({"type": "string", "const": "1.0"}, "P01-specversion"),
            "id": text("P01-id"),
            "source": all_of(
                text("P01-source"), carried({"pattern": URI_REFERENCE, "examples": [source()]}, "P06-source-uri")
            ),
            "type": all_of(
                text("P01-type"),
                carried({"pattern": f"^{names([f'{source()}.'])}", "examples": types}, "P05-type-prefix"),
            ),
            "ibmensourceid": text("P01-ibmensourceid"),
            "ibmendefaultshort": text("P01-ibmendefaultshort"),
            "ibmendefaultlong": text("P01-ibmendefaultlong"),
            "time": optional("P02-time-format", pattern=DATE_TIME),
            "ibmenseverity": optional("P08-severity-text", pattern=NOT_BLANK),
            "subject": optional("P03-subject", pattern=NOT_BLANK),
            "datacontenttype": optional("P04-datacontenttype", pattern=APPLICATION_JSON),
            "dataschema": optional("P04-dataschema", pattern=ABSOLUTE_URI),
            "data": carried({"type": ["object", "null"]}, "P04-data-object"),
            "attachments": carried(
                {"type": ["string", "boolean", "integer", "object", "array", "null"]}, "P03-attribute-value"
            ),
        },
        "patternProperties": {
            "^$|[^a-z0-9_]": forbid("P03-attribute-name"),
            f"^(?!(?:{names(OWN)})$)": carried(
                {"type": ["string", "boolean", "integer", "null"]}, "P03-attribute-value"
            ),
            "^(?!(?:ibmendefaultlong|data|attachments)$)": carried({"pattern": NO_CONTROL}, "P03-control-character"),
        },
        # null is unset
        "if": {"required": ["data_base64"], "properties": {"data_base64": {"not": {"type": "null"}}}},
        "then": {"properties": {"data": carried({"type": "null"}, "P04-data-once")}},
        "x-requirements": {
            "type": "P11-event-object",
            "required": {name: f"P01-{name}" for name in REQUIRED},
        },
    }


def strict_envelope() -> Schema:
    canonical = next(s.name for s in catalog.severities.values() if s.canonical)
    severities = [s.name for s in catalog.severities.values() if not s.fallback]
    types = list(catalog.event_types)
    spellings = list(types)
    retention: list[Schema] = []
    for event_type in catalog.event_types.values():
        spellings += event_type.aliases
        canonical_type = carried({"const": event_type.type}, "P05-type-retention")
        retention += ({"if": {"const": alias}, "then": canonical_type} for alias in event_type.aliases)
    # data_base64 is a member of the CloudEvents JSON format, no attribute
    excepted = names([*RECEIVED, "data_base64"])
    return {
        "required": ["time", "ibmenseverity"],
        "properties": {
            "source": carried(
                {
                    "pattern": f"^(?:{re.escape(source()).replace(chr(92) + '-', '-')}|{REGISTRATION_CRN})$",
                    "examples": [source()],
                },
                "P06-source-known",
            ),
            "type": {"allOf": [carried({"enum": spellings, "examples": types}, "P05-type"), *retention]},
            "ibmensourceid": all_of(
                carried({"pattern": f"^(?:{uuid(ANY_HEX)}:api|{CRN})$"}, "P07-source-id-form"),
                carried({"pattern": f"^(?:{uuid(HEX)}:api|crn:)"}, "P07-source-id-lower-case"),
            ),
            "time": carried(NOT_NULL, "P02-time-present"),
            "ibmenseverity": all_of(
                carried(NOT_NULL, "P02-severity-present"),
                carried(
                    {"pattern": f"^(?:{'|'.join(map(any_case, severities))})$", "examples": severities},
                    "P08-severity-known",
                ),
                carried({"enum": [canonical, None], "examples": [canonical]}, "P08-severity-medium"),
            ),
            **{name: forbid("P03-received-name") for name in RECEIVED},
        },
        "patternProperties": {
            f"^(?!(?:{names(REQUIRED)})$)": carried(NOT_NULL, "P03-null"),
            f"^(?!(?:{excepted})$)[a-z0-9]*_[a-z0-9_]*$": forbid("P03-attribute-name-underscore"),
        },
        "x-requirements": {"required": {"time": "P02-time-present", "ibmenseverity": "P02-severity-present"}},
    }
