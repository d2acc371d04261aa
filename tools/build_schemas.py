"""Builds every schema that can be derived from the catalog, and the bundle in one file.

    python tools/build_schemas.py           writes schemas/{event,reason,details}/ and schemas/bundle.schema.json
    python tools/build_schemas.py --check   exits 1 and names the files that would change

Each schema comes twice: `documented` (in event/, reason/, details/) accepts every form that the documentation shows;
`strict` (in their strict/ folders) adds the keywords that leave one canonical form. `x-requirements` beside a keyword
names the requirement that the keyword carries: an id, or for `required` one id for each member.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from generated import as_json, write_or_compare
from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType, Pair, Reason
from vpc_backup_events.catalog.spelling import normal_form, normal_pattern
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import Draft, draft, email_details, resource_crn, scenario_of, source
from vpc_backup_events.values.data import data_root

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PREFIX = "urn:vpc-backup-events:schema:"

BLANK = r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NOT_BLANK = f"[^{BLANK}]"
NO_CONTROL = r"^[^\u0000-\u001f\u007f-\u009f]*$"
HEX, ANY_HEX = "[0-9a-f]", "[0-9A-Fa-f]"


def uuid(digit: str) -> str:
    return f"{digit}{{8}}-{digit}{{4}}-{digit}{{4}}-{digit}{{4}}-{digit}{{12}}"


SEGMENT = "[^:]*"
CRN = "crn:v1" + f":{SEGMENT}" * 8
REGISTRATION_CRN = "crn:v1:bluemix:public:is:[^:]+:a/[^:]+::backup-policy:[^:]*"
# of the CRN of a resource: without blanks and control characters
SOLID = rf"[^:{BLANK}\u0000-\u001f\u007f-\u009f]"
RESOURCE_CRN = f"crn:v1:{SOLID}*:{SOLID}*:is:{SOLID}*:a/{SOLID}+:{SOLID}*:{SOLID}+:{SOLID}*"

DAY = (
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
DATE_TIME = (
    f"^{DAY}[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?"
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)

PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
NO_COLON = r"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})"
USER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@"
ADDRESS = r"\[(?:[0-9A-Fa-f:.]+|[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]"
HOST = rf"(?:{ADDRESS}|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{{2}})*)"
AUTHORITY = f"//(?:{USER})?{HOST}(?::[0-9]*)?(?:/{PCHAR}*)*"
TAIL = f"(?:\\?(?:{PCHAR}|[/?])*)?(?:#(?:{PCHAR}|[/?])*)?"
SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:"
ABSOLUTE_PATH = f"/(?:{PCHAR}+(?:/{PCHAR}*)*)?"
URI = f"^{SCHEME}(?:{AUTHORITY}|{ABSOLUTE_PATH}|{PCHAR}+(?:/{PCHAR}*)*|)"
URI_REFERENCE = (
    f"^(?:{SCHEME}(?:{AUTHORITY}|{ABSOLUTE_PATH}|{PCHAR}+(?:/{PCHAR}*)*|)"
    f"|{AUTHORITY}|{ABSOLUTE_PATH}|{NO_COLON}+(?:/{PCHAR}*)*|){TAIL}$"
)
ABSOLUTE_URI = URI + TAIL + "$"
HTTPS_URL = (
    rf"^[Hh][Tt][Tt][Pp][Ss]://(?:{USER})?(?:{ADDRESS}|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{{2}})+)"
    f"(?::[0-9]*)?(?:/{PCHAR}*)*{TAIL}$"
)

TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
APPLICATION_JSON = (
    r"^[Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/[Jj][Ss][Oo][Nn][ \t]*"
    rf"""(?:;[ \t]*(?:{TOKEN}=(?:{TOKEN}|"(?:[^"\\]|\\.)*"))?[ \t]*)*$"""
)

DOCUMENTATION = "https://cloud.ibm.com/docs/"
REQUIRED = ["specversion", "id", "source", "type", "ibmensourceid", "ibmendefaultshort", "ibmendefaultlong"]
# what Event Notifications adds to events that it delivers
RECEIVED = ["notification_id"]
# attributes whose own requirement says what the value is
OWN = [*REQUIRED, "time", "ibmenseverity", "subject", "datacontenttype", "dataschema", "data", "attachments"]
MEMBERS = [
    "status",
    "backup_policy",
    "backup_policy_plan",
    "status_reason",
    "match_resource_type",
    "job_type",
    "more_info",
]
EMAIL_MEMBERS = [
    "backup_policy",
    "backup_policy_job",
    "backup_policy_plan",
    "match_resource_type",
    "job_type",
    "reasons",
    "resource",
]


def kebab(member: str) -> str:
    return member.replace("_", "-")


def carries(schema: Schema, **requirements: Any) -> Schema:
    """The schema with `x-requirements`; a keyword's underscore at the end is dropped (`not_`)."""
    return {**schema, "x-requirements": {keyword.rstrip("_"): id for keyword, id in requirements.items()}}


def carried(schema: Schema, id: str) -> Schema:
    """The schema with `id` on every assertion it makes."""
    keywords = [k for k in schema if k not in ("description", "examples", "title", "default")]
    return carries(schema, **dict.fromkeys(keywords, id))


def all_of(*schemas: Schema) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"allOf": list(schemas)}


def forbid(id: str) -> Schema:
    return carried({"not": {}}, id)


def text(id: str, **more: Any) -> Schema:
    return carried({"type": "string", "pattern": NOT_BLANK, **more}, id)


def optional(id: str, pattern: str) -> Schema:
    """An attribute that may be absent: null says the same (CloudEvents JSON format 2.2)."""
    return carried({"type": ["string", "null"], "pattern": pattern}, id)


NOT_NULL: Schema = {"not": {"type": "null"}}


def any_case(word: str) -> str:
    return "".join(f"[{c.upper()}{c}]" for c in word)


def names(values: list[str]) -> str:
    return "|".join(re.escape(value).replace(r"\-", "-") for value in values)


# ---------------------------------------------------------------------------------------------------------- envelope


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
    types = [e.type for e in catalog.event_types.values()]
    spelled = [alias for e in catalog.event_types.values() for alias in e.aliases]
    # data_base64 is a member of the CloudEvents JSON format, no attribute
    excepted = names([*RECEIVED, "data_base64"])
    aliases = [
        {
            "if": {"const": alias},
            "then": carried({"const": event_type.type}, "P05-type-retention"),
        }
        for event_type in catalog.event_types.values()
        for alias in event_type.aliases
    ]
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
            "type": {"allOf": [carried({"enum": [*types, *spelled], "examples": types}, "P05-type"), *aliases]},
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


# ----------------------------------------------------------------------------------------------------------- details


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


def resource_types() -> list[str]:
    return list(dict.fromkeys(e.resource_type for e in catalog.event_types.values()))


def job_types() -> list[str]:
    return list(dict.fromkeys(e.job_type for e in catalog.event_types.values()))


def shared_details(area: str) -> Schema:
    """The members that the long text and the email have in common; `area` is P12 or P23."""
    return {
        "backup_policy": vpc_id(f"{area}-backup-policy"),
        "backup_policy_plan": vpc_id(f"{area}-backup-policy-plan"),
        "match_resource_type": all_of(
            text(f"{area}-match-resource-type"),
            carried({"enum": [*resource_types(), "share"], "examples": resource_types()}, "P14-resource-type-known"),
        ),
        "job_type": all_of(
            text(f"{area}-job-type"),
            carried({"enum": [*job_types(), "retention"], "examples": job_types()}, "P15-job-type-known"),
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
            {"not": {"const": "share"}, "examples": resource_types()}, "P14-resource-type-share"
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


# ------------------------------------------------------------------------------------------- event types and reasons


def agreement(event_type: EventType) -> Schema:
    accepted = {"enum": words(event_type, "documented"), "examples": [event_type.job_type]}
    return {"properties": {"job_type": carried(accepted, "P15-agrees-with-type")}}


def strict_agreement(event_type: EventType) -> Schema:
    same = carried({"const": event_type.resource_type}, "P14-agrees-with-type")
    return {"properties": {"match_resource_type": same}}


def reason_pattern(pair: Pair, profile: str) -> str:
    """What `status_reason` of this pair may begin with."""
    if profile == "strict":
        codes = [names(sorted({pair.reason, *([pair.api_code.code] if pair.api_code.code else [])}))]
        return f"^(?:{codes[0]}): "
    normals = sorted({normal_form(s.spelling) for s in pair.spellings})
    return f"^(?:{'|'.join(normal_pattern(n) for n in normals)})(?:: |$)"


def words(event_type: EventType, profile: str) -> list[str]:
    """What `job_type` may be for this event type."""
    other = ["retention"] if event_type.job_type != job_types()[0] and profile == "documented" else []
    return [event_type.job_type, *other]


def reason_schema(reason: Reason, profile: str) -> Schema:
    id = "P16-code-group" if profile == "documented" else "P16-code-spelling"
    types = [catalog.event_types[pair.event_type] for pair in reason.pairs]
    branches = [
        {
            "if": {
                "properties": {
                    "match_resource_type": {"const": event_type.resource_type},
                    "job_type": {"enum": words(event_type, profile)},
                }
            },
            "then": {"properties": {"status_reason": carried({"pattern": reason_pattern(pair, profile)}, id)}},
        }
        for pair, event_type in zip(reason.pairs, types, strict=True)
    ]
    jobs = list(dict.fromkeys(word for event_type in types for word in words(event_type, profile)))
    return {
        "allOf": [{"$ref": uri("details", "long-text", profile)}, *branches],
        "properties": {
            "match_resource_type": carried({"enum": sorted({e.resource_type for e in types})}, "P16-code-group"),
            "job_type": carried({"enum": jobs}, "P16-code-group"),
        },
    }


# --------------------------------------------------------------------------------------------------------- documents


def uri(folder: str, name: str, profile: str) -> str:
    return PREFIX + ":".join([folder, *(["strict"] if profile == "strict" else []), name])


def document(
    folder: str, name: str, profile: str, title: str, description: str, examples: list[Any], body: Schema
) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": uri(folder, name, profile),
        "title": title + (" (strict)" if profile == "strict" else ""),
        "description": description,
        "examples": examples,
        **body,
    }


def example(pair: Pair) -> Draft:
    """The canonical event of a pair, with ids that look like ids."""
    made = scenario_of(pair, Plain())
    volume = made.resource_type == catalog.resource_types[0]
    id = f"{'r006-' if volume else '0717_'}f6583aac-8ba9-4d04-ab7a-acfe7b420016"
    account = "be09dae34250437f96fc8b27ae7d233b"
    scenario = replace(
        made,
        account_id=account,
        backup_policy="r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        backup_policy_plan="r006-076191ba-49c2-4763-94fd-c70de73ee2e6",
        backup_policy_job="r006-899ab8fb-3b71-4fc8-bca5-1544cb425e4f",
        resource=resource_crn(made.resource_type, made.region, account, id),
        source_id="41cdb7d4-db3e-496b-b7df-d4ead362c412:api",
        time="2024-04-22T20:59:34Z",
    )
    return draft(scenario, "0f6a1c52-3f0e-4d5e-9a57-6c1f0b7c2d11")


def pair_of(event_type: EventType) -> Pair:
    return next(p for p in catalog.pairs.values() if p.event_type == event_type.type and p.api_code.code)


def build() -> Iterator[Schema]:
    """Every generated schema, without the bundle."""
    for profile in ("documented", "strict"):
        strict = profile == "strict"
        every = [example(pair_of(e)) for e in catalog.event_types.values()]
        form = "one canonical form passes" if strict else "every documented form passes"

        def layered(folder: str, name: str, body: Schema, more: Schema, strict: bool = strict) -> Schema:
            return {"allOf": [{"$ref": uri(folder, name, "documented")}], **more} if strict else body

        yield document(
            "event",
            "envelope",
            profile,
            "Envelope",
            f"The CloudEvents attributes and ibmen extensions of an event of any type; {form}.",
            [each.event() for each in every],
            layered("event", "envelope", envelope(), strict_envelope()),
        )
        yield document(
            "details",
            "long-text",
            profile,
            "Details in the long text",
            f"The JSON inside ibmendefaultlong; {form}.",
            [each.details for each in every],
            layered("details", "long-text", long_text(), strict_long_text()),
        )
        yield document(
            "details",
            "email",
            profile,
            "Details in the email",
            f'The JSON after "Notification details:" in an email; {form}.',
            [email_details(every[0].scenario)],
            layered("details", "email", email(), strict_email()),
        )
        for event_type in catalog.event_types.values():
            own = all_of(
                {"$ref": uri("details", "long-text", profile)},
                *([strict_agreement(event_type)] if strict else []),
                agreement(event_type),
            )
            mail = all_of(
                {"$ref": uri("details", "email", profile)},
                *([strict_agreement(event_type)] if strict else []),
                agreement(event_type),
            )
            accepted = [event_type.type, *([] if strict else event_type.aliases)]
            yield document(
                "event",
                event_type.name,
                profile,
                event_type.group,
                f"{event_type.description} {form.capitalize()}.",
                [example(pair_of(event_type)).event()],
                {
                    "allOf": [{"$ref": uri("event", "envelope", profile)}],
                    "properties": {
                        "type": carried({"enum": accepted}, "P05-type-retention" if strict else "P05-type"),
                        "ibmendefaultlong": {
                            "contentMediaType": "application/json",
                            "contentSchema": {"$ref": "#/$defs/details"},
                        },
                    },
                    "$defs": {"details": own, "email": mail},
                },
            )
        for reason in catalog.reasons.values():
            examples = [example(pair).details for pair in reason.pairs]
            yield document(
                "reason",
                reason.name,
                profile,
                reason.name,
                f"Details of a job that failed because {reason.meaning}; {form}.",
                examples,
                reason_schema(reason, profile),
            )


def path_of(schema: Schema) -> Path:
    parts = schema["$id"].removeprefix(PREFIX).split(":")
    return Path(*parts[:-1], parts[-1] + ".schema.json")


def bundle(schemas: list[Schema]) -> Schema:
    """One compound document that holds every schema: validate against `$id#/$defs/<$id>` or by `$id`."""
    return {
        "$schema": DIALECT,
        "$id": PREFIX + "bundle",
        "title": "All schemas of the kit in one file",
        "description": "Every event, details and reason schema by its $id; by itself it accepts anything.",
        "$defs": {schema["$id"]: schema for schema in schemas},
    }


def files() -> dict[Path, bytes]:
    """Every schema, and the bundle."""
    schemas = list(build())
    root = data_root("schemas")
    contents = {root / path_of(schema): as_json(schema) for schema in schemas}
    return {**contents, root / "bundle.schema.json": as_json(bundle(schemas))}


def present() -> Iterator[Path]:
    """The schemas that are there."""
    yield data_root("schemas") / "bundle.schema.json"
    for folder in ("event", "details", "reason"):
        yield from (data_root("schemas") / folder).rglob("*.schema.json")


if __name__ == "__main__":
    sys.exit(write_or_compare(__doc__, files, present))
