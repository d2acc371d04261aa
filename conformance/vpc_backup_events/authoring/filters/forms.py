"""The events that a filter is tried on: each reason of each event type, in every form that the documentation shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import JobCode, Pair
from vpc_backup_events.catalog.names import LONG, SEVERITY
from vpc_backup_events.making import mutations
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import LINK, Draft, draft, scenario_of

# severities have a table of their own, spellings are tried one by one, and the rest changes what has happened
_APART = ("P08-", "P16-code-", "P14-", "P09-", "P15-")

# attributes of CloudEvents that an event of Backup for VPC may have
_OPTIONAL = ("data", "dataschema", "subject", "datacontenttype")


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which an event of a pair may be written."""

    #: id of the pair in the catalog
    pair: str
    #: canonical, spelling, layout, type, code, share or other
    kind: str
    #: what is special about it, for a person; empty for the canonical form
    name: str
    event: dict[str, Any]
    #: the details, as they stand in the long text
    details: dict[str, Any]


@cache
def forms() -> tuple[Form, ...]:
    """Every form of every pair, the canonical one of each pair first; all with the one severity that is shown."""
    return tuple(chain.from_iterable(map(_forms, catalog.pairs.values())))


@cache
def forms_of(*kinds: str) -> tuple[Form, ...]:
    """The forms of these kinds."""
    return tuple(form for form in forms() if form.kind in kinds)


@cache
def attributes() -> frozenset[str]:
    """Names of the attributes that a documented event may have."""
    return frozenset(_OPTIONAL).union(*(form.event for form in forms()))


@cache
def details() -> frozenset[str]:
    """Names of the members of the details, which stand inside the long text."""
    return frozenset().union(*(form.details for form in forms())) - attributes()


@cache
def severity_names() -> tuple[str, ...]:
    """The severities that an event may have."""
    return tuple(severity.name for severity in catalog.severities.values() if not severity.fallback)


@cache
def severities() -> tuple[tuple[str | None, tuple[Form, ...]], ...]:
    """Each severity in lower case, as a name and in capitals, and none, with every pair in every spelling."""
    names: list[str | None] = []
    for name in severity_names():
        names += (name, name.capitalize(), name.upper())
    return tuple((name, tuple(_with_severity(name))) for name in (*names, None))


def _with_severity(name: str | None) -> Iterator[Form]:
    for form in forms_of("canonical", "spelling"):
        event = {**form.event, SEVERITY: name}
        if name is None:
            del event[SEVERITY]
        yield replace(form, event=event)


@cache
def codes_without_token() -> dict[str, tuple[Form, ...]]:
    """Codes of the VPC API that no reason of the table has, each with its events."""
    return {code.code: tuple(_of_code(code)) for code in catalog.api_codes.values() if code.without_token}


@cache
def beside() -> tuple[Form, ...]:
    """Events beside the table that the documented profile takes with a warning: of shares, and with their codes."""
    codes = [code for code in catalog.api_codes.values() if code.without_token or code.share_only]
    return tuple(map(_as_share, chain.from_iterable(map(_of_code, codes))))


def _of_code(code: JobCode) -> Iterator[Form]:
    for kind in catalog.event_types.values():
        if kind.job_type in code.job_types:
            pair = next(pair for pair in catalog.pairs.values() if pair.event_type == kind.type)
            yield with_code(pair, code.code, code.text)


def with_code(pair: Pair, code: str, text: str = "") -> Form:
    """An event of the pair's event type with another code."""
    event = _draft(pair, code, text)
    return Form(pair.id, "code", code, event.event(), event.details)


def _as_share(form: Form) -> Form:
    details = {**form.details, "match_resource_type": "share"}
    kind = form.event["type"].replace("-volume-", "-share-").replace("-instance-", "-share-")
    return Form(form.pair, "share", form.name, {**form.event, "type": kind, LONG: json.dumps(details)}, details)


def _draft(pair: Pair, code: str = "", text: str = "") -> Draft:
    event = draft(scenario_of(pair, Plain()), Plain().uuid())
    if code:
        event.details["status_reason"] = f"{code}: {text or pair.cause}"
        # the payload example too has a link that names no reason beside a code of the VPC API
        event.details["more_info"] = LINK + catalog.examples.general_topics[0]
    return event


def _forms(pair: Pair) -> Iterator[Form]:
    for spelling in pair.spellings:
        code = "" if spelling.spelling == pair.reason else spelling.spelling
        name = f"spelled {code}" if code else ""
        draft = _draft(pair, code)
        yield Form(pair.id, "spelling" if code else "canonical", name, draft.event(), draft.details)
        for layout, text in _layouts(draft.details).items():
            layout = f"{name}, {layout}" if name else layout
            yield Form(pair.id, "layout", layout, {**draft.event(), LONG: text}, draft.details)
    scenario = scenario_of(pair, Plain())
    for mutation in mutations.quirks(("object",)):
        if mutation.name.startswith(_APART) or not mutation.fits(scenario):
            continue
        draft = _draft(pair)
        event = mutation.apply(draft, Plain())
        kind = "type" if mutation.requirement.startswith("P05-") else "other"
        name = f"{mutation.name.partition('/')[2].replace('-', ' ')} ({', '.join(mutation.ledger)})"
        yield Form(pair.id, kind, name, event, draft.details)


def _layouts(details: dict[str, Any]) -> dict[str, str]:
    """The details as producers in other languages and the payload example write them."""
    members = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in details.items()]
    return {
        "blanks after colons": json.dumps(details),
        "indented": json.dumps(details, indent=2),
        "line breaks as in the payload example (D18)": "{" + (",\n" + " " * 24).join(members) + "}",
    }
