"""Builds every schema that can be derived from the catalog, and the bundle in one file.

    python tools/build_schemas.py           writes schemas/{event,reason,details}/ and schemas/bundle.schema.json
    python tools/build_schemas.py --check   exits 1 and names the files that would change

Each schema comes twice: `documented` (in event/, reason/, details/) accepts every form that the documentation shows;
`strict` (in their strict/ folders) adds the keywords that leave one canonical form. `x-requirements` beside a keyword
names the requirement that the keyword carries: an id, or for `required` one id for each member.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from details_schemas import agreement, email, long_text, strict_agreement, strict_email, strict_long_text, words
from envelope_schemas import envelope, strict_envelope
from generated import as_json, write_or_compare
from schema_parts import Schema, all_of, carried
from schema_patterns import names, normal_pattern
from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import EventType, Pair, Reason
from vpc_backup_events.catalog.spelling import normal_form
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import Draft, draft, email_details, resource_crn, scenario_of
from vpc_backup_events.values.data import data_root

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PREFIX = "urn:vpc-backup-events:schema:"


def reason_pattern(pair: Pair, profile: str) -> str:
    """What `status_reason` of this pair may begin with."""
    if profile == "strict":
        codes = [names(sorted({pair.reason, *([pair.api_code.code] if pair.api_code.code else [])}))]
        return f"^(?:{codes[0]}): "
    normals = sorted({normal_form(s.spelling) for s in pair.spellings})
    return f"^(?:{'|'.join(normal_pattern(n) for n in normals)})(?:: |$)"


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
    jobs = list(dict.fromkeys(chain.from_iterable(words(event_type, profile) for event_type in types)))
    return {
        "allOf": [{"$ref": uri("details", "long-text", profile)}, *branches],
        "properties": {
            "match_resource_type": carried({"enum": sorted({e.resource_type for e in types})}, "P16-code-group"),
            "job_type": carried({"enum": jobs}, "P16-code-group"),
        },
    }


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
    scenario = scenario_of(pair, Plain())
    volume = scenario.resource_type == catalog.resource_types[0]
    id = f"{'r006-' if volume else '0717_'}f6583aac-8ba9-4d04-ab7a-acfe7b420016"
    account = "be09dae34250437f96fc8b27ae7d233b"
    scenario = replace(
        scenario,
        account_id=account,
        backup_policy="r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        backup_policy_plan="r006-076191ba-49c2-4763-94fd-c70de73ee2e6",
        backup_policy_job="r006-899ab8fb-3b71-4fc8-bca5-1544cb425e4f",
        resource=resource_crn(scenario.resource_type, scenario.region, account, id),
        source_id="41cdb7d4-db3e-496b-b7df-d4ead362c412:api",
        time="2024-04-22T20:59:34Z",
    )
    return draft(scenario, "0f6a1c52-3f0e-4d5e-9a57-6c1f0b7c2d11")


def pair_of(event_type: EventType) -> Pair:
    return next(p for p in catalog.pairs.values() if p.event_type == event_type.type and p.api_code.code)


def build() -> Iterator[Schema]:
    """Every generated schema, without the bundle."""
    for profile in ("documented", "strict"):
        form = "one canonical form passes" if profile == "strict" else "every documented form passes"
        yield from _of_all_types(profile, form)
        for event_type in catalog.event_types.values():
            yield document(
                "event",
                event_type.name,
                profile,
                event_type.group,
                f"{event_type.description} {form.capitalize()}.",
                [example(pair_of(event_type)).event()],
                _event(event_type, profile),
            )
        for reason in catalog.reasons.values():
            yield document(
                "reason",
                reason.name,
                profile,
                reason.name,
                f"Details of a job that failed because {reason.meaning}; {form}.",
                [example(pair).details for pair in reason.pairs],
                reason_schema(reason, profile),
            )


def _of_all_types(profile: str, form: str) -> Iterator[Schema]:
    """What events of any type have in common."""
    drafts = [example(pair_of(event_type)) for event_type in catalog.event_types.values()]
    yield document(
        "event",
        "envelope",
        profile,
        "Envelope",
        f"The CloudEvents attributes and ibmen extensions of an event of any type; {form}.",
        [draft.event() for draft in drafts],
        envelope() if profile == "documented" else _on_top("event", "envelope", strict_envelope()),
    )
    yield document(
        "details",
        "long-text",
        profile,
        "Details in the long text",
        f"The JSON inside ibmendefaultlong; {form}.",
        [draft.details for draft in drafts],
        long_text() if profile == "documented" else _on_top("details", "long-text", strict_long_text()),
    )
    yield document(
        "details",
        "email",
        profile,
        "Details in the email",
        f'The JSON after "Notification details:" in an email; {form}.',
        [email_details(drafts[0].scenario)],
        email() if profile == "documented" else _on_top("details", "email", strict_email()),
    )


def _on_top(folder: str, name: str, schema: Schema) -> Schema:
    """What strict adds to the documented schema."""
    return {"allOf": [{"$ref": uri(folder, name, "documented")}], **schema}


def _event(event_type: EventType, profile: str) -> Schema:
    strict = profile == "strict"
    agreements = [strict_agreement(event_type), agreement(event_type)] if strict else [agreement(event_type)]
    types = [event_type.type] if strict else [event_type.type, *event_type.aliases]
    return {
        "allOf": [{"$ref": uri("event", "envelope", profile)}],
        "properties": {
            "type": carried({"enum": types}, "P05-type-retention" if strict else "P05-type"),
            "ibmendefaultlong": {
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": "#/$defs/details"},
            },
        },
        "$defs": {
            "details": all_of({"$ref": uri("details", "long-text", profile)}, *agreements),
            "email": all_of({"$ref": uri("details", "email", profile)}, *agreements),
        },
    }


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
