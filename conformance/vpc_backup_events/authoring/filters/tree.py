"""A filter as a tree: read once, changed, and printed again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | None"

_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*")
# what a comparison is called when its sides change places
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the event."""

    #: names of the members that lead to it, as far as they are names
    names: tuple[str, ...]
    #: whether that is the whole path
    whole: bool
    #: as it is written
    text: str
    #: index of its $ in the expression
    position: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether dots say all of it."""
        return self.whole and all(map(_PLAIN_NAME.fullmatch, self.names))

    def __str__(self) -> str:
        return dotted(self.names) if self.is_plain else self.text


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written in the filter."""

    value: Value

    def __str__(self) -> str:
        return quoted(self.value) if isinstance(self.value, str) else json.dumps(self.value)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and the sign between them."""

    left: Path | Literal
    operator: str
    right: Path | Literal

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    @property
    def forward(self) -> Comparison:
        """The same with its path on the left."""
        if isinstance(self.left, Literal) and isinstance(self.right, Path):
            return Comparison(self.right, _MIRRORED.get(self.operator, self.operator), self.left)
        return self


@dataclass(frozen=True, slots=True)
class Presence:
    """A path that stands alone: true where it selects something."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Negation:
    """`not( )` around a node."""

    inner: Node

    def __str__(self) -> str:
        return f"not({self.inner})"


@dataclass(frozen=True, slots=True)
class Junction:
    """Nodes with one sign between them."""

    #: `&&` or `||`
    operator: str
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return f" {self.operator} ".join(
            f"({part})" if isinstance(part, Junction) else str(part) for part in self.parts
        )


Leaf: TypeAlias = Comparison | Presence
Node: TypeAlias = Leaf | Negation | Junction


@dataclass(frozen=True, slots=True)
class Condition:
    """One path of a filter, and what it is compared with."""

    #: names of the members that lead to it, as far as they are names
    names: tuple[str, ...]
    #: whether that is the whole path
    whole: bool
    #: ==, !=, <, <=, >, >=, =~ with the path on its left, or empty where the path stands alone
    operator: str
    #: what it is compared with, None for nothing, null or another path
    value: Value
    #: whether it stands in an odd number of not( )
    negated: bool
    #: index of its $ in the expression
    position: int

    @property
    def path(self) -> str:
        """The path, as far as it is made of names."""
        return dotted(self.names)


def dotted(names: tuple[str, ...]) -> str:
    """Names as a path from the event."""
    return ".".join(("$", *names))


def quoted(text: str) -> str:
    """A text as a filter has it; a single quote among double ones stands in brackets, as in a regular expression."""
    return "'" + text.replace("'", "[']") + "'" if '"' in text else f'"{text}"'


def joined(operator: str, parts: Iterable[Node]) -> Node:
    """The parts with this sign between them, flat."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Junction) and part.operator == operator else [part]
    return flat[0] if len(flat) == 1 else Junction(operator, tuple(flat))


def both(*parts: Node) -> Node:
    """All of the parts."""
    return joined("&&", parts)


def leaves(node: Node, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Comparisons and paths from left to right, each with whether it stands in an odd number of `not( )`."""
    if isinstance(node, Negation):
        yield from leaves(node.inner, not negated)
    elif isinstance(node, Junction):
        for part in node.parts:
            yield from leaves(part, negated)
    else:
        yield node, negated


def conditions(node: Node) -> Iterator[Condition]:
    """The conditions of a tree, from left to right."""
    for leaf, negated in leaves(node):
        yield from conditions_of(leaf, negated)


def conditions_of(leaf: Leaf, negated: bool = False) -> Iterator[Condition]:
    """The conditions of one leaf: one, or two where two paths are compared."""
    if isinstance(leaf, Presence):
        yield _condition(leaf.path, "", None, negated)
        return
    forward = leaf.forward
    for side, other in ((forward.left, forward.right), (forward.right, forward.left)):
        if isinstance(side, Path):
            value = other.value if isinstance(other, Literal) else None
            yield _condition(side, forward.operator, value, negated)


def _condition(path: Path, operator: str, value: Value, negated: bool) -> Condition:
    return Condition(path.names, path.whole, operator, value, negated, path.position)


def changed(node: Node, change: Callable[[Leaf, bool], Node | None], negated: bool = False) -> Node:
    """The tree with other leaves, where `change` gives one; it is told whether the leaf is negated."""
    if isinstance(node, Negation):
        return replace(node, inner=changed(node.inner, change, not negated))
    if isinstance(node, Junction):
        return joined(node.operator, [changed(part, change, negated) for part in node.parts])
    other = change(node, negated)
    return node if other is None else other


def path_to(*names: str) -> Path:
    """The path to a member of the event."""
    return Path(names, True, dotted(names))
