"""A published page of the documentation as a tree of its parts: groups of events, links, names, examples."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import hcl2
from lark.exceptions import LarkError
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.reading.tolerant import details_value, event_value
from vpc_backup_events.values.json_text import NotJsonError

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


def read_page(text: str) -> Part:
    """What a page holds. Raises `NoEventsError`."""
    markdown = MarkdownIt("commonmark").enable("table").disable("lheading")
    # what stands before the first anchor has none
    anchor, lines, contents = "", {"": 1}, {"": list[Part]()}
    groups: list[Part] = []
    table = 0
    heading = None
    for block in SyntaxTreeNode(markdown.parse(text)).children:
        if block.type == "heading":
            heading = block
        # in the heading, or at the start of the paragraph below it
        attributes = ANCHOR.search(_raw(block)) if block.type == "heading" else heading and ANCHOR.match(_raw(block))
        if attributes and heading:
            anchor = attributes[1]
            lines.setdefault(anchor, _line(heading))
            contents.setdefault(anchor, [])
        if block.type != "heading":
            heading = None
        rows = [row for row in block.walk() if row.type == "tr"] if block.type == "table" else []
        if _is_of_events(rows):
            table = table or _line(block)
            groups += (_group(row) for row in rows[1:] if not _raw(row).startswith("{:"))
        else:
            contents[anchor] += _contents([block])
    if not groups:
        raise NoEventsError("no table of events: none has an event group with its reason codes in the first column")
    sections = [
        Part("section", name, children=tuple(dict.fromkeys(parts)), line=lines[name])
        for name, parts in contents.items()
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
    return any(_codes(row) and _has_code(row.children[0]) for row in rows)


def _has_code(cell: SyntaxTreeNode) -> bool:
    return any(node.type == "code_inline" for node in cell.walk())


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
    parts: list[Part] = []
    for sentence in re.split(r"\n\s*\n|(?<=\.)\s", prose):
        label, _, rest = _flat(sentence).removesuffix(".").partition(":")
        if sentence.strip():
            parts.append(Part("text", label, rest.strip()))
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
