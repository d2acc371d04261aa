"""Whether a resource is written as the provider declares it: what `terraform validate` and `plan` refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from vpc_backup_events.authoring.filters import _regex
from vpc_backup_events.authoring.registration.configuration import Block, Setting, Template, Unknown
from vpc_backup_events.authoring.registration.provider import Argument, Arguments, resources
from vpc_backup_events.authoring.registration.registrations import LineBreach
from vpc_backup_events.values.errors import UsageError

__all__ = ["breaches"]

# what Terraform itself adds to every resource
_META_ARGUMENTS = frozenset({"count", "for_each", "provider", "depends_on"})
_META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection", "timeouts"})
# an attribute that every resource has and none can set
_ID = Argument(type="string")

# resource -> the requirement that says that an argument is missing
_REQUIRED = {"ibm_en_source": "P37-tf-required"}
# resource and argument -> a requirement of its own that says it
_OWN = {
    ("ibm_en_source", "source"): "P37-tf-source",
    ("ibm_en_source", "store_notifications"): "P37-tf-store-notifications",
    ("ibm_en_ibmsource", "store_notifications"): "P37-tf-store-notifications",
}
_COLLECTIONS: Mapping[str, type[list[Any]] | type[dict[str, Any]]] = {"list": list, "set": list, "map": dict}
_WORDS = {"string": "a text", "bool": "true or false", "int": "a whole number", "float": "a number"}
_PLURALS = {"string": "texts", "bool": "truth values"}
# what a text has to be that stands for a truth value
_TRUE_OR_FALSE = ("true", "false", "1", "0")


def breaches(resource: Block) -> Iterator[LineBreach]:
    """What the provider refuses; nothing of what is known only later, and nothing of plans and states."""
    if not resource.is_planned:
        yield from _Section(resource.type, resource, resources()[resource.type], ()).breaches()


@dataclass(frozen=True, slots=True)
class _Section:
    """The body of a resource, or a block in it, beside what is declared of it."""

    #: type of the resource
    resource: str
    block: Block
    arguments: Arguments
    #: the blocks in which it stands, each with its index
    path: tuple[str | int, ...]

    def breaches(self) -> Iterator[LineBreach]:
        for setting in self.block.settings:
            yield from self._setting(setting)
        for name, argument in self.arguments.items():
            if argument.required and not self._is_written(name):
                of_all = _REQUIRED.get(self.resource, "P37-tf-routing-required")
                yield self._breach(self._own(name, of_all), self.block.line, name)
            if argument.one_of and not any(map(self._is_written, argument.one_of)):
                yield self._breach("P37-tf-one-of", self.block.line, name, expected=", ".join(argument.one_of))
        yield from self._conflicts()
        numbers: Counter[str] = Counter()
        # how many there surely are of those that are not dynamic
        written: Counter[str] = Counter()
        for block in self.block.blocks:
            yield from self._block(block, numbers[block.type], written[block.type])
            numbers[block.type] += 1
            written[block.type] += not block.is_dynamic

    def _breach(self, requirement: str, line: int, name: str, **values: Any) -> LineBreach:
        return LineBreach(requirement, line, {"name": name, "resource": self.resource, **values}, name, self.path)

    def _own(self, name: str, of_all: str) -> str:
        return _OWN.get((self.resource, name), of_all)

    def _setting(self, setting: Setting) -> Iterator[LineBreach]:
        name = setting.name
        # in JSON a block is written as an argument is
        if not self.path and name in _META_ARGUMENTS | _META_BLOCKS:
            return
        argument = self.arguments.get(name) or (_ID if name == "id" and not self.path else None)
        if argument is None:
            yield self._breach(self._own(name, "P37-tf-unknown-argument"), setting.line, name)
        elif setting.value is None:
            # null is the same as nothing
            return
        elif not argument.settable:
            yield self._breach("P37-tf-computed", setting.line, name)
        elif argument.block is not None:
            yield self._breach("P37-tf-block", setting.line, name, expected="a block, without an equals sign")
        elif problem := _type_problem(setting.value, argument):
            yield self._breach("P37-tf-type", setting.line, name, value=setting.value, expected=problem)
        elif problem := _value_problem(setting.value, argument):
            yield self._breach("P37-tf-value", setting.line, name, value=setting.value, expected=problem)

    def _block(self, block: Block, index: int, written: int) -> Iterator[LineBreach]:
        name = block.type
        if not self.path and name in _META_BLOCKS:
            return
        argument = self.arguments.get(name)
        if argument is None:
            yield self._breach("P37-tf-unknown-argument", block.line, name)
        elif not argument.settable:
            yield self._breach("P37-tf-computed", block.line, name)
        elif argument.block is None:
            yield self._breach("P37-tf-block", block.line, name, expected="an argument, with an equals sign")
        else:
            if written == argument.max_items and not block.is_dynamic:
                yield self._breach("P37-tf-block-count", block.line, name, expected=argument.max_items)
            yield from _Section(self.resource, block, argument.block, (*self.path, name, index)).breaches()

    def _is_written(self, name: str) -> bool:
        return self.block.setting(name) is not None or any(True for _ in self.block.of_type(name))

    def _conflicts(self) -> Iterator[LineBreach]:
        """What may not stand side by side."""
        pairs: set[tuple[str, ...]] = set()
        for name, argument in self.arguments.items():
            pairs.update(tuple(sorted((name, other))) for other in argument.conflicts)
        for pair in sorted(pairs):
            first, second = sorted((self._line_of_known(name), name) for name in pair)
            if first[0]:
                yield self._breach("P37-tf-conflict", second[0], second[1], expected=first[1])

    def _line_of_known(self, name: str) -> int:
        """The line of an argument or block that is surely set, else 0; what is known later may be null."""
        setting = self.block.setting(name)
        if setting is not None:
            return 0 if isinstance(setting.value, Unknown) else setting.line
        return next((block.line for block in self.block.of_type(name) if not block.is_dynamic), 0)


def _type_problem(value: Any, argument: Argument) -> str:
    """Which type is wanted, where the value can't be turned into it; empty where it can, or will be known later."""
    collection = _COLLECTIONS.get(argument.type)
    if collection is None:
        return "" if _fits(value, argument.type) else _WORDS[argument.type]
    if isinstance(value, Unknown):
        return ""
    if isinstance(value, collection):
        elements = value.values() if isinstance(value, dict) else value
        if all(_fits(element, argument.of or "string") for element in elements):
            return ""
    return f"a {'map' if collection is dict else 'list'} of {_PLURALS.get(argument.of, 'numbers')}"


def _fits(value: Any, type: str) -> bool:
    """Whether Terraform turns a single value into one of the type."""
    if value is None or isinstance(value, Unknown):
        return True
    if isinstance(value, (list, dict)):
        return False
    if type == "string" or isinstance(value, Template):
        return True
    if type == "bool":
        return isinstance(value, bool) or value in _TRUE_OR_FALSE
    if isinstance(value, bool):
        return False
    try:
        number = float(value)
    except ValueError:
        return False
    return type == "float" or number.is_integer()


def _value_problem(value: Any, argument: Argument) -> str:
    """What the value has to be, where it is not; empty where it is, or will be known later."""
    if isinstance(value, (Unknown, Template, list, dict)):
        return ""
    if argument.type == "int":
        number = float(value)
        if argument.minimum is not None and number < argument.minimum:
            return f"{argument.minimum} or more"
        if argument.maximum is not None and number > argument.maximum:
            return f"{argument.maximum} or less"
        return ""
    text = str(value)
    problem = argument.problem(text)
    if not problem and argument.pattern and not _pattern(argument.pattern)(text):
        problem = f"a text that matches {argument.pattern}"
    return problem


@cache
def _pattern(pattern: str) -> Callable[[str], bool]:
    try:
        return _regex.compile(pattern)
    except UsageError:
        # without a library for Go's expressions they are not judged
        return lambda text: True
