"""What a filter is meant to let through, and the filter that lets exactly that through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.forms import Form, forms
from vpc_backup_events.authoring.filters.model import Filter
from vpc_backup_events.authoring.filters.reach import reach_of
from vpc_backup_events.authoring.filters.suggest import filter_for
from vpc_backup_events.authoring.filters.tree import Comparison, Literal, Negation, Node, both, path_to
from vpc_backup_events.catalog.names import LONG, SEVERITY

__all__ = ["Wish", "composed", "granted", "wishes"]

# forms that a filter should not tell apart
_ALIKE = ("canonical", "spelling", "layout")


class Wish(NamedTuple):
    """What a filter is meant to let through."""

    pairs: frozenset[str]
    severities: frozenset[str]


def granted(filter: Filter, without: bool) -> Wish:
    """What the filter lets through as it is; `without` where it leaves codes out."""
    return Wish(_pairs(filter, without), _passing(filter))


def _pairs(filter: Filter, without: bool) -> frozenset[str]:
    """Pairs that pass in some form; where the filter leaves codes out, those of which no spelling is left out."""
    if without:
        failing = {form.pair for form in forms() if form.kind in _ALIKE and not filter.matches(form.event)}
        return frozenset(catalog.pairs) - failing
    return reach_of(filter).any


def _passing(filter: Filter) -> frozenset[str]:
    """Severities with which some event passes."""
    return frozenset(
        name for name, count in reach_of(filter).severities if count and name and name in catalog.severities
    )


def wishes(filter: Filter, without: bool) -> Iterator[Wish]:
    """Pairs and severities that would pass if the details could be reached as the filter has it."""
    for code_alone in (False, True):
        events = [(form.pair, _opened(form, filter, code_alone)) for form in forms() if form.kind in _ALIKE]
        passing: set[str] = set()
        failing: set[str] = set()
        severities: set[str] = set()
        for severity in _severities():
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


def _severities() -> list[str]:
    return [severity.name for severity in catalog.severities.values() if not severity.fallback]


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
    if tree is None or names == sorted(_severities()):
        return tree
    one, several = Comparison(path_to(SEVERITY), "==", Literal(names[0])), Literal(f"^({'|'.join(names)})$")
    severity = one if len(names) == 1 else Comparison(path_to(SEVERITY), "=~", several)
    return severity if str(tree) == "$.*" else both(tree, severity)
