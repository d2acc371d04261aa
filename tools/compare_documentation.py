"""Compares published pages of the documentation, as their markdown is published, with what the kit rests on.

    python tools/compare_documentation.py PAGE     a copy of the page about the events, against the catalog
    python tools/compare_documentation.py FOLDER   every page that the catalog cites, against what was recorded of it
    python tools/compare_documentation.py --record FOLDER   records the pages that are in FOLDER

Prints one line for each difference, with the catalog entries concerned. Exits 0 where nothing drifted, 1 where
something did, 2 where PAGE can't be read or has no table of events, or FOLDER has none of the pages.

What the page of the events holds is known from the event types and reasons of the catalog, from the examples in
fixtures/documented/, and from page.json for what no other file says. Its wording, order and white space are free.
After an edit of the catalog, run tools/build_schemas.py and tools/build_corpus.py. Of all pages, prose included,
digests are recorded in tools/documentation-state.json; there nothing is free but white space.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import documentation_drift
from documentation_page import NoEventsError, Part, read_example, read_page
from vpc_backup_events import catalog
from vpc_backup_events.values.data import data_root

SITE = "https://cloud.ibm.com"
# parts of one kind that are at least as alike as this are one part that was changed
ALIKE = 0.6
# what to edit, by kind of part
HINTS = {
    "section": "edit sections, and each source in the catalog that cites the anchor",
    "event group": "edit the event type, and rows in page.json",
    "reason code": "edit the pair, and the name and spelling of its reason",
    "link": "edit the links in page.json, and the topics and documents that they lead to",
    "name": "edit names, and the requirements where an attribute has this name",
    "example": "edit examples, fixtures/documented/ and fixtures/cases.json",
}
IN_EXAMPLE = "edit the example in fixtures/documented/, and what the catalog takes from it"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the differences between a page and the catalog, or between the pages of a folder and what was recorded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, metavar="PATH", help="markdown of the page, or a folder with pages")
    parser.add_argument("--record", action="store_true", help="record the pages of the folder as they are")
    options = parser.parse_args(arguments)
    path: Path = options.path
    if path.is_dir():
        return of_folder(path, options.record)
    try:
        page = read_page(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoEventsError) as error:
        print(f"{path}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return 2
    changes = sorted(differences(page, read_catalog()))
    for line, text in changes:
        print(f"{path}:{line}: {text}")
    return 1 if changes else 0


def of_folder(folder: Path, record: bool) -> int:
    """Prints what has changed in the pages of a folder, or records them."""
    pages = documentation_drift.read(folder)
    cited = documentation_drift.topics()
    if not cited.keys() & pages.keys():
        print(f"{folder}: no page here is one that the catalog cites, such as {min(cited)}", file=sys.stderr)
        return 2
    if record:
        topics = documentation_drift.write(pages, documentation_drift.STATE)
        print(f"{len(topics)} of {len(cited)} pages recorded")
        return 0
    state = json.loads(documentation_drift.STATE.read_bytes())
    drifts = list(documentation_drift.drifts(folder, pages, state))
    changes = [str(drift) for drift in drifts]
    seed = pages.get(next(topic for topic, document in cited.items() if document == "seed"))
    if seed is not None and any(drift.place.startswith(f"{seed.path}:") for drift in drifts):
        # what it holds is known in more detail
        page = read_page(seed.path.read_text(encoding="utf-8"))
        changes += [f"{seed.path}:{line}: {text}" for line, text in sorted(differences(page, read_catalog()))]
    for change in changes:
        print(change)
    print(f"{len(cited.keys() & pages.keys())} of {len(cited)} pages compared, {len(changes)} changes", file=sys.stderr)
    return 1 if changes else 0


# the comparison


def differences(page: Part, recorded: Part, within: str = "") -> Iterator[tuple[int, str]]:
    """Line and text of each difference between a part of the page and the same part in the catalog."""
    if page.name != recorded.name:
        yield page.line, _line_about("changed", recorded, f"{recorded.name} is now {page.name}", within, recorded.entry)
    if page.value != recorded.value:
        was, now = (part.value or ("members" if part.children else "empty") for part in (recorded, page))
        text = f"{recorded} was {was}, is now {now}"
        yield page.line, _line_about("changed", recorded, text, within, recorded.entry)
        # a text that became an object, or an object a text: its members would only repeat it
        return
    within = " > ".join(filter(None, (within, recorded.name)))
    added, removed = list(page.children), list(recorded.children)
    for new, old in _matched(added, removed):
        yield from differences(new, old, within)
    for new in added:
        yield new.line, _line_about("added", new, str(new), within, recorded.entry)
    for old in removed:
        yield page.line, _line_about("removed", old, str(old), within, old.entry)


def _matched(new: list[Part], old: list[Part]) -> list[tuple[Part, Part]]:
    """The pairs that are one part, taken out of the lists: equal ones, then namesakes, then what is most alike."""
    pairs = []
    for likeness in (_equal, _namesakes, _alike):
        scored = [(likeness(a, b), a, b) for a, b in product(new, old) if a.kind == b.kind]
        for score, a, b in sorted(scored, key=lambda match: -match[0]):
            # by identity: equal parts may stand there twice
            if score >= ALIKE and any(a is part for part in new) and any(b is part for part in old):
                new[:] = (part for part in new if part is not a)
                old[:] = (part for part in old if part is not b)
                pairs.append((a, b))
    return pairs


def _equal(a: Part, b: Part) -> float:
    return a == b


def _namesakes(a: Part, b: Part) -> float:
    # only examples have neither a name nor a place of their own
    return a.name == b.name and a.kind != "example"


def _alike(a: Part, b: Part) -> float:
    """How many of the two parts' words they share, in any order: from 0 to 1."""
    of_a, of_b = _words(a), _words(b)
    return 2 * (of_a & of_b).total() / ((of_a + of_b).total() or 1)


def _words(part: Part) -> Counter[str]:
    own = Counter(re.findall("[A-Za-z0-9]+", f"{part.name} {part.value}"))
    return sum((_words(child) for child in part.children), own)


def _line_about(what: str, part: Part, text: str, within: str, entry: str) -> str:
    place = f", in {within}" if within else ""
    return f"{part.kind} {what}: {text}{place} [{entry}]; {HINTS.get(part.kind, IN_EXAMPLE)}"


# the catalog


def read_catalog() -> Part:
    """What the page holds according to the catalog."""
    page = json.loads((data_root("schemas") / "catalog" / "page.json").read_bytes())["page"]
    groups = []
    for kind in catalog.event_types.values():
        pairs = (pair for pair in catalog.pairs.values() if pair.event_type == kind.type)
        entry = f"event-types.json {kind.type}"
        codes = [Part("reason code", pair.reason, entry=f"reasons.json {pair.id}") for pair in pairs]
        links = [Part("link", link, entry=f"{entry}, page.json rows") for link in page["rows"].get(kind.type, ())]
        groups.append(Part("event group", kind.group, children=(*codes, *links), entry=entry))
    sections = (_section(anchor, section) for anchor, section in page["sections"].items())
    events = Part("events", children=tuple(groups), entry="event-types.json")
    return Part("page", children=(events, *sections), entry="page.json sections")


def _section(anchor: str, section: dict[str, list[str]]) -> Part:
    entry = f"page.json {anchor}"
    links = [Part("link", link, entry=_documents(link) + entry) for link in section.get("links", ())]
    names = [Part("name", name, entry=entry) for name in section.get("names", ())]
    examples = []
    for file in section.get("examples", ()):
        example = read_example((data_root("fixtures") / file).read_text(encoding="utf-8"))
        examples.append(_owned(example, f"{entry}, fixtures/{file}", _literals()))
    return Part("section", anchor, children=(*links, *names, *examples), entry=entry)


def _documents(link: str) -> str:
    """The documents that a link leads to."""
    url = urlsplit(urljoin(SITE, link))
    topics = parse_qs(url.query).get("topic", [])
    address = url._replace(query="".join(f"topic={topic}" for topic in topics), fragment="").geturl()
    return "".join(f"documents.json {key}, " for key, document in catalog.documents.items() if document.url == address)


def _literals() -> dict[str, str]:
    """The catalog's entries by the literals that examples of the page show."""
    ids: dict[str, list[str]] = {}
    for pair in catalog.pairs.values():
        for literal in {*pair.texts, *(spelling.spelling for spelling in pair.spellings)}:
            ids.setdefault(literal, []).append(pair.id)
    entries = {literal: f"reasons.json {', '.join(pairs)}" for literal, pairs in ids.items()}
    for kind in catalog.event_types.values():
        entries |= dict.fromkeys((kind.type, kind.title), f"event-types.json {kind.type}")
    entries |= {severity.name: f"severities.json {severity.name}" for severity in catalog.severities.values()}
    for member in ("event_id", "short_text", "general_topics"):
        literals = getattr(catalog.examples, member)
        entries |= dict.fromkeys([literals] if isinstance(literals, str) else literals, f"examples.json {member}")
    return entries


def _owned(part: Part, entry: str, literals: Mapping[str, str]) -> Part:
    """The part of an example with its entry: that of a literal, that of the details' members, or the given one."""
    value = part.value.strip('"')
    for literal in (part.name, value, value.partition(":")[0], value.rpartition("topic=")[2]):
        entry = literals.get(literal, entry)
    names = {child.name for child in part.children if child.kind == "member" and not child.name.startswith("[")}
    if names and names <= set(catalog.examples.details_members):
        entry = "examples.json details_members"
    return replace(part, children=tuple(_owned(child, entry, literals) for child in part.children), entry=entry)


if __name__ == "__main__":
    sys.exit(main())
