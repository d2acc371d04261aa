"""Schemas of the details, in the long text and in the email."""

from __future__ import annotations

import re

from schema_parts import Schema, all_of, carried, carries, text
from schema_patterns import ANY_HEX, HEX, HTTPS_URL, NOT_BLANK, RESOURCE_CRN, uuid
from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import email_details, scenario_of
from vpc_backup_events.making.mutations.registry import required_members

DOCUMENTATION = "https://cloud.ibm.com/docs/"
MEMBERS = required_members("P12")
EMAIL_MEMBERS = list(email_details(scenario_of(next(iter(catalog.pairs.values())), Plain())))


def kebab(member: str) -> str:
    return member.replace("_", "-")


def vpc_id(required: str | None) -> Schema:
    own = carried({"pattern": f"^(?:[0-9a-z]{{4}}[-_])?{uuid(ANY_HEX)}$"}, "P13-id-form")
    if required:
        return all_of(text(required), own)
    return carried({"type": "string", **{k: v for k, v in own.items() if k != "x-requirements"}}, "P13-id-form")


def strict_vpc_id() -> Schema:
    return all_of(
        carried({"pattern": f"^[0-9a-z]{{4}}[-_]{uuid(ANY_HEX)}$"}, "P13-id-prefix"),
        carried({"pattern": f"^(?:.{{4}}[-_])?{uuid(HEX)}$"}, "P13-id-lower-case"),
    )


def more_info(required: str) -> Schema:
    example = f"{DOCUMENTATION}vpc?topic=vpc-baas-troubleshoot"
    return all_of(
        text(required),
        carried({"pattern": HTTPS_URL, "examples": [example]}, "P17-more-info-url"),
    )


def strict_more_info() -> Schema:
    example = f"{DOCUMENTATION}vpc?topic=vpc-baas-troubleshoot"
    return all_of(
        carried({"pattern": f"^{re.escape(DOCUMENTATION)}", "examples": [example]}, "P17-more-info-host"),
        carried(
            {"not": {"type": "string", "pattern": r"^[^?#]*/\.\.?(?:[/?#]|$)"}, "examples": [example]},
            "P17-more-info-host",
        ),
    )


def one_of(values: list[str], more: str, id: str) -> Schema:
    """One of these, or another that documented takes too."""
    return carried({"enum": [*values, more], "examples": values}, id)


def shared_details(area: str) -> Schema:
    """The members that the long text and the email have in common; `area` is P12 or P23."""
    return {
        "backup_policy": vpc_id(f"{area}-backup-policy"),
        "backup_policy_plan": vpc_id(f"{area}-backup-policy-plan"),
        "match_resource_type": all_of(
            text(f"{area}-match-resource-type"),
            carried(
                {"enum": [*catalog.resource_types, "share"], "examples": list(catalog.resource_types)},
                "P14-resource-type-known",
            ),
        ),
        "job_type": all_of(
            text(f"{area}-job-type"),
            carried(
                {"enum": [*catalog.job_types, "retention"], "examples": list(catalog.job_types)}, "P15-job-type-known"
            ),
        ),
        "reasons": carries(
            {
                "type": "array",
                "minItems": 1,
                "items": carries(
                    {
                        "type": "object",
                        "required": ["status", "more_info"],
                        "properties": {
                            "status": text("P23-reason-status"),
                            "more_info": more_info("P23-reason-more-info"),
                        },
                    },
                    type="P23-reasons",
                    required={"status": "P23-reason-status", "more_info": "P23-reason-more-info"},
                ),
            },
            type="P23-reasons",
            minItems="P23-reasons",
        ),
    }


def resource(required: str | None) -> Schema:
    form = carried({"type": "string", "pattern": f"^{RESOURCE_CRN}$"}, "P18-resource-crn")
    return all_of(text(required), form) if required else form


def strict_shared() -> Schema:
    return {
        "backup_policy": strict_vpc_id(),
        "backup_policy_plan": strict_vpc_id(),
        "backup_policy_job": strict_vpc_id(),
        "match_resource_type": carried(
            {"not": {"const": "share"}, "examples": list(catalog.resource_types)}, "P14-resource-type-share"
        ),
        "job_type": carried({"not": {"const": "retention"}}, "P15-job-type-retention"),
        "more_info": strict_more_info(),
        "reasons": {"items": {"properties": {"more_info": strict_more_info()}}},
    }


def long_text() -> Schema:
    return {
        "type": "object",
        "required": [name for name in MEMBERS if name != "status_reason"],
        "properties": {
            "status": text("P12-status"),
            **shared_details("P12"),
            "status_reason": text("P12-status-reason"),
            "more_info": more_info("P12-more-info"),
            "backup_policy_job": vpc_id(None),
            "resource": resource(None),
        },
        "if": {"not": {"required": ["reasons"]}},
        "then": carries({"required": ["status_reason"]}, required={"status_reason": "P12-status-reason"}),
        "x-requirements": {
            "type": "P11-details-object",
            "required": {name: f"P12-{kebab(name)}" for name in MEMBERS if name != "status_reason"},
        },
    }


def strict_long_text() -> Schema:
    return {
        "required": ["status_reason"],
        "properties": {
            **strict_shared(),
            "status_reason": carried({"pattern": f": [\\s\\S]*{NOT_BLANK}"}, "P16-reason-text"),
        },
        "x-requirements": {"required": {"status_reason": "P12-reasons-instead"}},
    }


def email() -> Schema:
    return {
        "type": "object",
        "required": EMAIL_MEMBERS,
        "properties": {
            **shared_details("P23"),
            "backup_policy_job": vpc_id("P23-backup-policy-job"),
            "resource": resource("P23-resource"),
        },
        "x-requirements": {
            "type": "P11-details-object",
            "required": {name: f"P23-{kebab(name)}" for name in EMAIL_MEMBERS},
        },
    }


def strict_email() -> Schema:
    return {"properties": strict_shared()}


def agreement(event_type: EventType) -> Schema:
    accepted = {"enum": words(event_type, "documented"), "examples": [event_type.job_type]}
    return {"properties": {"job_type": carried(accepted, "P15-agrees-with-type")}}


def strict_agreement(event_type: EventType) -> Schema:
    same = carried({"const": event_type.resource_type}, "P14-agrees-with-type")
    return {"properties": {"match_resource_type": same}}


def words(event_type: EventType, profile: str) -> list[str]:
    """What `job_type` may be for this event type."""
    other = ["retention"] if event_type.job_type != catalog.job_types[0] and profile == "documented" else []
    return [event_type.job_type, *other]
