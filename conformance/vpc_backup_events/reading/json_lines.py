"""On which line each value of a JSON text begins."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

__all__ = ["line_at", "lines"]

Path = tuple[str | int, ...]

# a string that is not closed ends with the text, so that no quotation mark is looked at twice
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[{}\[\],:\n]|[^\s"{}\[\],:]+', re.DOTALL)


def lines(text: str, deepest: int = 32) -> Mapping[Path, int]:
    """Path -> line of each member and element of a text that is JSON, from 1; what is nested deeper is left out.

    A member's line is that of its name. Of a text that is no JSON, there are the lines of what reads as members.
    """
    return _Scan(deepest).lines(text)


def line_at(pointer: str, lines: Mapping[Path, int]) -> int:
    """The line that a finding's pointer leads to: of the value, or of the innermost one around it that is there.

    A place inside JSON that stands in a string, behind `#`, is on the line where the string begins.
    """
    path: Path = ()
    for part in pointer.partition("#")[0].split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        steps: list[Path] = [(*path, name)]
        if name.isdecimal() and name.isascii():
            steps.append((*path, int(name)))
        step = next((step for step in steps if step in lines), None)
        if step is None:
            break
        path = step
    return lines[path]


class _Scan:
    """One pass over the tokens of a text."""

    def __init__(self, deepest: int) -> None:
        self._deepest = deepest
        self._at: dict[Path, int] = {(): 1}
        # of the objects and arrays that are open: the member or the index that is read
        self._path: list[str | int] = []
        self._depth = 0
        self._expects_name: list[bool] = []

    def lines(self, text: str) -> Mapping[Path, int]:
        line = 1
        for match in _TOKEN.finditer(text):
            symbol = match[0]
            if symbol == "\n":
                line += 1
            elif self._depth > self._deepest or symbol in "]}":
                self._skip(symbol)
            elif symbol in "{[":
                self._open(symbol, line)
            elif symbol == ",":
                self._next(line)
            elif symbol[0] == '"' and self._expects_name and self._expects_name[-1]:
                self._name(symbol, line)
            else:
                self._element(line)
            if symbol[0] == '"':
                # JSON forbids them in a string, and the documentation has them
                line += symbol.count("\n")
        return self._at

    def _skip(self, symbol: str) -> None:
        if symbol in "{[":
            self._depth += 1
        elif symbol in "}]" and self._depth:
            self._depth -= 1
            if self._depth < len(self._path):
                self._path.pop()
                self._expects_name.pop()

    def _open(self, symbol: str, line: int) -> None:
        self._element(line)
        self._depth += 1
        if self._depth <= self._deepest:
            self._path.append("" if symbol == "{" else 0)
            self._expects_name.append(symbol == "{")

    def _next(self, line: int) -> None:
        if not self._path:
            return
        step = self._path[-1]
        if isinstance(step, int):
            self._path[-1] = step + 1
        else:
            self._expects_name[-1] = True

    def _name(self, symbol: str, line: int) -> None:
        try:
            name = json.loads(symbol, strict=False)
        except ValueError:
            name = symbol.strip('"')
        self._path[-1] = name
        self._expects_name[-1] = False
        self._at[tuple(self._path)] = line

    def _element(self, line: int) -> None:
        if self._path and isinstance(self._path[-1], int):
            self._at.setdefault(tuple(self._path), line)
