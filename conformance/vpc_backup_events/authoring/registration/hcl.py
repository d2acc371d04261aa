"""Terraform's own syntax, read with tree-sitter: every line is that of the tree."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from vpc_backup_events.authoring.registration.configuration import MODULE, Block, Setting, Template, Unknown
from vpc_backup_events.authoring.registration.provider import resources
from vpc_backup_events.authoring.registration.registrations import is_about_backup
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = ["read"]

# a list with more elements than this, or nested deeper, is no argument that a person wrote, and its value is left open
_MOST_ELEMENTS = 10_000
_DEEPEST = 64
_LONGEST_TEXT = 1 << 16
# what Terraform takes is read at more than a megabyte a second; looking for the sense of what it does not take
# can take quadratic time, and ends after so many seconds
_LONGEST_PARSE = 3.0
_STEPS = 32
# bytes that the parser gets at once; the text of each node is read by it again
_CHUNK = 1 << 9

# the beginning of a resource, or of a module
_DECLARED = re.compile(r'\bresource[ \t]*+"?+[ \t]*+(?P<type>ibm_\w+)|^[ \t]*+(?P<module>module)\b', re.MULTILINE)
# blocks of Terraform itself, which every resource may have
_DYNAMIC = "dynamic"
_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
# a number such as 1e5, whose exponent the grammar takes only after a fraction
_EXPONENT = re.compile(rb"(?<=[=\[,(:?+*/<> -])([0-9]+)(?=[eE][+-]?[0-9])")
# what is missing, in words
_MISSING = {
    "quoted_template_end": "the closing quotation mark",
    "template_interpolation_end": "the closing brace of an interpolation",
    "heredoc_identifier": "the end of a here-document",
}


def read(text: str) -> Iterator[Block]:
    """The resources that the kit judges, and the modules.

    Raises `ValueError` where the configuration can't be read, with line and column.
    """
    declared = {match["type"] or match["module"] for match in _DECLARED.finditer(text)}
    if not (declared & resources().keys() or (MODULE in declared and is_about_backup(text))):
        return
    # Terraform takes an end of a here-document with blanks after it, the grammar does not
    source = "\n".join(line.rstrip() for line in text.split("\n")).encode("utf-8", "replace")
    end = time.thread_time() + _LONGEST_PARSE
    root = _parse(source, end)
    if root.has_error and _EXPONENT.search(source):
        root = _parse(_EXPONENT.sub(rb"\1.0", source), end)
    if root.has_error:
        _refuse(root)
    for block in _inside(root):
        words = _words(block) if block.type == "block" else []
        if words[:1] == ["resource"]:
            words = words[1:]
        if len(words) == 2 and (words[0] in resources() or words[0] == MODULE):
            yield _block(block, words[0], 0)


@cache
def _parser() -> Parser:
    try:
        import tree_sitter
        import tree_sitter_hcl
    except ImportError as error:
        raise UsageError(f"Terraform needs more: {error}.", install("terraform")) from None
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def _parse(source: bytes, end: float) -> Node:
    """The root of the tree; raises `ValueError` where the parser loses itself in what is no Terraform."""
    calls = count(1)

    def is_too_long(offset: int, has_error: bool) -> bool:
        # asking for the time takes longer than a step of the parser
        return next(calls) % _STEPS == 0 and time.thread_time() > end

    def chunk(offset: int, point: object) -> bytes:
        return source[offset : offset + _CHUNK]

    try:
        tree = _parser().parse(chunk, progress_callback=is_too_long)
    except ValueError:
        tree = None
    if tree is None:
        # the next file begins anew
        _parser().reset()
        raise ValueError("what stands there fits together nowhere, and reading on would take too long")
    return tree.root_node


def _refuse(root: Node) -> None:
    """Raises `ValueError` for the first place that is no Terraform."""
    # a node, and the innermost one around it that begins before it; asking a node for its parent takes a deep stack
    nodes = [(root, root)]
    while nodes:
        node, around = nodes.pop()
        if node.is_missing:
            what = _MISSING.get(node.type, node.type)
            raise ValueError(f"{_place(around)}: {what} is missing in what begins here")
        if node.is_error:
            raise ValueError(f"{_place(node)}: {_shown(node)} is not understood")
        if node.has_error:
            children = [(child, node if node.start_byte < child.start_byte else around) for child in node.children]
            nodes += reversed(children)


def _place(node: Node) -> str:
    return f"line {node.start_point.row + 1}, column {node.start_point.column + 1}"


def _shown(node: Node) -> str:
    text = (node.text or b"")[:200].decode("utf-8", "replace").split("\n")[0]
    return repr(text[:40]) if text else "what stands there"


def _words(block: Node) -> list[str]:
    """The type and the labels of a block."""
    words = []
    for node in block.children:
        if node.type == "identifier":
            words.append(_text(node))
        elif node.type == "string_lit":
            words.append(str(_quoted(node)))
        else:
            break
    return words


def _block(node: Node, type: str, depth: int, is_dynamic: bool = False) -> Block:
    settings, blocks = [], []
    for child in _inside(node):
        if child.type == "attribute":
            name, value = child.children[0], child.children[-1]
            settings.append(Setting(_text(name), _expression(value, 0), name.start_point.row + 1))
        elif child.type == "block" and depth < _DEEPEST:
            blocks.append(_nested(child, depth + 1))
    return Block(type, node.start_point.row + 1, tuple(settings), tuple(blocks), is_dynamic)


def _inside(block: Node) -> Iterator[Node]:
    for child in block.children:
        if child.type == "body":
            yield from child.children


def _nested(node: Node, depth: int) -> Block:
    type, *labels = _words(node)
    if type != _DYNAMIC or len(labels) != 1:
        return _block(node, type, depth)
    for content in _inside(node):
        if content.type == "block" and _words(content) == ["content"]:
            return _block(content, labels[0], depth, is_dynamic=True)
    return Block(labels[0], node.start_point.row + 1, is_dynamic=True)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _expression(node: Node, depth: int) -> Any:
    """The value of an expression, as far as it is written out."""
    if depth > _DEEPEST:
        return Unknown()
    if node.child_count == 3 and node.children[0].type == "(":
        return _expression(node.children[1], depth + 1)
    if node.child_count != 1:
        return _unknown(node)
    inner = node.children[0]
    if inner.type in ("literal_value", "template_expr", "collection_value"):
        return _literal(inner.children[0], depth)
    return _negative(inner) if inner.type == "operation" else _unknown(node)


def _unknown(node: Node) -> Unknown:
    return Unknown(_text(node) if node.end_byte - node.start_byte < _LONGEST_TEXT else "")


def _literal(node: Node, depth: int) -> Any:
    match node.type:
        case "string_lit" | "quoted_template":
            return _quoted(node)
        case "heredoc_template":
            return _here_document(node)
        case "numeric_lit":
            return _number(_text(node))
        case "bool_lit":
            return _text(node) == "true"
        case "null_lit":
            return None
        case "tuple" | "object" if node.child_count > 2 * _MOST_ELEMENTS:
            return Unknown()
        case "tuple":
            return [_expression(child, depth + 1) for child in _expressions(node)]
        case "object":
            elements = [_expressions(child) for child in node.children if child.type == "object_elem"]
            return {_key(element[0]): _expression(element[-1], depth + 1) for element in elements}
    return _unknown(node)


def _expressions(node: Node) -> list[Node]:
    return [child for child in node.children if child.type == "expression"]


def _number(text: str) -> int | float:
    # more digits than this are read as a fraction is, in bounded time
    return int(text) if text.isdigit() and len(text) < 100 else float(text)


def _negative(operation: Node) -> Any:
    text = _text(operation) if operation.end_byte - operation.start_byte < 100 else ""
    try:
        return -_number(text.removeprefix("-").strip()) if text.startswith("-") else _unknown(operation)
    except ValueError:
        return _unknown(operation)


def _key(expression: Node) -> str:
    value = _expression(expression, 0)
    return value if isinstance(value, str) else _text(expression)


def _quoted(node: Node) -> Any:
    """A text in quotes; `Unknown` where it is one interpolation, `Template` where one is a part of it."""
    parts = [child for child in node.children if not child.type.startswith("quoted_template_")]
    if len(parts) != 1 or parts[0].type != "template_interpolation":
        return _template(parts, "".join(map(_part, parts)))
    expressions = _expressions(parts[0])
    return _unknown(expressions[0]) if expressions else Unknown()


def _here_document(node: Node) -> str:
    """The lines of a here-document, without the blanks that they begin with."""
    parts = [child for child in node.children if child.type not in ("heredoc_start", "heredoc_identifier")]
    return _template(parts, "".join(f"{_text(part)}\n" for part in parts))


def _template(parts: list[Node], text: str) -> str:
    return text if all(part.type == "template_literal" for part in parts) else Template(text)


def _part(node: Node) -> str:
    if node.type != "template_literal":
        return _text(node)
    return _ESCAPE.sub(_character, _text(node)).replace("$${", "${").replace("%%{", "%{")


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _LETTERS[match[1]]
    code = int(match[2] or match[3], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
