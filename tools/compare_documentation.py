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
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import hcl2
from lark.exceptions import LarkError
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

import documentation_drift
from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.reading.tolerant import details_value, event_value
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.json_text import NotJsonError

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

# an attribute list of IBM's dialect that gives an anchor: {: #anchor}
ANCHOR = re.compile(r"\{:?[^{}#]*#([\w.-]+)[^{}]*\}")
# between the lines of a table's cell; the dialect writes a line break as \n
CELL_BREAK = re.compile(r"\\n|</?(?:br|ul|li)\b[^>]*>")
TERRAFORM = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)
OPTION = re.compile(r"\[?--?[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the page holds: a section, an event group, a link, an example, a member of an example."""

    kind: str
    name: str = ""
    value: str = ""
    children: tuple[Part, ...] = ()
    # where it stands in the page; 0 where it comes from the catalog
    line: int = field(default=0, compare=False)
    # file and id in the catalog; empty where it comes from the page
    entry: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name or next((str(child) for child in self.children), self.kind)


class NoEventsError(ValueError):
    """The page has no table of events."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the differences between a page and the catalog, or between the pages of a folder and what was recorded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, metavar="PATH", help="markdown of the page, or a folder with pages")
    parser.add_argument("--record", action="store_true", help="record the pages of the folder as they are")
    chosen = parser.parse_args(arguments)
    path: Path = chosen.path
    if path.is_dir():
        return of_folder(path, chosen.record)
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


def differences(page: Part, known: Part, within: str = "") -> Iterator[tuple[int, str]]:
    """Line and text of each difference between a part of the page and the same part in the catalog."""
    if page.name != known.name:
        yield page.line, _line_about("changed", known, f"{known.name} is now {page.name}", within, known.entry)
    if page.value != known.value:
        was, now = (part.value or ("members" if part.children else "empty") for part in (known, page))
        text = f"{known} was {was}, is now {now}"
        yield page.line, _line_about("changed", known, text, within, known.entry)
        # a text that became an object, or an object a text: its members would only repeat it
        return
    within = " > ".join(filter(None, (within, known.name)))
    added, removed = list(page.children), list(known.children)
    for new, old in _matched(added, removed):
        yield from differences(new, old, within)
    for new in added:
        yield new.line, _line_about("added", new, str(new), within, known.entry)
    for old in removed:
        yield page.line, _line_about("removed", old, str(old), within, old.entry)


def _matched(new: list[Part], old: list[Part]) -> list[tuple[Part, Part]]:
    """The pairs that are one part, taken out of the lists: equal ones, then namesakes, then what is most alike."""
    pairs = []
    for likeness in (_equal, _namesakes, _alike):
        scored = [(likeness(a, b), a, b) for a in new for b in old if a.kind == b.kind]
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


# the page


def read_page(text: str) -> Part:
    """What a page holds. Raises `NoEventsError`."""
    markdown = MarkdownIt("commonmark").enable("table").disable("lheading")
    # what stands before the first anchor has none
    anchor, lines, held = "", {"": 1}, {"": list[Part]()}
    groups: list[Part] = []
    table = 0
    heading = None
    for block in SyntaxTreeNode(markdown.parse(text)).children:
        if block.type == "heading":
            heading = block
        # in the heading, or at the start of the paragraph below it
        named = ANCHOR.search(_raw(block)) if block.type == "heading" else heading and ANCHOR.match(_raw(block))
        if named and heading:
            anchor = named[1]
            lines.setdefault(anchor, _line(heading))
            held.setdefault(anchor, [])
        if block.type != "heading":
            heading = None
        rows = [row for row in block.walk() if row.type == "tr"] if block.type == "table" else []
        if _is_of_events(rows):
            table = table or _line(block)
            groups += (_group(row) for row in rows[1:] if not _raw(row).startswith("{:"))
        else:
            held[anchor] += _contents([block])
    if not groups:
        raise NoEventsError("no table of events: none has an event group with its reason codes in the first column")
    sections = [
        Part("section", name, children=tuple(dict.fromkeys(parts)), line=lines[name])
        for name, parts in held.items()
        if name or parts
    ]
    return Part("page", children=(Part("events", children=tuple(groups), line=table), *sections), line=1)


def _raw(node: SyntaxTreeNode) -> str:
    """The text as it is written in the first inline content of a block."""
    return next((inner.content for inner in node.walk() if inner.type == "inline"), "")


def _line(node: SyntaxTreeNode) -> int:
    """The line where a node begins, counted from 1."""
    return next((inner.map[0] + 1 for inner in node.walk() if inner.map), 0)


def _cell(row: SyntaxTreeNode) -> list[str]:
    """The lines of a row's first cell."""
    text = "".join(node.content for node in row.children[0].walk() if node.type != "inline" and not node.children)
    return [line.strip().removeprefix("- ").strip() for line in CELL_BREAK.split(text) if line.strip()]


def _codes(row: SyntaxTreeNode) -> list[str]:
    """The reason codes of an event group's row: the lines below its name."""
    return _cell(row)[1:]


def _is_of_events(rows: list[SyntaxTreeNode]) -> bool:
    return any(_codes(row) and any(node.type == "code_inline" for node in row.children[0].walk()) for row in rows)


def _group(row: SyntaxTreeNode) -> Part:
    line = _line(row)
    codes = (Part("reason code", code, line=line) for code in _codes(row))
    links = (part for part in _contents(row.children[1:]) if part.kind == "link")
    return Part("event group", " ".join(_cell(row)[:1]), children=tuple(dict.fromkeys([*codes, *links])), line=line)


def _contents(nodes: list[SyntaxTreeNode]) -> Iterator[Part]:
    """Links, names in code and fenced examples."""
    line = 0
    for node in chain.from_iterable(top.walk() for top in nodes):
        if node.type == "inline":
            line = _line(node)
        elif node.type in ("softbreak", "hardbreak"):
            line += 1
        elif node.type == "link":
            yield Part("link", str(node.attrs["href"]), line=line)
        elif node.type == "code_inline":
            yield Part("name", node.content, line=line)
        elif node.type == "fence":
            first = _line(node)
            placed, _ = _placed(read_example(node.content), node.content, first + 1, first, 0)
            yield placed


def _placed(part: Part, text: str, first: int, line: int, start: int) -> tuple[Part, int]:
    """The part with its line in an example's text, and where its name ends there; parts come in the text's order."""
    name = r"\s+".join(re.escape(word) for word in part.name.split())
    follows = r"""[\\"']*+\s*[:={"]""" if part.kind in ("member", "attribute") else r"(?![\w-])"
    pattern = re.compile(rf"(?<![\w-]){name}{follows}")
    place = (pattern.search(text, start) or pattern.search(text)) if name else None
    if place:
        line, start = first + text.count("\n", 0, place.start()), place.end()
    children = []
    for child in part.children:
        placed, start = _placed(child, text, first, line, start)
        children.append(placed)
    return replace(part, children=tuple(children), line=line), start


# the examples, of the page and of fixtures/documented/ alike


def read_example(text: str) -> Part:
    """What an example holds: a Terraform configuration, a command, or text that may end in JSON."""
    readers: tuple[Callable[[str], tuple[Part, ...]], ...] = (_terraform, _command, _text)
    parts = next(filter(None, (reader(text) for reader in readers)), ())
    return Part("example", children=parts)


def _terraform(text: str) -> tuple[Part, ...]:
    try:
        value = hcl2.loads(text, serialization_options=TERRAFORM)
    except LarkError:
        return ()
    return _members(value, "attribute")


def _command(text: str) -> tuple[Part, ...]:
    """Command and options; the value of an option is all that follows it, with the bracket that makes it optional."""
    try:
        words = shlex.split(text.replace("\\\n", " "))
    except ValueError:
        return ()
    options: list[list[str]] = [[]]
    for word in words:
        if OPTION.match(word):
            options.append([])
        options[-1].append(word)
    if len(options) == 1 or not options[0]:
        return ()
    return Part("command", " ".join(options[0])), *(_option(name, " ".join(values)) for name, *values in options[1:])


def _option(name: str, value: str) -> Part:
    json_ = _json(value) if value.lstrip().startswith("{") else None
    if json_ is not None:
        return Part("argument", name, children=_members(json_, "member"))
    optional = "[" if name.startswith("[") else ""
    return Part("argument", name.removeprefix("["), optional + _flat(value))


def _text(text: str) -> tuple[Part, ...]:
    """Sentences, each as a label and what it says, and the members of the JSON after them."""
    brace = re.search(r"^\s*\{", text, re.MULTILINE)
    value = _json(text[brace.start() :]) if brace else None
    prose = text[: brace.start()] if brace and value is not None else text
    sentences = (
        _flat(sentence).removesuffix(".").partition(":")
        for paragraph in re.split(r"\n\s*\n", prose)
        for sentence in re.split(r"(?<=\.)\s", paragraph)
        if sentence.strip()
    )
    parts = [Part("text", label, sentence.strip()) for label, _, sentence in sentences]
    return (*parts, *([] if value is None else [Part("JSON", children=_members(value, "member"))]))


def _json(text: str) -> Any:
    """The value of a JSON text, with the repairs of the kit's tolerant reader, or None."""
    for reader in (event_value, details_value):
        with suppress(NotJsonError):
            return reader(text)[0]
    return None


def _members(value: Any, kind: str) -> tuple[Part, ...]:
    items = value.items() if isinstance(value, Mapping) else ((f"[{i}]", item) for i, item in enumerate(value))
    return tuple(_member(name, item, kind) for name, item in items)


def _member(name: str, value: Any, kind: str) -> Part:
    inner = _json(value) if name == LONG and isinstance(value, str) else value
    if isinstance(inner, dict) or (isinstance(inner, list) and any(isinstance(item, dict) for item in inner)):
        return Part(kind, name.strip('"'), children=_members(inner, kind))
    return Part(kind, name, json.dumps(_flat(value) if isinstance(value, str) else value, ensure_ascii=False))


def _flat(text: str) -> str:
    return " ".join(text.split())


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
        literals = catalog.examples[member]
        entries |= dict.fromkeys([literals] if isinstance(literals, str) else literals, f"examples.json {member}")
    return entries


def _owned(part: Part, entry: str, literals: Mapping[str, str]) -> Part:
    """The part of an example with its entry: that of a literal, that of the details' members, or the given one."""
    value = part.value.strip('"')
    for literal in (part.name, value, value.partition(":")[0], value.rpartition("topic=")[2]):
        entry = literals.get(literal, entry)
    names = {child.name for child in part.children if child.kind == "member" and not child.name.startswith("[")}
    if names and names <= set(catalog.examples["details_members"]):
        entry = "examples.json details_members"
    return replace(part, children=tuple(_owned(child, entry, literals) for child in part.children), entry=entry)


if __name__ == "__main__":
    sys.exit(main())
