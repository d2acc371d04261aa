"""Frozen classes made of parsed JSON: the types of their fields say what becomes of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

__all__ = ["record"]

T = TypeVar("T")
# from a value of JSON to that of a field
Conversion = Callable[[Any], Any]


def record(model: Callable[..., T], entry: Mapping[str, Any], **fields: Any) -> T:
    """The entry as a value of `model`, a dataclass or a named tuple; `fields` win over what stands in the entry.

    An array becomes a tuple or a frozen set, an object a value of the class that the field is declared with. Raises
    `TypeError` for a member that the model does not have.
    """
    members = {**entry, **fields}
    for name, conversion in _conversions(model).items():
        if name in entry and name not in fields:
            members[name] = conversion(entry[name])
    return model(**members)


@cache
def _conversions(model: Callable[..., Any]) -> Mapping[str, Conversion]:
    """Conversions of the fields that are not as JSON has them."""
    conversions = {name: _conversion(type) for name, type in get_type_hints(model).items()}
    return {name: conversion for name, conversion in conversions.items() if conversion is not None}


def _conversion(type: Any) -> Conversion | None:
    """What makes a value of this type out of one of JSON; None where it is the same."""
    if is_dataclass(type) or hasattr(type, "_fields"):
        return partial(record, type)
    origin, arguments = get_origin(type), get_args(type)
    if origin is UnionType:
        inner = _conversion(next(member for member in arguments if member is not NoneType))
        return inner and partial(_optional, inner)
    if origin in (tuple, frozenset):
        inner = _conversion(arguments[0])
        return partial(_elements, origin, inner) if inner else origin
    if origin in (dict, Mapping):
        inner = _conversion(arguments[1])
        return inner and partial(_members, inner)
    return None


def _optional(inner: Conversion, value: Any) -> Any:
    return None if value is None else inner(value)


def _elements(collection: Callable[[Iterable[Any]], Any], inner: Conversion, elements: list[Any]) -> Any:
    return collection(map(inner, elements))


def _members(inner: Conversion, members: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: inner(value) for name, value in members.items()}
