"""Builds the corpus: the cases that are made, and the manifest of all.

    python tools/build_corpus.py           writes the folders of MADE below fixtures/, and the manifest
    python tools/build_corpus.py --check   exits 1 and names the files that would change

A case by hand is a file and one entry in fixtures/cases.json, or a file in fixtures/{filters,templates}/, which
says itself what it is about and what is expected of it; a mutation in vpc_backup_events/making/mutations/
makes one by itself. What is in a made case depends on its own name alone, so that a new one changes no other.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from corpus_files import WRITERS, http, pretty
from email_forms import EMAIL_FORMS
from generated import as_json, write_or_compare
from vpc_backup_events import catalog, check
from vpc_backup_events.authoring.registration import kind_of, lint
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.catalog.model import Citation, Pair
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.destinations import render
from vpc_backup_events.making.choices import Plain, Seeded
from vpc_backup_events.making.deliveries import MODES, received
from vpc_backup_events.making.draft import draft, email_body, plain_email, scenario_of
from vpc_backup_events.making.mutations import Mutation, mutations
from vpc_backup_events.making.variation import vary
from vpc_backup_events.reading import Message
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.report import PROFILES, Profile
from vpc_backup_events.values.scenario import Scenario

MADE = ("valid", "quirks", "invalid", "deliveries", "emails", "destinations")
# blocks of Slack's Block Kit, as IBM's page on its templates has them
SLACK_TEMPLATE = (
    '{"blocks": [{"type": "section", "text": {"type": "mrkdwn",'
    ' "text": "*{{ibmendefaultshort}}* ({{ibmenseverity}}) at {{time}}"}}]}'
)
# destination -> the variants that are rendered: name, and the options of `render`
RENDERED: dict[str, dict[str, dict[str, Any]]] = {
    "email": {"": {}, "-payload": {"payload": True}},
    "slack": {"": {}, "-template": {"template": SLACK_TEMPLATE}},
    "pagerduty": {"-table-a": {"table": "A"}, "-table-b": {"table": "B"}},
    "webhook": {
        "": {},
        "-template": {"template": '{"text": "{{ibmendefaultshort}}", "details": {{{ibmendefaultlong}}} }'},
    },
    **{name: {"": {}} for name in ("sms", "teams", "servicenow", "event-streams", "cos", "code-engine")},
}
# folder of cases that describe themselves -> their kind, and the document where nothing else is cited
BY_THEMSELVES = {"filters": ("filter", "en-filter"), "templates": ("template", "en-template-webhook")}
# kinds of case that `check` judges
JUDGED = ("event", "text", "message", "batch", "email")
SUFFIX = {"object": "json", "text": "json", "message": "http", "batch": "ndjson", "email": "eml"}
Case = tuple[dict[str, Any], bytes]


def files() -> dict[Path, bytes]:
    """The cases that are made, and the manifest of all."""
    root = data_root("fixtures")
    by_hand = [(entry, (root / entry["file"]).read_bytes()) for entry in _entries(root / "cases.json")]
    cases = sorted(make(), key=lambda case: str(case[0]["file"]))
    manifest = {"cases": [described(entry, data) for entry, data in (*by_hand, *by_themselves(root), *cases)]}
    contents = {root / entry["file"]: data for entry, data in cases}
    return {**contents, root / "manifest.json": as_json(manifest, indent=1)}


def present() -> Iterator[Path]:
    """The files in the folders of made cases."""
    for folder in MADE:
        yield from filter(Path.is_file, (data_root("fixtures") / folder).rglob("*"))


def _entries(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(path.read_bytes())["cases"]
    return entries


# -------------------------------------------------------------------------------------------------- the cases


def make() -> Iterator[Case]:
    """Every made case, and its content."""
    for pair in catalog.pairs.values():
        yield from valid(pair)
        yield email(pair)
    for kind in catalog.event_types.values():
        pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
        yield from deliveries(pair, kind.name)
        yield from encoded(pair, kind.name)
        yield from renderings(pair, kind.name)
    for mutation in mutations.values():
        yield changed_by(mutation)


def by_themselves(root: Path) -> Iterator[Case]:
    """Every filter and template: its entry, made from what its file says, and its content."""
    for folder, (kind, document) in BY_THEMSELVES.items():
        for path in sorted((root / folder).glob("*.json")):
            data = path.read_bytes()
            case = json.loads(data)
            broken = catalog.requirements.get(case["requirement"])
            source = {"document": document, "anchor": ""}
            if broken:
                source = {"document": broken.source.document.id, "anchor": broken.source.anchor}
            entry = {
                "file": f"{folder}/{path.name}",
                "subject": "client",
                "kind": kind,
                "description": f"{kind}, {case['description']}",
                "source": source,
                "requirement": case["requirement"],
                "ledger": list(broken.ledger) if broken else [],
            }
            yield entry, data


def valid(pair: Pair) -> Iterator[Case]:
    """The pair's strict form, one that documented takes as well, and one event for each spelling of its code."""
    about = _about(pair)
    file = f"valid/strict/{pair.id}.json"
    scenario, choices = _scenario(file, pair)
    yield case(file, "event", f"strict form: {about}", pretty(draft(scenario, choices.uuid()).event()), scenario)
    file = f"valid/documented/{pair.id}.json"
    scenario, choices = _scenario(file, pair)
    event = vary(draft(scenario, choices.uuid()), choices, "documented")
    yield case(file, "event", f"form that documented takes: {about}", pretty(event), scenario)
    for spelling in pair.spellings:
        file = f"valid/spellings/{pair.id}-{spelling.spelling}.json"
        scenario, choices = _scenario(file, pair)
        spelled = draft(scenario, choices.uuid())
        spelled.details["status_reason"] = f"{spelling.spelling}: {pair.cause}"
        what = f"spelled {spelling.spelling}: {pair.id}, {about}"
        data = pretty(spelled.event())
        yield case(file, "event", what, data, scenario, source=spelling.source, ledger=spelling.ledger)


def email(pair: Pair) -> Case:
    """The email that a person gets for the pair."""
    file = f"emails/{pair.id}.txt"
    scenario, _ = _scenario(file, pair)
    text = plain_email(event_type_of(scenario).title, email_body(scenario))
    return case(file, "email", f"email: {_about(pair)}", text.encode(), scenario)


def encoded(pair: Pair, name: str) -> Iterator[Case]:
    """The email of a pair in each form in which a mail program sends one."""
    for form, encode in EMAIL_FORMS.items():
        file = f"emails/{name}-{form}.eml"
        scenario, _ = _scenario(file, pair)
        data = encode(event_type_of(scenario).title, email_body(scenario))
        yield case(file, "email", f"email of {name}, {form.replace('-', ' ')}", data, scenario)


def renderings(pair: Pair, name: str) -> Iterator[Case]:
    """What each destination receives for the strict form of the pair."""
    event = f"valid/strict/{pair.id}.json"
    scenario, choices = _scenario(event, pair)
    members = draft(scenario, choices.uuid()).event()
    for to, variants in RENDERED.items():
        for variant, options in variants.items():
            rendered = render(members, to, **options)
            file = f"destinations/{to}/{name}{variant}.{rendered.suffix}"
            what = f"{catalog.destinations[to].title} receives{variant.replace('-', ' ')}: {name}"
            entry, data = case(
                file,
                "rendering",
                what,
                rendered.as_bytes(),
                scenario,
                subject="consumer",
                source=catalog.destinations[to].source,
                ledger=catalog.destinations[to].ledger,
            )
            parts = {k: v for k, v in rendered.parts.items() if k == "key"}
            yield {**entry, "rendering": {"destination": to, "event": event, "options": options, **parts}}, data


def deliveries(pair: Pair, name: str) -> Iterator[Case]:
    """Requests that carry one event, in each mode, as sent and as received."""
    for mode, deliver in MODES.items():
        for added in ("", "-received"):
            file = f"deliveries/{name}-{mode}{added}.http"
            scenario, choices = _scenario(file, pair)
            event = draft(scenario, choices.uuid()).event()
            request = deliver(received(event, choices.uuid()) if added else event)
            what = f"{mode} delivery of {name}{', with notification_id' if added else ''}"
            data = http(Message.of(request.headers, request.body))
            yield case(file, "message", what, data, scenario, subject="consumer")


def changed_by(mutation: Mutation) -> Case:
    """The case of a mutation, of one of the pairs that it fits."""
    fitting = [p for p in catalog.pairs.values() if mutation.fits(scenario_of(p, Plain()))]
    scenario, choices = _scenario(mutation.name, fitting[crc32(mutation.name.encode()) % len(fitting)])
    event = mutation.apply(draft(scenario, choices.uuid()), choices)
    data = WRITERS[mutation.form](event)
    kind = "event" if mutation.form == "object" else mutation.form
    for profile in PROFILES:
        ids = findings(kind, data, profile)["findings"]
        if ids != sorted(mutation.expected(profile)):
            raise AssertionError(f"{mutation.name} in {profile}: {ids}")
    folder = "invalid" if mutation.errors("documented") else "quirks"
    broken = catalog.requirements.get(mutation.requirement)
    about = broken.title if broken else catalog.ledger[mutation.ledger[0]].title
    return case(
        f"{folder}/{mutation.name}.{SUFFIX[mutation.form]}",
        kind,
        f"{mutation.name.replace('/', ', ').replace('-', ' ')}: {about}",
        data,
        scenario,
        source=broken.source if broken else None,
        requirement=broken.id if broken else None,
        ledger=mutation.ledger,
    )


def _about(pair: Pair) -> str:
    return f"{pair.reason}, {catalog.event_types[pair.event_type].name}"


def _scenario(name: str, pair: Pair) -> tuple[Scenario, Seeded]:
    choices = Seeded(crc32(name.encode()))
    return scenario_of(pair, choices), choices


def case(
    file: str,
    kind: str,
    description: str,
    data: bytes,
    scenario: Scenario,
    *,
    subject: str = "producer",
    source: Citation | None = None,
    requirement: str | None = None,
    ledger: tuple[str, ...] = (),
) -> Case:
    """A made case: its entry, as in cases.json, and its content."""
    cited = source or pair_of(scenario).spellings[0].source
    entry = {
        "file": file,
        "subject": subject,
        "kind": kind,
        "description": description,
        "source": {"document": cited.document.id, "anchor": cited.anchor},
        "requirement": requirement,
        "ledger": list(ledger),
        "scenario": scenario.as_json(),
    }
    return entry, data


def described(entry: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The entry of the manifest: with the hash, and with the verdict in each profile where `check` judges the kind."""
    judged = (
        {profile: findings(entry["kind"], data, profile) for profile in PROFILES} if entry["kind"] in JUDGED else None
    )
    optional: dict[str, Any] = {"requirement": None, "ledger": [], "scenario": None}
    missing = {name: value for name, value in optional.items() if name not in entry}
    more = {"lint": linted(entry["file"], data)} if entry["kind"] == "registration" else {}
    return {**entry, **missing, "sha256": hashlib.sha256(data).hexdigest(), "expected": judged, **more}


def linted(file: str, data: bytes) -> dict[str, Any]:
    """What `lint` says of a registration, and on which lines, by profile."""
    verdicts: dict[str, Any] = {}
    for profile in PROFILES:
        report = lint(data, kind_of(file) or "", profile)
        lines: dict[str, set[int]] = {}
        for finding in report.findings:
            line = finding.source.line if finding.source else None
            lines.setdefault(finding.requirement, set()).add(line or 0)
        sorted_lines = {requirement: sorted(lines[requirement]) for requirement in sorted(lines)}
        verdicts[profile] = {"ok": report.ok, "findings": list(sorted_lines), "lines": sorted_lines}
    return verdicts


def findings(kind: str, data: bytes, profile: Profile) -> dict[str, Any]:
    """Verdict and exact set of requirements found, in the content as one event, or for a batch as several."""
    if kind == "batch":
        report = check_inputs([("case", data)], profile)
    else:
        report = check((Message.parse(data) if kind == "message" else None) or data, profile)
    return {"ok": report.ok, "findings": sorted({f.requirement for f in report.findings})}


if __name__ == "__main__":
    sys.exit(write_or_compare(__doc__, files, present))
