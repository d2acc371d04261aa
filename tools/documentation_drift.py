"""Which sections of the published documentation have changed, and what in the catalog rests on them.

A page is known by its topic, which its own front matter and first heading say, or for Terraform by its name; a
section by its anchor. What is recorded of a section is a digest, and a short one of each of its lines: no text of a
page is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from vpc_backup_events import catalog
from vpc_backup_events.values.data import data_root

STATE = Path(__file__).with_name("documentation-state.json")
PAGES = (".md", ".markdown")
# hexadecimal digits of a digest: of a section, and of a line in it
SECTION_DIGITS, LINE_DIGITS = 24, 6
# entries that are named before the rest is counted
NAMED = 8

_FRONT_MATTER = re.compile(r"\A\s*---\s*\n.*?\n---[ \t]*\n", re.DOTALL)
_SUBCOLLECTION = re.compile(r"^subcollection:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<title>.+)")
_ANCHOR = re.compile(r"\{:?[^{}#]*#(?P<anchor>[\w.-]+)[^{}]*\}")
_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
# what an anchor made of a heading leaves out
_NO_ANCHOR = re.compile(r"[^\w\- ]")
_TERRAFORM = re.compile(r"(?:^|/)website/docs/(?P<kind>[rd])/(?P<name>\w+)\.html\.markdown$")
# members that name an entry of the catalog
_NAMING = ("id", "code", "spelling", "type", "name", "version")
_KINDS = {"r": "resources", "d": "data-sources"}


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below an anchor, up to the next one."""

    anchor: str
    #: of its heading, from 1
    line: int
    #: number of each line that is not blank, and its short digest
    lines: tuple[tuple[int, str], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page, as it is published."""

    topic: str
    path: Path
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """A difference between the pages and what was recorded of them."""

    #: where it is: a file and a line, or the folder
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(slots=True)
class Citations:
    """What in the catalog rests on which document and anchor."""

    entries: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, document: str, anchor: str, entry: str) -> None:
        """One more entry that cites the place."""
        names = self.entries.setdefault((document, anchor), [])
        if entry not in names:
            names.append(entry)

    def of(self, document: str, anchor: str) -> list[str]:
        """The entries that rest on a section: those that cite it, and those that cite the page as a whole."""
        direct = self.entries.get((document, anchor), [])
        return list(dict.fromkeys([*direct, *self.entries.get((document, ""), [])]))

    def of_page(self, document: str) -> list[str]:
        """Every entry that rests on the page."""
        names: dict[str, None] = {}
        for (cited, _), entries in self.entries.items():
            if cited == document:
                names.update(dict.fromkeys(entries))
        return list(names)


def citations() -> Citations:
    """Every citation in the catalog."""
    cited = Citations()
    for path in sorted((data_root("schemas") / "catalog").rglob("*.json")):
        _collect(json.loads(path.read_bytes()), path.name, cited)
    return cited


def _collect(value: Any, name: str, into: Citations) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("document"), str):
            into.add(value["document"], str(value.get("anchor", "")), name)
        own = next((str(value[key]) for key in _NAMING if isinstance(value.get(key), str)), name)
        for member in value.values():
            _collect(member, own, into)
    elif isinstance(value, list):
        for element in value:
            _collect(element, name, into)


def topics() -> dict[str, str]:
    """Topic of each documentation page that the catalog cites -> the name of the document."""
    named: dict[str, str] = {}
    for name, document in catalog.documents.items():
        url = urlsplit(document.url)
        if url.hostname == "cloud.ibm.com" and url.path.startswith("/docs/"):
            for topic in parse_qs(url.query).get("topic", []):
                named[topic] = name
        elif url.hostname == "registry.terraform.io" and "/docs/" in url.path:
            named["terraform-" + url.path.rpartition("/docs/")[2]] = name
    return named


def read(folder: Path) -> dict[str, Page]:
    """The pages in a folder, by topic; files that are no pages are passed over."""
    pages: dict[str, Page] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in PAGES and path.is_file() and ".git" not in path.parts:
            page = read_page(path, path.read_text(encoding="utf-8", errors="replace"))
            if page is not None:
                pages.setdefault(page.topic, page)
    return pages


def read_page(path: Path, text: str) -> Page | None:
    """A page in its sections; None where its topic is not said."""
    front = _FRONT_MATTER.match(text)
    terraform = _TERRAFORM.search(path.as_posix())
    # its headings have no anchors of their own
    sections = tuple(_sections(text, front.end() if front else 0, terraform is not None))
    if terraform:
        return Page(f"terraform-{_KINDS[terraform['kind']]}/{terraform['name']}", path, sections)
    collection = _SUBCOLLECTION.search(front[0]) if front else None
    first = next((section for section in sections if section.anchor), None)
    return Page(f"{collection[1]}-{first.anchor}", path, sections) if collection and first else None


def _sections(text: str, begin: int, by_title: bool) -> Iterator[Section]:
    number = text.count("\n", 0, begin)
    lines = text[begin:].split("\n")
    anchor, line, held = "", number + 1, list[tuple[int, str]]()
    fence = ""
    for index, raw in enumerate(lines):
        mark = _FENCE.match(raw)
        if mark and not fence:
            fence = mark["fence"]
        elif mark and mark["fence"].startswith(fence) and not mark["info"].strip():
            fence = ""
        heading = None if fence else _HEADING.match(raw)
        named = _anchor(heading["title"], lines[index + 1 : index + 2]) if heading else None
        if heading and by_title:
            named = _NO_ANCHOR.sub("", heading["title"]).strip().lower().replace(" ", "-")
        if named is not None:
            yield _section(anchor, line, held)
            anchor, line, held = named, number + index + 1, []
        flat = " ".join(raw.split())
        if flat:
            held.append((number + index + 1, flat))
    yield _section(anchor, line, held)


def _anchor(title: str, following: list[str]) -> str | None:
    """The anchor of a heading, in it or in the line after it."""
    for text in (title, *following):
        attributes = _ANCHOR.search(text)
        if attributes and (text == title or text.lstrip().startswith("{:")):
            return attributes["anchor"]
    return None


def _section(anchor: str, line: int, lines: list[tuple[int, str]]) -> Section:
    digests = tuple((number, sha256(text.encode()).hexdigest()[:LINE_DIGITS]) for number, text in lines)
    whole = sha256("\n".join(text for _, text in lines).encode()).hexdigest()[:SECTION_DIGITS]
    return Section(anchor, line, digests, whole)


# the record


def recorded(pages: Mapping[str, Page]) -> dict[str, Any]:
    """What is kept of the pages that the catalog cites."""
    state: dict[str, Any] = {}
    for topic in sorted(topics()):
        if topic in pages:
            state[topic] = {section.anchor: _digests(section) for section in pages[topic].sections if section.lines}
    return {"pages": state}


def _digests(section: Section) -> dict[str, str]:
    lines = "".join(digest for _, digest in section.lines)
    return {"digest": section.digest, "lines": lines}


def write(pages: Mapping[str, Page], path: Path) -> list[str]:
    """Records the pages; what was recorded of pages that are not there stays. The topics that were recorded."""
    state = json.loads(path.read_bytes()) if path.exists() else {"pages": {}}
    now = recorded(pages)["pages"]
    state["pages"] = dict(sorted({**state["pages"], **now}.items()))
    path.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
    return sorted(now)


# the comparison


def drifts(folder: Path, pages: Mapping[str, Page], state: Mapping[str, Any]) -> Iterator[Drift]:
    """What is not as it was recorded, and what rests on it."""
    cited = citations()
    for topic, document in sorted(topics().items()):
        record = state["pages"].get(topic)
        page = pages.get(topic)
        if record is None:
            continue
        if page is None:
            resting = _resting(cited.of_page(document))
            yield Drift(str(folder), f"no page has the topic {topic} [documents.json {document}]; {resting}")
        else:
            yield from _of_page(page, record, document, cited)


def _of_page(page: Page, record: Mapping[str, Any], document: str, cited: Citations) -> Iterator[Drift]:
    named = {section.anchor: section for section in page.sections if section.lines}
    for anchor, section in named.items():
        resting = f"[documents.json {document}]; {_resting(cited.of(document, anchor))}"
        place = f"{page.path}:{section.line}"
        if anchor not in record:
            yield Drift(place, f"section #{anchor} was added to {page.topic} {resting}")
        elif record[anchor]["digest"] != section.digest:
            changed = _changed_lines(section, record[anchor]["lines"])
            yield Drift(place, f"section #{anchor} of {page.topic} changed{changed} {resting}")
    for anchor in record:
        if anchor not in named:
            resting = f"[documents.json {document}]; {_resting(cited.of(document, anchor))}"
            yield Drift(f"{page.path}:1", f"section #{anchor} of {page.topic} is gone {resting}")


def _changed_lines(section: Section, recorded_lines: str) -> str:
    """Which lines are new or other ones, and how many are gone."""
    before = [recorded_lines[at : at + LINE_DIGITS] for at in range(0, len(recorded_lines), LINE_DIGITS)]
    rest = list(before)
    new: list[int] = []
    for number, digest in section.lines:
        if digest in rest:
            rest.remove(digest)
        else:
            new.append(number)
    parts = [f"{_numbers(new)} new"] if new else []
    if rest:
        parts.append(f"{len(rest)} of its lines {'is' if len(rest) == 1 else 'are'} gone")
    return f" ({' and '.join(parts)})" if parts else " (in the order of its lines)"


def _numbers(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:NAMED])) + (" ..." if len(lines) > NAMED else "")
    return f"line {shown} is" if len(lines) == 1 else f"lines {shown} are"


def _resting(entries: Iterable[str]) -> str:
    names = list(entries)
    if not names:
        return "nothing in the catalog rests on it"
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"on it rest {', '.join(names[:NAMED])}{more}"
