"""Terraform as JSON: a configuration (`.tf.json`), and what `terraform show -json` writes of a plan or a state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from vpc_backup_events.authoring.registration.configuration import UNKNOWN, Block, Resource, Setting, Template, Unknown
from vpc_backup_events.authoring.registration.provider import Arguments
from vpc_backup_events.reading.json_lines import lines

__all__ = ["is_shown", "read"]

Path = tuple[str | int, ...]
# what `terraform show -json` writes, which has the resources below one of these
_SHOWN = ("planned_values", "values")
_INTERPOLATION = re.compile(r"(?<!\$)\$\{")
_COMMENT = "//"
# what is nested deeper is left open
_DEEPEST = 64


class Place(NamedTuple):
    """A value, and where in the text it stands."""

    value: Any
    path: Path

    def members(self) -> Iterator[tuple[str, Place]]:
        """The members of an object, or of each object of an array, as Terraform takes either."""
        for place in self.elements():
            if isinstance(place.value, dict):
                for name, value in place.value.items():
                    yield name, Place(value, (*place.path, name))

    def elements(self) -> Iterator[Place]:
        """The value, or where it is an array its elements."""
        if not isinstance(self.value, list):
            yield self
            return
        for index, value in enumerate(self.value):
            yield Place(value, (*self.path, index))


def is_shown(document: Any) -> bool:
    """Whether this is a plan or a state."""
    if not isinstance(document, dict) or "format_version" not in document:
        return False
    return "terraform_version" in document or any(name in document for name in _SHOWN)


def read(text: str, types: Mapping[str, Arguments]) -> list[Resource]:
    """The resources of these types; raises `ValueError` where the text is no JSON."""
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return list(_Reader(lines(text), types).resources(document))


class _Reader:
    def __init__(self, line_of: Mapping[Path, int], types: Mapping[str, Arguments]) -> None:
        self._line_of = line_of
        self._types = types

    def resources(self, document: Any) -> Iterator[Resource]:
        if is_shown(document):
            yield from self._shown(document)
            return
        for name, declared in Place(document, ()).members():
            if name == "resource":
                yield from self._declared(declared)

    def _declared(self, resources: Place) -> Iterator[Resource]:
        for type, named in resources.members():
            if type not in self._types:
                continue
            for name, body in named.members():
                for place in body.elements():
                    if isinstance(place.value, dict):
                        yield Resource(type, name, self._block(type, place, self._types[type]))

    def _shown(self, document: Mapping[str, Any]) -> Iterator[Resource]:
        """The managed resources of a plan or a state, in all its modules."""
        open_modules = [Place(document.get(name), (name,)) for name in _SHOWN if name in document]
        open_modules = [_member(place, "root_module") for place in open_modules]
        while open_modules:
            module = open_modules.pop(0)
            for place in _member(module, "resources").elements():
                value = place.value
                if not isinstance(value, dict) or value.get("mode", "managed") != "managed":
                    continue
                type, values = value.get("type"), _member(place, "values")
                if isinstance(type, str) and type in self._types and isinstance(values.value, dict):
                    body = self._block(type, values, self._types[type], is_written=False)
                    yield Resource(type, str(value.get("name", "")), body, is_planned=True)
            open_modules += _member(module, "child_modules").elements()

    def _block(
        self, type: str, place: Place, arguments: Arguments, is_dynamic: bool = False, is_written: bool = True
    ) -> Block:
        settings: list[Setting] = []
        blocks: list[Block] = []
        for name, member in place.members():
            argument = arguments.get(name)
            if is_written and name == "dynamic":
                blocks += self._dynamic(member, arguments)
            elif argument and argument.block is not None and _is_block(member.value):
                inner = argument.block
                blocks += [
                    self._block(name, element, inner, is_written=is_written)
                    for element in member.elements()
                    if isinstance(element.value, dict)
                ]
            elif name != _COMMENT:
                value = _expression(member.value) if is_written else member.value
                settings.append(Setting(name, value, self._line(member.path)))
        return Block(type, self._line(place.path), tuple(settings), tuple(blocks), is_dynamic)

    def _dynamic(self, dynamic: Place, arguments: Arguments) -> Iterator[Block]:
        for name, labelled in dynamic.members():
            argument = arguments.get(name)
            inner = (argument.block if argument else None) or {}
            for label, content in labelled.members():
                if label == "content":
                    yield self._block(name, content, inner, is_dynamic=True)

    def _line(self, path: Path) -> int:
        while path not in self._line_of:
            path = path[:-1]
        return self._line_of[path]


def _member(place: Place, name: str) -> Place:
    value = place.value.get(name) if isinstance(place.value, dict) else None
    return Place([] if value is None else value, (*place.path, name))


def _is_block(value: Any) -> bool:
    """Whether a value can be one block, or several."""
    if isinstance(value, list):
        return all(isinstance(element, dict) for element in value)
    return isinstance(value, dict)


def _expression(value: Any, depth: int = 0) -> Any:
    """A value of a configuration: texts are templates there."""
    if depth > _DEEPEST:
        return UNKNOWN
    if isinstance(value, list):
        return [_expression(element, depth + 1) for element in value]
    if isinstance(value, dict):
        return {name: _expression(member, depth + 1) for name, member in value.items()}
    if not isinstance(value, str) or not _INTERPOLATION.search(value):
        return value
    whole = value.startswith("${") and value.endswith("}") and value.count("${") == 1
    return Unknown(value[2:-1].strip()) if whole else Template(value)
