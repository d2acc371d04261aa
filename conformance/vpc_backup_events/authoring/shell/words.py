"""Words of a command as the shell reads them; what only the shell knows stands as `${...}`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

#: stands for a command whose output is not known
OUTPUT = "${output}"
_NAME = re.compile(r"\w+")
# what fills itself in when the command runs
_FILLED = frozenset(
    {"simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion"}
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r"\\([$`\"\\\n])")
_ESCAPED_IN_DOCUMENT = re.compile(r"\\([$`\\\n])")
_ANSI_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|([0-7]{1,3})|(.))", re.DOTALL)
_ANSI_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, without its quotes."""

    #: its text, with `${name}` for what is filled in when the command runs
    text: str
    #: on which it begins
    line: int
    #: nothing in it is filled in when the command runs
    is_known: bool = True
    #: it may become no word, or several: `$OPTIONS`, `"${args[@]}"`
    is_many: bool = False
    #: as it is written
    source: str = ""

    def line_of(self, part: str) -> int:
        """The line on which a text in it stands, that of the word where it does not."""
        return self.line + self.text.count("\n", 0, max(self.text.find(part), 0))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a word."""

    text: str
    is_filled: bool = False
    #: elements of a list, each a word of its own
    is_list: bool = False
    #: the here-document that a substitution prints
    printed: Word | None = None


class Lines:
    """Where the lines of a script end."""

    def __init__(self, data: bytes) -> None:
        self._ends = [match.start() for match in re.finditer(rb"\n", data)]

    def of(self, place: int) -> int:
        """The line of a place in the script, from 1."""
        return bisect_left(self._ends, place) + 1


class Reader:
    """Words of the nodes of one parsed piece."""

    def __init__(self, data: bytes, lines: Lines, offset: int) -> None:
        self._data = data
        self._lines = lines
        # of the piece in the script
        self._offset = offset

    def word(self, node: Node) -> Word:
        """The word that a node is."""
        parts = [part for part in self._parts(node) if part.text]
        alone = parts[0] if len(parts) == 1 else None
        if alone is not None and alone.printed is not None:
            return alone.printed
        is_many = alone is not None and alone.is_filled and (node.type in _FILLED or alone.is_list)
        return Word(
            "".join(part.text for part in parts),
            self.line(node),
            not any(part.is_filled for part in parts),
            is_many,
            self.source(node),
        )

    def document(self, redirect: Node) -> Word | None:
        """The text of a here-document."""
        body, start = child_of(redirect, "heredoc_body"), child_of(redirect, "heredoc_start")
        if body is None:
            return None
        line = self.line(body)
        if start is not None and set(self.source(start)) & set("'\"\\"):
            return Word(self.source(body), line)
        parts = list(self._between(body, _ESCAPED_IN_DOCUMENT))
        return Word("".join(part.text for part in parts), line, not any(part.is_filled for part in parts))

    def printed(self, statement: Node) -> Word | None:
        """The here-document that the statement prints, where it is `cat` and nothing else."""
        command = statement.child_by_field_name("body") if statement.type == "redirected_statement" else None
        if command is None or command.type != "command" or self.source(command).strip() not in ("cat", "cat -"):
            return None
        redirect = child_of(statement, "heredoc_redirect")
        return self.document(redirect) if redirect is not None else None

    def line(self, node: Node) -> int:
        """The line on which a node begins."""
        return self._lines.of(self.place(node))

    def place(self, node: Node) -> int:
        """Where a node begins in the script, in bytes."""
        return self._offset + node.start_byte

    def source(self, node: Node) -> str:
        """The node as it is written."""
        return self._text(node.start_byte, node.end_byte)

    def _text(self, begin: int, end: int) -> str:
        return self._data[self._offset + begin : self._offset + end].decode("utf-8", "replace")

    def _parts(self, node: Node) -> Iterator[_Part]:
        kind = node.type
        if kind in _FILLED:
            yield self._filled(node)
        elif kind == "raw_string":
            yield _Part(self.source(node)[1:-1])
        elif kind == "ansi_c_string":
            yield _Part(_ANSI_ESCAPE.sub(_ansi, self.source(node)[2:-1]))
        elif kind in ("string", "translated_string"):
            yield from self._between(node, _ESCAPED_IN_QUOTES)
        elif kind == "concatenation":
            at = node.start_byte
            for child in node.children:
                # a brace that stands for itself is a gap between the parts
                yield _Part(self._text(at, child.start_byte))
                yield from self._parts(child)
                at = child.end_byte
        else:
            yield _Part(_ESCAPED.sub(_plain, self.source(node)))

    def _between(self, node: Node, escaped: re.Pattern[str]) -> Iterator[_Part]:
        """Texts and what is filled in, of a text in double quotes or a here-document."""
        begin, end = node.start_byte, node.end_byte
        if node.type != "heredoc_body":
            begin += self.source(node).index('"') + 1
            end -= 1
        for child in node.children:
            if child.type in _FILLED:
                yield _Part(escaped.sub(_plain, self._text(begin, child.start_byte)))
                yield self._filled(child)
                begin = child.end_byte
        yield _Part(escaped.sub(_plain, self._text(begin, end)))

    def _filled(self, node: Node) -> _Part:
        if node.type == "command_substitution":
            statements = [child for child in node.children if child.is_named]
            document = self.printed(statements[0]) if len(statements) == 1 else None
            return _Part(document.text if document else OUTPUT, not document or not document.is_known, False, document)
        if node.type in ("process_substitution", "arithmetic_expansion"):
            return _Part(OUTPUT, True)
        source = self.source(node)
        name = _NAME.search(source)
        is_list = source.strip("${}") == "@" or "[@]" in source or "[*]" in source
        return _Part(f"${{{name[0] if name else 'value'}}}", True, is_list)


def child_of(node: Node, type: str) -> Node | None:
    """The first child of a type; None where there is none."""
    return next((child for child in node.children if child.type == type), None)


def _plain(escape: re.Match[str]) -> str:
    return "" if escape[1] == "\n" else escape[1]


def _ansi(escape: re.Match[str]) -> str:
    code, unicode, octal, sign = escape.groups()
    if code or unicode:
        return chr(int(code or unicode, 16))
    if octal:
        return chr(int(octal, 8))
    return _ANSI_SIGNS.get(sign, sign)
