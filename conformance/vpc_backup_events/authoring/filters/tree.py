"""A filter as a tree: read once, changed, and printed again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | None"

_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*")
# what a comparison is called when its sides change places
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the event; where it stands alone, it is true where it selects something."""

    #: names of the members that lead to it, as far as they are names
    names: tuple[str, ...]
    #: whether that is the whole path
    whole: bool
    #: as it is written
    text: str
    #: index of its $ in the expression
    position: int = 0

    def __str__(self) -> str:
        is_plain = self.whole and all(map(_PLAIN_NAME.fullmatch, self.names))
        return dotted(self.names) if is_plain else self.text

    @property
    def forward(self) -> Path:
        """The same, as no side of it can change its place."""
        return self


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, each a path or a value, and the sign between them."""

    left: Path | Value
    operator: str
    right: Path | Value

    def __str__(self) -> str:
        return f"{_written(self.left)} {self.operator} {_written(self.right)}"

    @property
    def forward(self) -> Comparison:
        """The same with its path on the left."""
        if isinstance(self.right, Path) and not isinstance(self.left, Path):
            return Comparison(self.right, _MIRRORED.get(self.operator, self.operator), self.left)
        return self


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


Leaf: TypeAlias = Comparison | Path
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


def path_to(*names: str) -> Path:
    """The path to a member of the event."""
    return Path(names, True, dotted(names))


def _written(side: Path | Value) -> str:
    """A side as a filter has it; a single quote among double ones stands in brackets, as in a regular expression."""
    if isinstance(side, Path):
        return str(side)
    if not isinstance(side, str):
        return json.dumps(side)
    return "'" + side.replace("'", "[']") + "'" if '"' in side else f'"{side}"'


def joined(operator: str, parts: Iterable[Node]) -> Node:
    """The parts with this sign between them, flat."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Junction) and part.operator == operator else [part]
    return flat[0] if len(flat) == 1 else Junction(operator, tuple(flat))


def leaves(node: Node, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Comparisons and paths from left to right, each with whether it stands in an odd number of `not( )`."""
    if isinstance(node, Negation):
        yield from leaves(node.inner, not negated)
    elif isinstance(node, Junction):
        for part in node.parts:
            yield from leaves(part, negated)
    else:
        yield node, negated


def conditions_of(leaf: Leaf, negated: bool = False) -> Iterator[Condition]:
    """The conditions of one leaf: one, or two where two paths are compared."""
    if isinstance(leaf, Path):
        yield Condition(leaf.names, leaf.whole, "", None, negated, leaf.position)
        return
    forward = leaf.forward
    for side, other in ((forward.left, forward.right), (forward.right, forward.left)):
        if isinstance(side, Path):
            value = None if isinstance(other, Path) else other
            yield Condition(side.names, side.whole, forward.operator, value, negated, side.position)


def changed(node: Node, change: Callable[[Leaf], Node | None]) -> Node:
    """The tree with other leaves, where `change` gives one."""
    if isinstance(node, Negation):
        return Negation(changed(node.inner, change))
    if isinstance(node, Junction):
        return joined(node.operator, [changed(part, change) for part in node.parts])
    other = change(node)
    return node if other is None else other
