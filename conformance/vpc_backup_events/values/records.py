"""Frozen classes made of parsed JSON: the types of their fields say what becomes of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

__all__ = ["record"]

T = TypeVar("T")


def record(model: Callable[..., T], entry: Mapping[str, Any], **fields: Any) -> T:
    """The entry as a value of `model`, a dataclass or a named tuple; `fields` win over what stands in the entry.

    An array becomes a tuple or a frozen set, an object a value of the class that the field is declared with. Raises
    `TypeError` for a member that the model does not have.
    """
    types = _types(model)
    members = {name: _value(types.get(name), value) for name, value in entry.items() if name not in fields}
    return model(**members, **fields)


@cache
def _types(model: Callable[..., Any]) -> Mapping[str, Any]:
    return get_type_hints(model)


def _value(type: Any, value: Any) -> Any:
    """A value of JSON as a field of this type has it."""
    if not isinstance(value, (list, dict)):
        return value
    if get_origin(type) is UnionType:
        type = next(member for member in get_args(type) if member is not NoneType)
    arguments = get_args(type)
    if isinstance(value, list):
        collection = get_origin(type) if get_origin(type) is frozenset else tuple
        return collection(_value(arguments[0], element) for element in value) if arguments else value
    if arguments:
        return {name: _value(arguments[-1], member) for name, member in value.items()}
    return record(type, value) if hasattr(type, "__annotations__") else value
