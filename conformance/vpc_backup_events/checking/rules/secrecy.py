"""The rule for secrets: where they stand, never what they are (P20)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from vpc_backup_events.catalog.masking import looks_secret, secret_name, secret_names, secret_patterns
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules.registry import Context, rule
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.spec.schemas import finder
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.json_text import NotJsonError, openings, parse

__all__ = ["no_secret"]

# a character of ASCII, or the sign whose small letter is one, that is written as an escape: a secret may hide in it
_ESCAPED = r"\\u(?:00[0-7]|212[Aa])"
# what may stand between the letters of a name
_SEPARATORS = "[-_]*"
# what the text of an object or an array begins with
_OPENING = ("{", "[")
_CONTAINERS = (dict, list)


@rule("P20-no-secret")
def no_secret(context: Context) -> Iterator[Breach]:
    """A secret by its name or by its value, at any depth, also in JSON that stands in a string."""
    if _is_harmless(context):
        return
    for name, value in context.event.items():
        if name == LONG and context.has_details:
            within = list(_secrets(context.details, (name, INSIDE)))
            yield from within
            if not within and isinstance(value, str) and looks_secret(value):
                yield _secret((name,), looks_secret(value))
        else:
            yield from _secrets({name: value}, ())
    for path, value in context.shadowed:
        name = next((str(step) for step in reversed(path) if secret_name(str(step))), "")
        yield from _secrets(value, path, name)


def _is_harmless(context: Context) -> bool:
    """Whether there is surely no secret, by a look at the text of the event: most events have none."""
    text = context.text
    if context.shadowed or not text or _suspicious()(text):
        return False
    around = 1 + context.has_details
    count = openings(text)
    # one that stands in a string may begin JSON, which may hold more than its text says
    return count == around or count == around + _nested(context.event) + _nested(context.details)


@cache
def _suspicious() -> Callable[[str], bool]:
    """What says of a text whether anything stands in it that a kind of secret contains, or the name of a secret."""
    literals = (f"(?i:{re.escape(literal)})" for _, literal, _ in secret_patterns())
    names = "|".join(_SEPARATORS.join(name) for name in sorted(secret_names()))
    # quoted, in JSON that stands in a string as well
    return finder((_ESCAPED, *literals, rf'"{_SEPARATORS}(?i:{names}){_SEPARATORS}\\*"'))


def _nested(value: Mapping[str, Any] | list[Any]) -> int:
    """How many objects and arrays stand in one, at any depth."""
    values = value if isinstance(value, list) else value.values()
    within = [inner for inner in values if isinstance(inner, _CONTAINERS)]
    return len(within) + sum(map(_nested, within))


def _secret(path: Path, reason: str) -> Breach:
    return Breach("P20-no-secret", path, {"reason": reason})


def _secrets(value: Any, path: Path, name: str = "") -> Iterator[Breach]:
    """The secrets in a value; `name` is that of a secret, where the value stands under it at any depth."""
    if isinstance(value, dict):
        for member, below in value.items():
            kind = looks_secret(member)
            if kind:
                yield _secret((*path, member), f"{kind} as the name of a member")
            yield from _secrets(below, (*path, member), member if secret_name(member) else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, (*path, index), name)
    elif isinstance(value, str) and not is_blank(value):
        if name:
            yield _secret(path, f"a value under the name {name}")
            return
        inside = list(_inside(value, path))
        yield from inside
        kind = "" if inside else looks_secret(value)
        if kind:
            yield _secret(path, kind)


def _inside(text: str, path: Path) -> Iterator[Breach]:
    """Secrets in JSON that the string holds."""
    if text.lstrip()[:1] not in _OPENING:
        return
    try:
        value = parse(text)
    except NotJsonError:
        return
    yield from _secrets(value, (*path, INSIDE))
