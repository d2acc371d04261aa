"""What a filter is meant to let through, and the filter that lets exactly that through, in every documented form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.forms import Form, forms_of, severity_names
from vpc_backup_events.authoring.filters.model import Filter
from vpc_backup_events.authoring.filters.reach import reach_of
from vpc_backup_events.authoring.filters.tree import Comparison, Negation, Node, joined, path_to
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import LONG, SEVERITY

__all__ = ["Wish", "composed", "filter_for", "granted", "wishes"]

# forms that a filter should not tell apart
_ALIKE = ("canonical", "spelling", "layout")
# a letter or sign of a code on either side makes it another code, or a part of a link
_BEFORE, _AFTER = "(^|[^a-z_-])", "([^a-z_-]|$)"


class Wish(NamedTuple):
    """What a filter is meant to let through."""

    pairs: frozenset[str]
    severities: frozenset[str]


def granted(filter: Filter, without: bool) -> Wish:
    """What the filter lets through as it is; `without` where it leaves codes out, in any of their spellings."""
    reach = reach_of(filter)
    pairs = reach.any
    if without:
        failing = {form.pair for form in forms_of(*_ALIKE) if not filter.matches(form.event)}
        pairs = frozenset(catalog.pairs) - failing
    severities = {name for name, count in reach.severities if count and name and name in catalog.severities}
    return Wish(pairs, frozenset(severities))


def wishes(filter: Filter, without: bool) -> Iterator[Wish]:
    """Pairs and severities that would pass if the details could be reached as the filter has it."""
    for code_alone in (False, True):
        events = [(form.pair, _opened(form, filter, code_alone)) for form in forms_of(*_ALIKE)]
        passing: set[str] = set()
        failing: set[str] = set()
        severities: set[str] = set()
        for severity in severity_names():
            verdicts = [(pair, filter.matches({**event, SEVERITY: severity})) for pair, event in events]
            if any(passes for _, passes in verdicts):
                severities.add(severity)
                passing |= {pair for pair, passes in verdicts if passes}
                failing |= {pair for pair, passes in verdicts if not passes}
        pairs = passing - failing if without else passing
        if pairs:
            yield Wish(frozenset(pairs), frozenset(severities))


def _opened(form: Form, filter: Filter, code_alone: bool) -> dict[str, Any]:
    """The event with its details wherever the filter looks for them."""
    code = str(form.details.get("status_reason", "")).partition(": ")[0]
    inner = {**form.details, "reason": code}
    if code_alone:
        inner["status_reason"] = code
    event = {**inner, **form.event, "data": inner}
    goes_in = any(c.names[:1] == (LONG,) and (len(c.names) > 1 or not c.whole) for c in filter.conditions)
    return {**event, LONG: inner} if goes_in else event


def composed(wish: Wish, model: Filter) -> Node | None:
    """The filter for the pairs and the severities, by what it leaves out where it did; None where there is none."""
    if not wish.pairs or not wish.severities:
        return None
    others = filter_for(frozenset(catalog.pairs) - wish.pairs)
    without = bool(model.conditions) and all(condition.negated for condition in model.conditions)
    expression = filter_for(wish.pairs)
    tree: Node | None = parse(expression).tree if expression else None
    if without and others:
        tree = Negation(parse(others).tree)
    names = sorted(wish.severities)
    if tree is None or names == sorted(severity_names()):
        return tree
    operator, value = ("==", names[0]) if len(names) == 1 else ("=~", f"^({'|'.join(names)})$")
    severity = Comparison(path_to(SEVERITY), operator, value)
    return severity if str(tree) == "$.*" else joined("&&", [tree, severity])


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
        if own := [pair for pair in pairs if pair.event_type == kind]:
            by_type[kind] = own
    sizes = Counter(pair.event_type for pair in catalog.pairs.values())
    types = list(by_type)
    whole = [kind for kind, own in by_type.items() if len(own) == sizes[kind]]
    if types == whole:
        yield _types(types)
        return
    for bounded in (False, True):
        yield _codes(pairs, bounded)
    for bounded in (False, True):
        yield f"{_types(types)} && {_codes(pairs, bounded)}"
    for bounded in (False, True):
        parts = [
            _types([kind]) if kind in whole else f"({_types([kind])} && {_codes(by_type[kind], bounded)})"
            for kind in types
        ]
        yield " || ".join(parts)


def _types(kinds: Iterable[str]) -> str:
    """A filter for these event types, by full `type`, in every spelling."""
    spelled: list[str] = []
    for kind in kinds:
        spelled += (kind, *catalog.event_types[kind].aliases)
    if len(spelled) == 1:
        return f'$.type == "{spelled[0]}"'
    return f'$.type =~ "[.]({"|".join(name.rpartition(".")[2] for name in spelled)})$"'


def _codes(pairs: Iterable[Pair], bounded: bool) -> str:
    """A filter for the codes of these pairs, in every documented spelling."""
    spellings: dict[str, None] = {}
    for pair in pairs:
        spellings.update((spelling.spelling, None) for spelling in pair.spellings)
    pattern = "|".join(spellings)
    if bounded:
        pattern = f"{_BEFORE}({pattern}){_AFTER}"
    return f'$.{LONG} =~ "{pattern}"'
