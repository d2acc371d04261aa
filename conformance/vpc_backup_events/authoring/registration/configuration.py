"""A Terraform configuration as its readers hand it on: blocks and their arguments, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

__all__ = ["MODULE", "Block", "Setting", "Template", "Unknown", "is_plain"]

#: the type that a call of a module has as a resource
MODULE = "module"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only Terraform knows: a reference, a function, a condition."""

    #: the expression as it is written
    text: str = ""

    def __repr__(self) -> str:
        return "(known after apply)"


class Template(str):
    """A text of which Terraform fills in a part: `${...}` stands in it as it is written."""

    __slots__ = ()


def is_plain(value: Any) -> TypeGuard[str]:
    """Whether a value is a text of which nothing is filled in."""
    return isinstance(value, str) and not isinstance(value, Template)


@dataclass(frozen=True, slots=True)
class Setting:
    """One argument with its value: JSON's types, None for `null`, `Unknown`, `Template`."""

    name: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """One block, or one resource with its type."""

    type: str
    line: int
    settings: tuple[Setting, ...] = ()
    blocks: tuple[Block, ...] = ()
    #: made by `dynamic`: how many there are is known later
    is_dynamic: bool = False
    #: from a plan or a state, whose values the provider has filled in
    is_planned: bool = False

    def setting(self, name: str) -> Setting | None:
        """The argument of this name, unless it is missing or `null`."""
        for setting in self.settings:
            if setting.name == name and setting.value is not None:
                return setting
        return None

    def value(self, name: str) -> Any:
        """The value of an argument; None where it is not set."""
        setting = self.setting(name)
        return None if setting is None else setting.value

    def line_of(self, name: str) -> int:
        """The line of an argument, that of the block where it is not set."""
        setting = self.setting(name)
        return self.line if setting is None else setting.line

    def of_type(self, name: str) -> Iterator[Block]:
        """The blocks of a type that stand in this one."""
        return (block for block in self.blocks if block.type == name)

    def every_setting(self) -> Iterator[Setting]:
        """The arguments of this block and of all in it."""
        yield from self.settings
        for block in self.blocks:
            yield from block.every_setting()
