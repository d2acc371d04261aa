"""Terraform as JSON: a configuration (`.tf.json`), and what `terraform show -json` writes of a plan or a state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from vpc_backup_events.authoring.registration.configuration import Block, Setting, Template, Unknown
from vpc_backup_events.authoring.registration.places import Place
from vpc_backup_events.authoring.registration.provider import Arguments, resources
from vpc_backup_events.reading.json_lines import lines

__all__ = ["is_terraform", "read"]

# what `terraform show -json` writes, which has the resources below one of these
_SHOWN = ("planned_values", "values")
_INTERPOLATION = re.compile(r"(?<!\$)\$\{")
_COMMENT = "//"
# what is nested deeper is left open
_DEEPEST = 64


def is_terraform(document: Any) -> bool:
    """Whether this is a plan, a state, or a configuration with resources that the kit judges."""
    if not isinstance(document, dict):
        return False
    declared = Place(document.get("resource"), {})
    return _is_shown(document) or any(type in resources() for type, _ in declared.members())


def _is_shown(document: Any) -> bool:
    """Whether this is a plan or a state."""
    if not isinstance(document, dict) or "format_version" not in document:
        return False
    return "terraform_version" in document or any(name in document for name in _SHOWN)


def read(text: str) -> Iterator[Block]:
    """The resources that the kit judges; raises `ValueError` where the text is no JSON."""
    try:
        document = Place(json.loads(text), lines(text))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return _shown(document) if _is_shown(document.value) else _declared(document)


def _declared(document: Place) -> Iterator[Block]:
    """The resources of a configuration."""
    for section, declared in document.members():
        for type, named in declared.members() if section == "resource" else ():
            for _, body in named.members() if type in resources() else ():
                for place in body.objects():
                    yield _block(type, place, resources()[type])


def _shown(document: Place) -> Iterator[Block]:
    """The managed resources of a plan or a state, in all its modules."""
    modules = [document.member(name).member("root_module") for name in _SHOWN]
    while modules:
        module = modules.pop(0)
        for resource in module.member("resources").objects():
            type, values = resource.value.get("type"), resource.member("values")
            is_managed = resource.value.get("mode", "managed") == "managed"
            if is_managed and isinstance(type, str) and type in resources() and isinstance(values.value, dict):
                yield _block(type, values, resources()[type], is_planned=True)
        modules += module.member("child_modules").elements()


def _block(type: str, place: Place, arguments: Arguments, is_dynamic: bool = False, is_planned: bool = False) -> Block:
    settings: list[Setting] = []
    blocks: list[Block] = []
    for name, member in place.members():
        inner = arguments[name].block if name in arguments else None
        if not is_planned and name == "dynamic":
            blocks += _dynamic(member, arguments)
        elif inner is not None and _is_block(member.value):
            blocks += [_block(name, element, inner, is_planned=is_planned) for element in member.objects()]
        elif name != _COMMENT:
            value = member.value if is_planned else _expression(member.value)
            settings.append(Setting(name, value, member.line))
    return Block(type, place.line, tuple(settings), tuple(blocks), is_dynamic, is_planned)


def _dynamic(dynamic: Place, arguments: Arguments) -> Iterator[Block]:
    for name, labelled in dynamic.members():
        inner = arguments[name].block if name in arguments else None
        for label, content in labelled.members():
            if label == "content":
                yield _block(name, content, inner or {}, is_dynamic=True)


def _is_block(value: Any) -> bool:
    """Whether a value can be one block, or several."""
    elements = value if isinstance(value, list) else [value]
    return all(isinstance(element, dict) for element in elements)


def _expression(value: Any, depth: int = 0) -> Any:
    """A value of a configuration: texts are templates there."""
    if depth > _DEEPEST:
        return Unknown()
    if isinstance(value, list):
        return [_expression(element, depth + 1) for element in value]
    if isinstance(value, dict):
        return {name: _expression(member, depth + 1) for name, member in value.items()}
    if not isinstance(value, str) or not _INTERPOLATION.search(value):
        return value
    whole = value.startswith("${") and value.endswith("}") and value.count("${") == 1
    return Unknown(value[2:-1].strip()) if whole else Template(value)
