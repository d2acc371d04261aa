"""The rule for secrets: where they stand, never what they are (P20)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.masking import looks_secret, secret_name, secret_patterns
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules.registry import Context, rule
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.spec.schemas import PREFIX, schema
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.json_text import NotJsonError, parse

__all__ = ["no_secret"]

# a character of ASCII that is written as an escape, in which a secret may hide
_ESCAPED = re.compile(rb"\\u00[0-7]")
# what the text of an object or an array begins with
_OPENING = ("{", "[")
_STRINGS = frozenset({str})
_ENVELOPE = f"{PREFIX}event:envelope"


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
    lower = context.data.lower()
    if context.shadowed or not lower or _ESCAPED.search(lower):
        return False
    for literal in _literals():
        if literal in lower:
            return False
    objects = [context.event, context.details]
    braces = lower.count(b"{")
    if b"[" in lower or braces > 1 + context.has_details:
        arrays = _walk(context.event.values(), objects) + _walk(context.details.values(), objects)
        if braces != len(objects) - (not context.has_details) or lower.count(b"[") != arrays:
            # a brace or a bracket stands in a string, which may be JSON and hold more than its text says
            return False
    documented = _documented()
    for members in objects:
        if not members.keys() <= documented and any(map(_is_of_secret, members.keys() - documented)):
            return False
    return True


# names are few, but nothing keeps an event from having others
_is_of_secret = lru_cache(4096)(secret_name)


def _walk(values: Collection[Any], objects: list[Mapping[str, Any]]) -> int:
    """Adds the objects among the values and in them to `objects`; how many arrays there are."""
    if _STRINGS.issuperset(map(type, values)):
        return 0
    arrays = 0
    for value in values:
        if isinstance(value, dict):
            objects.append(value)
            arrays += _walk(value.values(), objects)
        elif isinstance(value, list):
            arrays += 1 + _walk(value, objects)
    return arrays


@cache
def _documented() -> frozenset[str]:
    """Names that need no look: those of the documentation that are not secret."""
    names = (*schema(_ENVELOPE)["properties"], *catalog.examples["details_members"])
    return frozenset(name for name in names if not secret_name(name))


@cache
def _literals() -> tuple[bytes, ...]:
    """What each kind of secret contains, in lower case."""
    return tuple(literal.encode() for _, literal, _ in secret_patterns())


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
