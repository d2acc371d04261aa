"""From a filter in a trap to the filter that works: what it asks for is kept, how it asks is corrected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters._regex import left_out
from vpc_backup_events.authoring.filters.forms import codes_without_token, details, forms
from vpc_backup_events.authoring.filters.model import Filter
from vpc_backup_events.authoring.filters.reach import reach_of
from vpc_backup_events.authoring.filters.traps import attribute_of, is_uneven, misspelt, type_of
from vpc_backup_events.authoring.filters.tree import (
    Comparison,
    Condition,
    Junction,
    Leaf,
    Negation,
    Node,
    Path,
    changed,
    conditions_of,
    joined,
    leaves,
    path_to,
)
from vpc_backup_events.authoring.filters.wishes import composed, filter_for, granted, wishes
from vpc_backup_events.catalog.names import LONG, SEVERITY, SHORT
from vpc_backup_events.catalog.spelling import normal_form
from vpc_backup_events.values.errors import KitError

__all__ = ["Assumption", "assume", "fixed_for"]

# attributes whose texts differ from event to event or from account to account
_FACTS = (("id",), ("time",), ("source",), ("ibmensourceid",), ("notification_id",))
# attributes that reasons, types and severities are told by
_TELLING = ("type", SEVERITY, "data", LONG)
_LOOKS = re.compile(r"\(\?(?P<sign>[=!])(?:\.\*)?(?P<text>[^()]+?)(?:\.\*)?\)")
_SPECIAL = re.compile(r"([.*+?()|\[^$])")


class Assumption(NamedTuple):
    """A filter as it is for events that have the ids and CRNs it asks for."""

    filter: Filter
    #: the conditions that are taken to be met
    assumed: tuple[str, ...]


def fixed_for(filter: Filter, shorter: bool) -> str:
    """The filter that does what this one seems to be meant for; empty where there is none that is sure.

    `shorter` asks for the shortest filter, too.
    """
    correction = _read(changed(filter.tree, _corrected))
    if correction is None:
        return ""
    # what is not one of the reasons of the table can only be matched as text
    correction = _read(changed(correction.tree, _as_text)) or correction
    likely, assumed = assume(correction)
    descends = "$.." in correction.expression and any(not c.whole and not c.names for c in correction.conditions)
    inside = descends or any(map(_is_inside, correction.conditions))
    result: Filter | None = correction
    if inside or shorter or is_uneven(likely, reach_of(likely)):
        result = _recomposed(correction, likely, assumed, inside)
    if result is None or result.refused or str(result.tree) == str(filter.tree):
        return ""
    return "" if reach_of(assume(result).filter).nothing else result.expression


def _recomposed(correction: Filter, likely: Filter, assumed: Sequence[str], inside: bool) -> Filter | None:
    """The filter made anew from the reasons and severities that it is meant to let through."""
    rest = _rest(correction, assumed)
    if rest is None:
        return _read(changed(correction.tree, _piecewise))
    without = any(condition.negated and condition.names[:1] == (LONG,) for condition in correction.conditions)
    meanings = wishes(likely, without) if inside else iter([granted(likely, without)])
    for wish in meanings:
        anew = composed(wish, correction)
        if anew is not None:
            return _read(joined("&&", [anew, *rest]))
    return None


def assume(filter: Filter) -> Assumption:
    """The filter as it is for events that have the ids and CRNs it asks for, and the texts of those."""
    facts: dict[Leaf, Path] = {}
    for leaf, negated in leaves(filter.tree):
        path = leaf.forward.left if isinstance(leaf, Comparison) else None
        if isinstance(path, Path) and not negated and _is_fact(leaf):
            facts[leaf] = path
    if not facts:
        return Assumption(filter, ())
    assumed = tuple(str(leaf.forward) for leaf in facts)
    return Assumption(_read(changed(filter.tree, facts.get)) or filter, assumed)


def _is_fact(leaf: Leaf) -> bool:
    """Whether an event could have the text that is asked for, though none of the forms does."""
    condition = _condition(leaf)
    if condition is None or condition.operator not in ("==", "=~") or not isinstance(condition.value, str):
        return False
    if condition.names in ((LONG,), (SHORT,)):
        is_possible = condition.operator == "=~" and any(character.isdigit() for character in condition.value)
    else:
        is_possible = condition.whole and condition.names in _FACTS
    alone = _read(leaf) if is_possible else None
    return alone is not None and not alone.refused and not any(alone.matches(form.event) for form in forms())


def _rest(filter: Filter, assumed: Sequence[str]) -> list[Node] | None:
    """Conditions that are about neither reason, type nor severity, to be kept; None where that is not so simple."""
    others: list[Node] = []
    for leaf, _ in leaves(filter.tree):
        shown = leaf.forward
        is_other = any(c.names and c.names[0] not in _TELLING and not _is_inside(c) for c in conditions_of(leaf))
        if str(shown) in assumed or is_other:
            others.append(shown)
    tree = filter.tree
    parts = tree.parts if isinstance(tree, Junction) and tree.operator == "&&" else (tree,)
    is_plain = all(isinstance(part, Leaf) for part in parts)
    return others if not others or is_plain else None


# ---------------------------------------------------------------------------------------------- how it is asked for


def _corrected(leaf: Leaf) -> Node | None:
    """The leaf with the text and the name corrected that no event has."""
    condition = _condition(leaf)
    if condition is None or not condition.whole:
        return None
    names = attribute_of(condition)
    if isinstance(leaf, Path):
        return path_to(*names) if names != condition.names else None
    value = condition.value
    if not isinstance(value, str):
        return None
    if condition.operator == "=~" and left_out(value):
        return _without_looks(path_to(*names), value)
    if condition.operator == "=~":
        for word, near in misspelt(value) if names == (LONG,) else ():
            value = value.replace(word, near)
        value = re.sub(r"\\d", "[0-9]", re.sub(r"\\([^\w\\])", r"[\1]", value))
    elif condition.names == ("type",):
        value = type_of(value) or value
    elif names == (SEVERITY,):
        closest = get_close_matches(value.lower(), list(catalog.severities), 1)
        value = closest[0] if closest else value
    if value == condition.value and names == condition.names:
        return None
    return Comparison(path_to(*names), condition.operator, value)


def _without_looks(path: Path, pattern: str) -> Node | None:
    """Look-aheads as conditions of their own; None for what is not so simple."""
    looks = list(_LOOKS.finditer(pattern))
    without = _LOOKS.sub("", pattern)
    if not looks or left_out(without):
        return None
    parts: list[Node] = []
    for look in looks:
        match = Comparison(path, "=~", look["text"])
        parts.append(Negation(match) if look["sign"] == "!" else match)
    rest = re.sub(r"^\^|\.\*|\$$", "", without)
    if rest:
        parts.append(Comparison(path, "=~", rest))
    return joined("&&", parts)


def _piecewise(leaf: Leaf) -> Node | None:
    """A path into the details as a filter of its own; as it is where it can't be, which is still a trap."""
    if not any(map(_is_inside, conditions_of(leaf))):
        return None
    alone = _read(leaf)
    wish = next(wishes(alone, False), None) if alone else None
    expression = filter_for(wish.pairs) if wish else ""
    return parse(expression).tree if expression else None


def _as_text(leaf: Leaf) -> Node | None:
    """A comparison of an id, or of a code that the table has not, in the details as a match of the long text."""
    condition = _condition(leaf)
    if condition is None or not _is_inside(condition) or condition.operator not in ("==", "=~"):
        return None
    value = condition.value
    if not isinstance(value, str):
        return None
    is_pattern = condition.operator == "=~"
    meant = [code for code in codes_without_token() if normal_form(code) == normal_form(value)]
    if is_pattern and any(code in value for code in codes_without_token()):
        pattern = value
    elif meant:
        pattern = meant[0]
    elif any(character.isdigit() for character in value):
        pattern = value if is_pattern else _SPECIAL.sub(r"[\1]", value)
    else:
        return None
    return Comparison(path_to(LONG), "=~", pattern)


# ------------------------------------------------------------------------------------------------------- conditions


def _is_inside(condition: Condition) -> bool:
    """Whether the path is meant to lead to the details."""
    names = condition.names
    if names[:1] == ("data",) or (names[:1] == (LONG,) and len(names) > 1):
        return True
    return bool(names) and names[0] in details()


def _condition(leaf: Leaf) -> Condition | None:
    """What one path is compared with; None where it is another path, and where there is no path."""
    conditions = list(conditions_of(leaf))
    return conditions[0] if len(conditions) == 1 else None


def _read(tree: Node) -> Filter | None:
    try:
        return parse(str(tree))
    except KitError:
        return None
