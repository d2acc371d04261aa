"""From a filter in a trap to the filter that works: what it asks for is kept, how it asks is corrected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters._regex import left_out
from vpc_backup_events.authoring.filters.forms import Form, attributes, details, forms
from vpc_backup_events.authoring.filters.model import Condition, Filter
from vpc_backup_events.authoring.filters.reach import reach
from vpc_backup_events.authoring.filters.suggest import filter_for
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.values.errors import KitError

# attributes whose texts differ from event to event or from account to account
_FACTS = (("id",), ("time",), ("source",), ("ibmensourceid",), ("notification_id",))
_WORD = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)+")
_LOOKS = re.compile(r"\(\?(?P<sign>[=!])(?:\.\*)?(?P<text>[^()]+?)(?:\.\*)?\)")
_COMPARED = r"\s*(?:==|!=|<=?|>=?|=~)\s*(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
# forms that a filter should not tell apart
_ALIKE = ("canonical", "spelling", "layout")


def fixed_for(filter: Filter, is_partial: Callable[[Filter], bool], shorter: bool) -> str:
    """The filter that does what this one seems to be meant for; empty where there is none that is sure.

    `is_partial` tells whether a filter passes events of one reason in one form and not in another. `shorter` asks for
    the shortest filter, too.
    """
    meant = _try(_rewritten(filter))
    if meant is None:
        return ""
    # ids in the details can only be matched as text
    meant = _try(_as_text(meant)) or meant
    tried, assumed = assume(meant)
    inside = any(map(_is_inside, meant.conditions)) or _descends(meant)
    made: Filter | None
    if not (inside or shorter or is_partial(tried)):
        made = meant
    else:
        rest = _rest(meant, assumed)
        without = any(c.negated and c.names[:1] == (LONG,) for c in meant.conditions)
        wishes = _wishes(tried, without) if inside else [(_pairs(tried, without), _passing(tried))]
        found = (_composed(pairs, severities, meant) for pairs, severities in wishes) if rest is not None else ()
        composed = next((text for text in found if text), "")
        if composed:
            made = _try(" && ".join([f"({composed})" if rest and " || " in composed else composed, *(rest or ())]))
        else:
            made = _try(_piecewise(meant)) if rest is None else None
    if made is None or made.refused or made.expression == filter.expression or reach(assume(made)[0]).nothing:
        return ""
    return made.expression


def assume(filter: Filter) -> tuple[Filter, tuple[str, ...]]:
    """The filter as it is for events that have the ids and CRNs it asks for, and the texts of those."""
    text, assumed = filter.expression, []
    for condition, place in _backwards(filter):
        alone = _try(place[0]) if _is_fact(condition) else None
        if alone and not alone.refused and not any(alone.matches(form.event) for form in forms()):
            assumed.append(place[0])
            text = f"{text[: place.start()]}{place['path']}{text[place.end() :]}"
    return (_try(text) or filter) if assumed else filter, tuple(reversed(assumed))


def attribute_of(condition: Condition) -> str:
    """The path, or that of the attribute that is meant by it."""
    names = condition.names[1:] if condition.names[:1] == ("data",) else condition.names
    if names == ("severity",):
        return "$.ibmenseverity"
    return f"$.{names[0]}" if len(names) == 1 and names[0] in attributes() else condition.path


def misspelt(pattern: str) -> Iterator[tuple[str, str]]:
    """Words in a regular expression that are no code, nor anything else of an event, and the code that is meant."""
    codes = [s.spelling for pair in catalog.pairs.values() for s in pair.spellings]
    for word in dict.fromkeys(_WORD.findall(pattern)):
        if not any(word in form.event[LONG] for form in forms()):
            for near in get_close_matches(word.lower(), codes, 1, 0.75):
                yield word, near


def type_of(value: str) -> str:
    """The documented type that is meant, or empty."""
    spelled = [name for kind in catalog.event_types.values() for name in (kind.type, *kind.aliases)]
    alone = value.partition(":")[0]
    if alone in spelled:
        return alone
    last = {name.rpartition(".")[2]: name for name in spelled}
    near = get_close_matches(alone.rpartition(".")[2].lower(), list(last), 1)
    return last[near[0]] if near else ""


# ------------------------------------------------------------------------------------------------- what is asked for


def _pairs(filter: Filter, without: bool) -> frozenset[str]:
    """Pairs that pass in some form; where the filter leaves codes out, those of which no spelling is left out."""
    if without:
        failing = {form.pair for form in forms() if form.kind in _ALIKE and not filter.matches(form.event)}
        return frozenset(catalog.pairs) - failing
    return reach(filter).any


def _passing(filter: Filter) -> frozenset[str]:
    """Severities with which some event passes."""
    return frozenset(name for name, count in reach(filter).severities if count and name and name in catalog.severities)


def _wishes(filter: Filter, without: bool) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Pairs and severities that would pass if the details could be reached as the filter has it."""
    for code_alone in (False, True):
        every = [(form.pair, _opened(form, filter, code_alone)) for form in forms() if form.kind in _ALIKE]
        by_severity = {
            name: [(pair, filter.matches({**event, "ibmenseverity": name})) for pair, event in every]
            for name in _severities()
        }
        severities = frozenset(name for name, tried in by_severity.items() if any(passes for _, passes in tried))
        tried = [each for name in severities for each in by_severity[name]]
        wished = frozenset(pair for pair, passes in tried if passes)
        if without:
            wished -= {pair for pair, passes in tried if not passes}
        if wished:
            yield wished, severities


def _opened(form: Form, filter: Filter, code_alone: bool) -> dict[str, Any]:
    """The event with its details wherever the filter looks for them."""
    code = str(form.details.get("status_reason", "")).partition(": ")[0]
    inner = {**form.details, "reason": code, **({"status_reason": code} if code_alone else {})}
    into = any(c.names[:1] == (LONG,) and (len(c.names) > 1 or not c.whole) for c in filter.conditions)
    event = {**inner, **form.event, "data": inner}
    return {**event, LONG: inner} if into else event


def _severities() -> list[str]:
    return [severity.name for severity in catalog.severities.values() if not severity.fallback]


def _composed(pairs: frozenset[str], severities: frozenset[str], meant: Filter) -> str:
    """The filter for the pairs and the severities, by what it leaves out where it did; empty where there is none."""
    if not pairs or not severities:
        return ""
    others = filter_for(frozenset(catalog.pairs) - pairs)
    without = bool(meant.conditions) and all(c.negated for c in meant.conditions)
    made = f"not({others})" if without and others else filter_for(pairs)
    names = sorted(severities)
    if not made or names == sorted(_severities()):
        return made
    severity = f'$.ibmenseverity == "{names[0]}"' if len(names) == 1 else f'$.ibmenseverity =~ "^({"|".join(names)})$"'
    if made == "$.*":
        return severity
    return f"({made}) && {severity}" if " || " in made else f"{made} && {severity}"


def _rest(filter: Filter, assumed: Iterable[str]) -> list[str] | None:
    """Conditions that are about neither reason, type nor severity, to be kept; None where that is not so simple."""
    places = [(c, place) for c, place in reversed(list(_backwards(filter)))]
    kept = [
        place[0]
        for condition, place in places
        if place[0] in assumed
        or (
            condition.names[:1] not in (("type",), ("ibmenseverity",), ("data",), (LONG,)) and not _is_inside(condition)
        )
    ]
    known = ("type", "ibmenseverity", "data", LONG, *details())
    unplaced = [c for c in filter.conditions if c.names and c.names[0] not in known and c not in [p[0] for p in places]]
    if not kept and not unplaced:
        return []
    joined = "||" in filter.expression or any(c.negated for c in filter.conditions)
    return None if joined or unplaced else kept


# ---------------------------------------------------------------------------------------------- how it is asked for


def _rewritten(filter: Filter) -> str:
    """The expression with the texts and names corrected that no event has."""
    text = filter.expression
    for condition, place in _backwards(filter):
        made = _corrected(attribute_of(condition), condition.operator, condition.value, condition)
        if made is not None:
            text = text[: place.start()] + made + text[place.end() :]
    return text


def _corrected(path: str, operator: str, value: Any, condition: Condition) -> str | None:
    if not isinstance(value, str):
        return path if path != condition.path and not operator else None
    if operator == "=~" and left_out(value):
        return _without_looks(path, value)
    if operator == "=~":
        for word, near in misspelt(value) if path == f"$.{LONG}" else ():
            value = value.replace(word, near)
        value = re.sub(r"\\d", "[0-9]", re.sub(r"\\([^\w\\])", r"[\1]", value))
    elif condition.names == ("type",):
        value = type_of(value) or value
    elif path == "$.ibmenseverity":
        closest = get_close_matches(value.lower(), list(catalog.severities), 1)
        value = closest[0] if closest else value
    if value == condition.value and path == condition.path:
        return None
    return f"{path} {operator} {_quoted(value)}"


def _without_looks(path: str, pattern: str) -> str | None:
    """Look-aheads as conditions of their own; None for what is not so simple."""
    looks = list(_LOOKS.finditer(pattern))
    rest = re.sub(r"^\^|\.\*|\$$", "", _LOOKS.sub("", pattern))
    if not looks or left_out(_LOOKS.sub("", pattern)):
        return None
    parts = [
        f"not({path} =~ {_quoted(look['text'])})" if look["sign"] == "!" else f"{path} =~ {_quoted(look['text'])}"
        for look in looks
    ]
    parts += [f"{path} =~ {_quoted(rest)}"] if rest else []
    return parts[0] if len(parts) == 1 else f"({' && '.join(parts)})"


def _piecewise(filter: Filter) -> str:
    """Each path into the details as a filter of its own in its place; empty where one of them can't be."""
    text = filter.expression
    for condition, place in _backwards(filter):
        if not _is_inside(condition):
            continue
        alone = _try(place[0])
        wished = next(_wishes(alone, False), None) if alone else None
        made = filter_for(wished[0]) if wished else ""
        if not made:
            return ""
        made = f"({made})" if " && " in made or " || " in made else made
        text = text[: place.start()] + made + text[place.end() :]
    return text


def _as_text(filter: Filter) -> str:
    """Comparisons of an id in the details as matches of the long text; empty where there is none."""
    text = filter.expression
    for condition, place in _backwards(filter):
        value = condition.value
        if not _is_inside(condition) or condition.operator not in ("==", "=~") or not isinstance(value, str):
            continue
        if not any(character.isdigit() for character in value):
            continue
        pattern = value if condition.operator == "=~" else re.sub(r"([.*+?()|\[^$])", r"[\1]", value)
        text = f"{text[: place.start()]}$.{LONG} =~ {_quoted(pattern)}{text[place.end() :]}"
    return text if text != filter.expression else ""


# ------------------------------------------------------------------------------------------------------- conditions


def _backwards(filter: Filter) -> Iterator[tuple[Condition, re.Match[str]]]:
    """Conditions with their places in the expression, from the last to the first, so that places stay true."""
    for condition in sorted(filter.conditions, key=lambda c: c.position, reverse=True):
        compared = _COMPARED if condition.operator else ""
        form = re.compile(rf"(?P<path>{re.escape(condition.path)})(?![\w.\[-]){compared}")
        if condition.names and (place := form.match(filter.expression, condition.position)):
            yield condition, place


def _is_inside(condition: Condition) -> bool:
    """Whether the path is meant to lead to the details."""
    names = condition.names
    return (
        names[:1] == ("data",) or (names[:1] == (LONG,) and len(names) > 1) or (bool(names) and names[0] in details())
    )


def _descends(filter: Filter) -> bool:
    return any(not c.whole and not c.names and "$.." in filter.expression for c in filter.conditions)


def _is_fact(condition: Condition) -> bool:
    """Whether an event could have this text, though none of the forms does."""
    if condition.negated or condition.operator not in ("==", "=~") or not isinstance(condition.value, str):
        return False
    if condition.names in ((LONG,), ("ibmendefaultshort",)):
        return condition.operator == "=~" and any(character.isdigit() for character in condition.value)
    return condition.names in _FACTS


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "[']") + "'" if '"' in text else f'"{text}"'


def _try(expression: str) -> Filter | None:
    try:
        return parse(expression) if expression else None
    except KitError:
        return None
