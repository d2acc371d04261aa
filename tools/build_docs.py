"""Builds the pages of the documentation that are made from the catalog and the schemas.

python tools/build_docs.py           writes them
python tools/build_docs.py --check   exits 1 and names those that would change
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from itertools import chain, groupby
from pathlib import Path

from generated import ROOT, write_or_compare
from pin_dependencies import lowest, normal, pinned, wanted
from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair, Requirement

DOCS = ROOT / "docs"
TOPIC = "https://cloud.ibm.com/docs/vpc?topic="
MADE = "Made by `tools/build_docs.py` from `{}`; an edit here is lost."


def requirements() -> Iterator[str]:
    """One line a requirement, by position."""
    every = sorted(catalog.requirements.values(), key=lambda requirement: requirement.position)
    yield from _head("Requirements", "schemas/catalog/requirements/")
    judged = sum(requirement.status == "checked" for requirement in every)
    yield f"{len(every)} requirements; this version judges {judged}, the others are planned."
    yield "Level: of a finding in the documented profile, then in strict."
    for position, group in groupby(every, key=lambda requirement: requirement.position):
        yield from ("", f"## {position} {catalog.positions[position].title}", "")
        yield from _table(("id", "requirement", "level", "binds", "source", "state"), map(_requirement, group))


def _requirement(requirement: Requirement) -> tuple[str, ...]:
    levels = ", ".join(requirement.profiles[profile] for profile in ("documented", "strict"))
    source = f"[{requirement.source.document.title}]({requirement.doc})"
    reasons = " ".join(filter(None, (requirement.premise, requirement.basis)))
    kind = f"{requirement.kind}: {reasons}" if reasons else requirement.kind
    bound = ", ".join(requirement.subject)
    return f"`{requirement.id}`", requirement.sentence, levels, bound, f"{source}, {kind}", requirement.status


def event_types() -> Iterator[str]:
    """The four event types, and what they can be about."""
    yield from _head("Event types", "schemas/catalog/event-types.json")
    for kind in catalog.event_types.values():
        yield from (f"## {kind.group}", "", f"`{kind.type}` ({kind.kind})", "", kind.description, "")
        facts = [
            ("`match_resource_type`", f"`{kind.resource_type}`"),
            ("`job_type`", f"`{kind.job_type}`"),
            ("title of the email", kind.title),
            ("other spellings", _code(kind.aliases) or "none"),
            ("documentation", _links(kind.topics)),
            ("schema", f"`schemas/event/{kind.name}.schema.json`"),
        ]
        yield from _table(("", ""), facts)
        yield from ("", "Reasons:", "")
        pairs = [pair for pair in catalog.pairs.values() if pair.event_type == kind.type]
        rows = ((f"{p.id}", f"[`{p.reason}`](reasons.md#{_anchor(p.reason)})", p.cause) for p in pairs)
        yield from _table(("id", "reason code", "cause"), rows)
        yield ""


def reasons() -> Iterator[str]:
    """The 16 reason codes: what they mean, what to do, how they are spelled."""
    yield from _head("Reasons", "schemas/catalog/reasons.json")
    yield f"{len(catalog.reasons)} reason codes, {len(catalog.pairs)} pairs of event type and reason."
    for reason in catalog.reasons.values():
        yield from ("", f"## {reason.name}", "", f"{reason.meaning[:1].upper()}{reason.meaning[1:]}.")
        for pair in reason.pairs:
            yield from _pair(pair)


def _pair(pair: Pair) -> Iterator[str]:
    kind = catalog.event_types[pair.event_type]
    code = f"`{pair.api_code.code}` ({pair.api_code.confidence})" if pair.api_code.code else "none"
    yield from ("", f"**{pair.id}, {kind.group}**", "")
    spellings = "; ".join(f"`{s.spelling}` ({s.where})" for s in pair.spellings)
    facts = [
        ("cause", pair.cause),
        ("what to do", pair.action),
        ("prevent it", pair.prevention),
        ("code of the VPC API", f"{code}. {pair.api_code.note}"),
        ("spellings", spellings),
        ("texts", "; ".join(pair.texts) or "none"),
        ("documentation", _links(pair.topics)),
        ("contradictions", _entries(sorted(set(chain.from_iterable(s.ledger for s in pair.spellings))))),
    ]
    yield from _table(("", ""), facts)


def schemas() -> Iterator[str]:
    """Every schema, by folder."""
    yield from _head("Schemas", "schemas/")
    yield "JSON Schema 2020-12, nothing to fetch: references are among these, and `schemas/bundle.schema.json` has"
    yield "those of events, details and reasons in one file. `vpc-backup-events schemas FOLDER` exports them. Those"
    yield "under `strict` allow one canonical form. A keyword that a requirement rests on has its id beside it, under"
    yield "`x-requirements`."
    paths = sorted((ROOT / "schemas").rglob("*.json"))
    described = [path for path in paths if path.name.endswith((".schema.json", ".openapi.json", ".asyncapi.json"))]
    for folder, group in groupby(described, key=lambda path: path.parent.relative_to(ROOT).as_posix()):
        yield from ("", f"## {folder}", "")
        yield from _table(("file", "describes"), map(_schema, group))


def _schema(path: Path) -> tuple[str, str]:
    document = json.loads(path.read_bytes())
    about = document.get("info", document)
    return f"`{path.name}`", f"{about['title']}: {about.get('description', '').partition(chr(10))[0]}"


def contradictions() -> Iterator[str]:
    """The ledger, and the positions that decide it."""
    yield from _head("Contradictions and positions", "schemas/catalog/ledger.json` and `schemas/catalog/positions.json")
    yield "Where the documentation contradicts itself, other pages or the API (D), and what the kit requires (P)."
    yield "Cases that the positions leave open are in [ledger.md](ledger.md)."
    yield from ("", "## Positions", "")
    for position in catalog.positions.values():
        yield from (f"### {position.id} {position.title}", "", position.text, "")
    yield "## Contradictions"
    for entry in catalog.ledger.values():
        yield from ("", f"### {entry.id} {entry.title}", "")
        decided = ", ".join(f"[{id}](#{_anchor(f'{id} {catalog.positions[id].title}')})" for id in entry.positions)
        facts = [
            ("the page", entry.seed),
            ("elsewhere", entry.elsewhere),
            ("for a producer", entry.producer),
            ("for a consumer", entry.consumer),
            ("decided by", decided or "no position"),
        ]
        yield from _table(("", ""), facts)


def destinations() -> Iterator[str]:
    """What each destination receives, as a table."""
    for destination in catalog.destinations.values():
        receives = f"{destination.receives} ([source]({destination.source.url}))"
        yield from _row((f"`{destination.name}`", receives, " ".join(destination.left_open)))


def _head(title: str, source: str) -> Iterator[str]:
    yield from (f"# {title}", "", MADE.format(source), "")


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]] | list[tuple[str, str]]) -> Iterator[str]:
    yield from _row(head)
    yield from _row(("---",) * len(head))
    for row in rows:
        yield from _row(row)


def _row(cells: tuple[str, ...]) -> Iterator[str]:
    yield "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _links(topics: tuple[str, ...]) -> str:
    return ", ".join(f"[{topic}]({TOPIC}{topic})" for topic in topics)


def _entries(ids: list[str]) -> str:
    return ", ".join(f"[{id}](contradictions.md#{_anchor(f'{id} {catalog.ledger[id].title}')})" for id in ids) or "none"


def _anchor(heading: str) -> str:
    """The anchor that the site, with Python-Markdown, gives a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def versions() -> Iterator[str]:
    """The dependencies of the package, the lowest and the newest version of each that the tests ran with."""
    yield from (
        "# Versions",
        "",
        f"<!-- {MADE.format('pyproject.toml and requirements/')} -->",
        "",
        "Each library that the package or one of its extras asks for, with the lowest version that it takes and the",
        "newest that the tests ran with: `nox -s lowest` runs them with the lowest, `nox -s pinned` with the newest.",
        "What else is installed is in `requirements/`, with the hash of each file. Interpreters are listed in",
        "[Releases](release.md).",
        "",
    )
    newest = pinned("development.txt")
    # one line a library, also where two extras ask for it
    libraries = {normal(requirement.name): requirement for requirement in wanted(("all", "audit", "s3"))}
    yield from _table(
        ("library", "lowest", "newest"),
        (
            (f"`{name}`", str(lowest(libraries[name])), ", ".join(map(str, newest[name])))
            for name in sorted(libraries)
            if name in newest
        ),
    )


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "requirements.md": requirements,
    "event-types.md": event_types,
    "reasons.md": reasons,
    "schemas.md": schemas,
    "contradictions.md": contradictions,
    "versions.md": versions,
}
# a table within a page that is written by hand: between two of these lines
MARK = "<!-- destinations: made by tools/build_docs.py -->"


def pages() -> dict[Path, bytes]:
    """Every made page with its text."""
    texts = {DOCS / name: "\n".join(lines()).rstrip("\n") + "\n" for name, lines in PAGES.items()}
    before, _, rest = (DOCS / "destinations.md").read_text("utf-8").partition(MARK)
    table = "\n".join(["", "| destination | receives | left open |", "| --- | --- | --- |", *destinations(), ""])
    texts[DOCS / "destinations.md"] = f"{before}{MARK}{table}{MARK}{rest.partition(MARK)[2]}"
    return {path: text.encode() for path, text in texts.items()}


if __name__ == "__main__":
    sys.exit(write_or_compare(__doc__, pages))
