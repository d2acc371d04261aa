"""From the text of a script to its commands, by tree-sitter's grammar of bash."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from vpc_backup_events.authoring.shell.pieces import Cutter
from vpc_backup_events.authoring.shell.words import Lines, Reader, Word, child_of
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# nothing else is looked at; a page is read for a few commands
_PROGRAMS = ("ibmcloud", "curl")
_WORTH = re.compile(rb"ibmcloud|curl[ \t\\]|<<")
# programs that run the command after them
_WRAPPERS = frozenset(
    (
        "sudo",
        "doas",
        "env",
        "exec",
        "command",
        "builtin",
        "nohup",
        "time",
        "nice",
        "ionice",
        "timeout",
        "stdbuf",
        "xargs",
    )
)
_KEYWORDS = frozenset(("if", "then", "else", "elif", "while", "until", "do", "!", "{", "(", "time", "coproc", "$"))
_CLOSING = frozenset(("}", ")", "done", "fi"))
# words of a command that are read; a shell takes no longer command either
_MOST_WORDS = 4096

# as long as what they stand for, so that places stay what they are
_PROMPT = re.compile(rb"^([ \t]*)\$(?=[ \t]+\w)", re.MULTILINE)
_ANGLES = re.compile(rb"(?<![<>&\d])<[A-Za-z][\w .,'/-]{0,80}>(?!\()")
_BRACES = re.compile(rb"\{\{[^{}\n]{0,80}\}\}|(?<![$\w])\{[A-Za-z_][\w-]{0,80}\}")
_NO_WORD = re.compile(rb"[^\w\n]")
# a backslash before the line end of Windows is meant to continue the line
_CONTINUED = re.compile(rb"\\\r\n")
_LINE_END = re.compile(rb"\r\n")


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a program that is looked at."""

    #: name of the program, without the folders before it
    program: str
    #: what follows the name
    words: tuple[Word, ...]
    #: on which it begins
    line: int
    #: place of its first character in the script, in bytes
    place: int
    #: what it reads, where that stands in the script
    input: Word | None
    #: lines that end without the backslash that they need
    broken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """What a script holds of interest."""

    #: in the order in which they begin
    commands: tuple[Command, ...]
    #: here-documents that no such command reads
    documents: tuple[Word, ...]


def read(text: str) -> Script:
    """The commands of `ibmcloud` and `curl` in a script, and its here-documents, in time that grows with its length.

    What is no script of a shell has none. Raises `UsageError` where tree-sitter is not installed.
    """
    data = text.encode("utf-8", "replace")
    if not _WORTH.search(data):
        return Script((), ())
    parser = _parser()
    legible = _legible(data)
    cutter = Cutter(legible)
    pieces = list(cutter.pieces())
    prepared = bytearray(legible)
    for place in cutter.literal:
        prepared[place] = ord("_")
    for place in cutter.broken:
        prepared[place] = ord(" ")
    broken = sorted(cutter.broken)
    lines = Lines(data)
    commands: list[Command] = []
    documents: list[Word] = []
    for begin, end in pieces:
        if _WORTH.search(legible, begin, end):
            within = broken[bisect_left(broken, begin) : bisect_left(broken, end)]
            piece = _Piece(Reader(data, lines, begin), tuple(map(lines.of, within)))
            piece.walk(parser.parse(bytes(prepared[begin:end])).root_node)
            commands += piece.commands
            documents += piece.documents
    read_by_commands: set[str] = set()
    for command in commands:
        read_by_commands.update(word.text for word in command.words)
    documents = [document for document in documents if document.text not in read_by_commands]
    return Script(tuple(sorted(commands, key=lambda command: command.place)), tuple(documents))


@cache
def _parser() -> Parser:
    try:
        import tree_sitter
        import tree_sitter_bash
    except ImportError as error:
        raise UsageError(
            f"Shell scripts need tree-sitter with its grammar of bash: {error}.",
            install("shell"),
        ) from None
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


def _legible(data: bytes) -> bytes:
    """The script with prompts, placeholders and line ends in a form that the grammar reads, each as long as it was."""
    data = _CONTINUED.sub(rb" \\\n", data)
    data = _LINE_END.sub(b" \n", data)
    data = _PROMPT.sub(rb"\1 ", data)
    for placeholder in (_ANGLES, _BRACES):
        data = placeholder.sub(lambda match: _NO_WORD.sub(b"_", match[0]), data)
    return data


class _Piece:
    """What one parsed piece holds."""

    def __init__(self, reader: Reader, broken: tuple[int, ...]) -> None:
        self.commands: list[Command] = []
        self.documents: list[Word] = []
        self._reader = reader
        self._broken = broken
        # id of the node of a command -> what it reads
        self._inputs: dict[int, Word] = {}
        # id of the node of a command -> words of it that the grammar counts to a redirection
        self._more: defaultdict[int, list[Node]] = defaultdict(list)

    def walk(self, root: Node) -> None:
        """Takes in the commands below a node, from left to right, without recursion."""
        rest = [root]
        while rest:
            node = rest.pop()
            if node.type == "redirected_statement":
                self._redirected(node)
            elif node.type == "pipeline":
                self._piped(node)
            elif node.type == "command":
                self._take(node)
            rest.extend(reversed(node.children))

    def _redirected(self, statement: Node) -> None:
        body = statement.child_by_field_name("body")
        command = _last_command(body)
        for redirect in statement.children:
            if redirect.type == "heredoc_redirect":
                self._document(statement, command, redirect)
            elif redirect.type == "herestring_redirect" and command is not None:
                self._inputs[command.id] = self._reader.word(redirect.children[-1])
            elif redirect.type == "file_redirect" and command is not None:
                # the first word is the file
                self._more[command.id] += _words(redirect)[1:]

    def _document(self, statement: Node, command: Node | None, redirect: Node) -> None:
        document = self._reader.document(redirect)
        if document is None:
            return
        if command is not None:
            self._more[command.id] += _words(redirect)
        pipeline = child_of(redirect, "pipeline")
        reader: Node | None = command
        if pipeline is not None and self._reader.printed(statement):
            reader = _first_command(pipeline)
        if reader is not None and self._name(reader) in _PROGRAMS:
            self._inputs[reader.id] = document
        else:
            self.documents.append(document)

    def _piped(self, pipeline: Node) -> None:
        """`echo TEXT | program` gives the program the text."""
        steps = [child for child in pipeline.children if child.is_named]
        for step, following in pairwise(steps):
            if step.type != "command" or self._name(step) not in ("echo", "printf"):
                continue
            words = [self._reader.word(node) for node in step.children_by_field_name("argument")]
            reader = _first_command(following)
            if reader is not None and len(words) == 1:
                self._inputs[reader.id] = words[0]

    def _name(self, command: Node) -> str:
        name = command.child_by_field_name("name")
        return _base(self._reader.source(name)) if name is not None else ""

    def _take(self, command: Node) -> None:
        nodes: list[Node] = []
        for child in command.children:
            if child.type == "command_name" or child.type in _WORDS:
                nodes.append(child)
            elif child.type == "herestring_redirect":
                self._inputs[command.id] = self._reader.word(child.children[-1])
            elif child.type == "ERROR" and self._reader.source(child) == ")":
                # the label of a case ends here
                nodes.clear()
        nodes = (nodes + self._more[command.id])[:_MOST_WORDS]
        if not self._may_run(nodes):
            return
        words = [self._reader.word(_inner(node)) for node in nodes]
        while words and words[-1].text in _CLOSING:
            words.pop()
        for index, word in enumerate(words):
            program = word.text.rpartition("/")[2]
            if program in _PROGRAMS:
                rest = tuple(words[index + 1 :])
                place, input = self._reader.place(nodes[index]), self._inputs.get(command.id)
                self.commands.append(Command(program, rest, word.line, place, input, self._broken))
                return

    def _may_run(self, nodes: list[Node]) -> bool:
        """Whether the command is of a program that is looked at, or runs one."""
        for node in nodes:
            text = self._reader.source(node)
            name = _base(text)
            if name in _PROGRAMS:
                return True
            if name in _WRAPPERS:
                return any(self._reader.source(other).strip("'\"").endswith(_PROGRAMS) for other in nodes)
            is_label = text.endswith(")")
            if text not in _KEYWORDS and not is_label and not _ASSIGNMENT.match(text):
                return False
        return False


_ASSIGNMENT = re.compile(r"\w+=")
_WORDS: frozenset[str] = frozenset(
    (
        "word", "number", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation",
        "simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion",
        "brace_expression", "regex", "test_operator", "special_variable_name",
    )
)  # fmt: skip


def _words(redirect: Node) -> list[Node]:
    return [child for child in redirect.children if child.type in _WORDS]


def _base(program: str) -> str:
    """The name of a program, without quotes and the folders before it."""
    return program.strip("'\"").rpartition("/")[2]


def _inner(node: Node) -> Node:
    """The word in the name of a command."""
    return node.children[0] if node.type == "command_name" and node.children else node


def _last_command(node: Node | None) -> Node | None:
    """The command that a redirection at the end of a statement is of."""
    while node is not None and node.type != "command":
        named = [child for child in node.children if child.is_named]
        node = named[-1] if named and node.type in ("pipeline", "list", "negated_command") else None
    return node


def _first_command(node: Node | None) -> Node | None:
    while node is not None and node.type != "command":
        if node.type == "redirected_statement":
            node = node.child_by_field_name("body")
        else:
            node = next((child for child in node.children if child.is_named), None)
    return node
