"""Which events the filter of a topic takes: `$.*`, a path, a comparison with `==`, a match with `=~`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_FILTER = re.compile(
    r"""\s*\$(?P<path>(?:\.[A-Za-z0-9_-]+)+|\.\*)
    \s*(?:(?P<operator>==|=~)\s*(?P<quote>["'])(?P<value>.*)(?P=quote))?\s*\Z""",
    re.VERBOSE | re.DOTALL,
)
_NOTHING = object()


class UnknownFilterError(ValueError):
    """The expression is none of the forms that are understood."""


def matches(expression: str, event: Mapping[str, Any]) -> bool:
    """Whether the filter takes the event. Raises `UnknownFilterError`."""
    form = _FILTER.match(expression)
    if form is None:
        raise UnknownFilterError(expression)
    try:
        wanted = re.compile(form["value"]) if form["operator"] == "=~" else form["value"]
    except re.error:
        raise UnknownFilterError(expression) from None
    if form["path"] == ".*":
        if wanted is not None:
            raise UnknownFilterError(expression)
        return bool(event)
    found = _at(form["path"].split(".")[1:], event)
    if isinstance(wanted, re.Pattern):
        return isinstance(found, str) and wanted.search(found) is not None
    return found is not _NOTHING if wanted is None else found == wanted


def _at(steps: list[str], value: Any) -> Any:
    for step in steps:
        if not isinstance(value, Mapping) or step not in value:
            return _NOTHING
        value = value[step]
    return value
