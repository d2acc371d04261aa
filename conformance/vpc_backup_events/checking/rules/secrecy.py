"""The rule for secrets: where they stand, never what they are (P20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from vpc_backup_events.catalog.masking import looks_secret, secret_name, secret_names, secret_patterns
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules.registry import Context, Places, rule
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.breach import INSIDE, Path
from vpc_backup_events.values.json_text import NotJsonError, parse

# characters that are looked at in one go; more would be copied for nothing
_AT_ONCE = 1_000_000


@rule("P20-no-secret")
def no_secret(context: Context) -> Places:
    """A secret by its name or by its value, at any depth, also in JSON that stands in a string."""
    if _is_harmless(context):
        return
    for name, value in context.event.items():
        if name == LONG and context.has_details:
            within = list(_secrets(context.details, (name, INSIDE)))
            yield from within
            if not within and isinstance(value, str) and looks_secret(value):
                yield (name,), {"reason": looks_secret(value)}
        else:
            yield from _secrets({name: value}, ())
    for path, value in context.shadowed:
        yield from _secrets(value, path, str(path[-1]))


def _is_harmless(context: Context) -> bool:
    """Whether there is surely no secret, by a look at all strings at once: most events have none."""
    if context.shadowed:
        return False
    event = dict(context.event)
    long = event.pop(LONG, "") if context.has_details else ""
    names = [*event, *context.details]
    values = [*event.values(), *context.details.values()]
    try:
        text = "\n".join(values)
    except TypeError:
        values = list(_strings(values, names))
        text = "\n".join(values)
    if len(text) + len(long) > _AT_ONCE:
        return False
    if ("{" in text or "[" in text) and any(value.lstrip()[:1] in ("{", "[") for value in values):
        return False
    named = "\n".join(names).lower()
    if not secret_names().isdisjoint(named.replace("-", "").replace("_", "").split("\n")):
        return False
    lower = f"{named}\n{text}\n{long}".lower()
    strings = [*names, *values, long]
    return not any(literal in lower and any(map(pattern.search, strings)) for _, literal, pattern in secret_patterns())


def _strings(values: Iterable[Any], names: list[str]) -> Iterator[str]:
    """The strings among the values and in them; the names of members in them are added to `names`."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            names += value
            yield from _strings(value.values(), names)
        elif isinstance(value, list):
            yield from _strings(value, names)


def _secrets(value: Any, path: Path, name: str = "") -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(value, dict):
        for member, below in value.items():
            kind = looks_secret(member)
            if kind:
                yield (*path, member), {"reason": f"{kind} as the name of a member"}
            yield from _secrets(below, (*path, member), member)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, (*path, index))
    elif isinstance(value, str) and not is_blank(value):
        if secret_name(name):
            yield path, {"reason": f"a value under the name {name}"}
            return
        inside = list(_inside(value, path))
        yield from inside
        kind = "" if inside else looks_secret(value)
        if kind:
            yield path, {"reason": kind}


def _inside(text: str, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Secrets in JSON that the string holds."""
    if text.lstrip()[:1] not in ("{", "["):
        return
    try:
        value = parse(text)
    except NotJsonError:
        return
    yield from _secrets(value, (*path, INSIDE))
