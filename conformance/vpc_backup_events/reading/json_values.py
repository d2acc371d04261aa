"""Python values as JSON values: what a program hands over as a dict, made safe for every engine."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from vpc_backup_events.values.breach import Breach, Path
from vpc_backup_events.values.json_text import MAX_DEPTH

__all__ = ["TooDeepError", "as_json", "is_blank", "may_have_surrogates", "surrogates"]

_SURROGATE = re.compile("[\ud800-\udfff]")
# how one begins that is written as an escape
_ESCAPE = re.compile(r"\\u[dD]")
_LARGE = 10**40
# what a string of white space only consists of, as the schemas have it: Unicode's, and the byte order mark
_BLANK = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))


class TooDeepError(ValueError):
    """The value is nested deeper than the kit reads, or holds itself."""


def is_blank(text: str) -> bool:
    """Whether the text is empty, or of white space only; `str.strip` takes the separators U+001C to U+001F along."""
    # most texts begin with a character that is seen
    return not ("!" <= text[:1] <= "~" or text.strip(_BLANK))


def as_json(value: Any, path: Path, breaches: list[Breach], depth: int = 0) -> Any:
    """A copy of the value made of dict, list, str, int, float, bool and None alone.

    What JSON has no form for becomes its `str`, with a breach. Raises `TooDeepError`.
    """
    if depth > MAX_DEPTH:
        raise TooDeepError(f"it is nested deeper than {MAX_DEPTH} levels, or holds itself.")
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value) if -_LARGE < value < _LARGE else _LARGE
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return _no_form(value, path, breaches, "a number that is not finite")
    if isinstance(value, Mapping):
        members: dict[str, Any] = {}
        for name, member in value.items():
            if not isinstance(name, str):
                _no_form(name, path, breaches, f"a member name of type {type(name).__name__}")
            members[str(name)] = as_json(member, (*path, str(name)), breaches, depth + 1)
        return members
    if isinstance(value, list | tuple):
        return [as_json(item, (*path, index), breaches, depth + 1) for index, item in enumerate(value)]
    return _no_form(value, path, breaches, f"a value of type {type(value).__name__}")


def _no_form(value: Any, path: Path, breaches: list[Breach], what: str) -> str:
    breaches.append(Breach("P11-event-json", path, {"reason": f"This is {what}, which JSON has no form for."}))
    return str(value)


def may_have_surrogates(text: str) -> bool:
    """Whether an unpaired surrogate may stand in the JSON, by a look at its text, where U+FFFD stands for raw ones."""
    return "\ufffd" in text or _ESCAPE.search(text) is not None


def surrogates(value: Any, path: Path, breaches: list[Breach]) -> Any:
    """The value with unpaired surrogates replaced by U+FFFD and numbers made finite, and a breach at each string."""
    if isinstance(value, str):
        surrogate = _SURROGATE.search(value)
        if not surrogate:
            return value
        breaches.append(Breach("P03-surrogate", path, {"value": f"U+{ord(surrogate[0]):04X}"}))
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        if not value:
            # of a type that engines know
            return {}
        safe: dict[str, Any] = {}
        for name, member in value.items():
            surrogate = None if name.isascii() else _SURROGATE.search(name)
            if surrogate:
                name = _SURROGATE.sub("\ufffd", name)
                breaches.append(Breach("P03-surrogate", (*path, name), {"value": f"U+{ord(surrogate[0]):04X}"}))
            # most members are such, and looking into them costs more than all the rest
            is_plain = isinstance(member, str) and member.isascii()
            safe[name] = member if is_plain else surrogates(member, (*path, name), breaches)
        return safe
    if isinstance(value, list):
        return [surrogates(item, (*path, index), breaches) for index, item in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        return 0.5
    return value
