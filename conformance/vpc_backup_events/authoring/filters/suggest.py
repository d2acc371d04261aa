"""The filter that lets exactly these reasons through, in every documented form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.reach import reach_of
from vpc_backup_events.catalog.model import Pair

# a letter or sign of a code on either side makes it another code, or a part of a link
_BEFORE, _AFTER = "(^|[^a-z_-])", "([^a-z_-]|$)"


@cache
def filter_for(pairs: frozenset[str]) -> str:
    """The plainest filter that passes all forms of these pairs, and no form of another; empty where there is none."""
    if not pairs:
        return ""
    if pairs == frozenset(catalog.pairs):
        return "$.*"
    for candidate in _candidates([catalog.pairs[id] for id in sorted(pairs)]):
        reach = reach_of(parse(candidate))
        if reach.full == reach.any == pairs:
            return candidate
    return ""


def _candidates(pairs: list[Pair]) -> Iterator[str]:
    by_type: dict[str, list[Pair]] = {}
    for kind in catalog.event_types:
        own = [pair for pair in pairs if pair.event_type == kind]
        if own:
            by_type[kind] = own
    if all(len(own) == _size(kind) for kind, own in by_type.items()):
        yield types(by_type)
        return
    for bounded in (False, True):
        yield codes(pairs, bounded)
    for bounded in (False, True):
        yield f"{types(by_type)} && {codes(pairs, bounded)}"
    for bounded in (False, True):
        parts = [
            types([kind]) if len(own) == _size(kind) else f"({types([kind])} && {codes(own, bounded)})"
            for kind, own in by_type.items()
        ]
        yield " || ".join(parts)


def _size(kind: str) -> int:
    return sum(pair.event_type == kind for pair in catalog.pairs.values())


def types(kinds: Iterable[str]) -> str:
    """A filter for these event types, by full `type`, in every spelling."""
    spelled: list[str] = []
    for kind in kinds:
        spelled += (kind, *catalog.event_types[kind].aliases)
    if len(spelled) == 1:
        return f'$.type == "{spelled[0]}"'
    return f'$.type =~ "[.]({"|".join(name.rpartition(".")[2] for name in spelled)})$"'


def codes(pairs: Iterable[Pair], bounded: bool = False) -> str:
    """A filter for the codes of these pairs, in every documented spelling."""
    spellings: dict[str, None] = {}
    for pair in pairs:
        spellings.update((spelling.spelling, None) for spelling in pair.spellings)
    pattern = "|".join(spellings)
    if bounded:
        pattern = f"{_BEFORE}({pattern}){_AFTER}"
    return f'$.ibmendefaultlong =~ "{pattern}"'
