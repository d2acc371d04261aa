"""The traps that a filter can fall into, as findings, each with the filter that works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.breach import Breach
from vpc_backup_events.errors import KitError
from vpc_backup_events.filters import parse
from vpc_backup_events.filters._regex import left_out
from vpc_backup_events.filters.forms import Form, attributes, details, forms
from vpc_backup_events.filters.model import Condition, Filter
from vpc_backup_events.filters.reach import Reach, reach
from vpc_backup_events.filters.suggest import filter_for
from vpc_backup_events.generation.draft import LONG, canonical_severity
from vpc_backup_events.report import Finding, Profile, Report
from vpc_backup_events.wording import finding

# of a type filter in the documentation of Terraform's ibm_en_topic
SHORTEST, LONGEST = 3, 255
_UNPUBLISHED = '"(?~'
_WORD = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)+")
_LOOKS = re.compile(r"\(\?(?P<sign>[=!])(?:\.\*)?(?P<text>[^()]+?)(?:\.\*)?\)")


@dataclass(frozen=True, slots=True)
class Explained:
    """A filter with all that is to be said about it."""

    filter: Filter
    reach: Reach
    # of the filter alone; no event is judged
    report: Report
    # the filter that does what this one seems to be meant for, or empty
    fixed: str
    # texts in it that only events with certain facts have, an id or a CRN; the reach is that of such events
    assumed: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """No finding is an error."""
        return not self.report.count("error")

    def as_json(self) -> dict[str, Any]:
        """The member `filter` of the report."""
        return {
            "expression": self.filter.expression,
            **self.reach.as_json(),
            "assumed": list(self.assumed),
            "fixed": self.fixed,
        }


def explain(filter: Filter, profile: Profile = "documented") -> Explained:
    """What the filter lets through, which traps it is in, and the filter that works."""
    tried, assumed = _assume(filter)
    reached = reach(tried)
    breaches = list(_breaches(filter, tried, reached))
    fixed = _fixed(filter, breaches)
    found = [finding(breach, profile, None) for breach in breaches]
    named = [_with(f, fixed) for f in found if f]
    rank = {"error": 0, "warning": 1, "note": 2}
    named.sort(key=lambda each: (rank[each.level], each.requirement, each.pointer))
    return Explained(filter, reached, Report(profile, tuple(named), events=0), fixed, assumed)


def _with(found: Finding, fixed: str) -> Finding:
    about_itself = found.requirement in ("P37-filter-always", "P37-filter-terraform", "P37-filter-not")
    return found if not fixed or about_itself else replace(found, hint=f"{found.hint} The filter that works: {fixed}")


# ------------------------------------------------------------------------------------------------------- findings


def _breaches(filter: Filter, tried: Filter, reached: Reach) -> Iterator[Breach]:
    found = []
    for condition in filter.conditions:
        found += _path(condition)
        found += _value(condition)
    found += _spread(tried, reached)
    found += _severity(filter, reached)
    found += _text(filter)
    passing = {name for row in reached.rows for name in row.passing}
    if passing and not found and passing <= {form.name for form in forms() if "data" in form.event}:
        found.append(Breach("P04-filter-data", (), {"name": filter.expression}))
    # two conditions in one trap are one finding
    yield from {(breach.requirement, breach.path): breach for breach in found}.values()
    if reached.nothing and not any(
        catalog.requirements[b.requirement].profiles["documented"] == "error" for b in found
    ):
        yield Breach("P37-filter-never", ())
    if reached.everything and tried is filter:
        yield Breach("P37-filter-always", ())


def _path(condition: Condition) -> Iterator[Breach]:
    """Paths that lead nowhere."""
    names = condition.names
    if not names:
        return
    values = {"name": condition.path}
    if names[0] == "data":
        yield Breach("P04-filter-data", names, values)
    elif names[0] == LONG:
        if len(names) > 1 or not condition.whole:
            yield Breach("P11-filter-long-text", names, values)
    elif names[0] in details():
        yield Breach("P11-filter-long-text", names, values)
    elif names[0] not in attributes() or (len(names) > 1 and names[0] != "attachments"):
        yield Breach("P03-filter-attribute", names, values)


def _value(condition: Condition) -> Iterator[Breach]:
    """Texts that no event has."""
    value = condition.value
    if not isinstance(value, str):
        return
    if condition.operator == "=~":
        if what := left_out(value):
            yield Breach("P37-filter-look-around", condition.names, {"value": value, "expected": what})
        elif "\\" in value:
            yield Breach("P11-filter-backslash", condition.names, {"value": value})
        if condition.names == (LONG,):
            for word, near in _misspelt(value):
                yield Breach("P16-filter-reason", condition.names, {"value": word, "expected": near})
    elif condition.operator in ("==", "!="):
        if condition.names == ("type",) and (fixed := _type(value)) != value:
            colon = ":" in value
            values = {"value": value, "expected": f"; the nearest is {fixed}" if fixed else ""}
            yield Breach("P05-filter-subtype" if colon else "P05-filter-type", condition.names, values)
        if _path_meant(condition) == "$.ibmenseverity" and value not in catalog.severities:
            yield Breach("P08-filter-severity", condition.names, {"value": value})


def _spread(filter: Filter, reached: Reach) -> Iterator[Breach]:
    """Reasons that pass in one form and not in another."""
    if any(c.names[:1] == (LONG,) for c in filter.conditions):
        missed, spaced = [], False
        for row in reached.rows:
            passing = {name for name in row.passing if name in _codes(row.pair)}
            failing = _codes(row.pair) - passing
            if passing and failing:
                missed += [name.removeprefix("spelled ") or row.reason for name in failing]
            spaced = spaced or any((b in row.passing) != (a in row.passing) for a, b in _laid_out(row.pair))
        if spaced:
            yield Breach("P11-filter-white-space", (LONG,), {"name": f"$.{LONG}"})
        elif missed:
            yield Breach("P16-filter-spelling", (LONG,), {"expected": ", ".join(sorted(set(missed)))})
    if any(c.names == ("type",) for c in filter.conditions):
        passing = {form.event["type"]: filter.matches(form.event) for form in _typed()}
        for kind in catalog.event_types.values():
            for alias in kind.aliases:
                if passing[alias] != passing[kind.type]:
                    missing = alias if passing[kind.type] else kind.type
                    yield Breach("P05-filter-type-spelling", ("type",), {"expected": missing})


def _severity(filter: Filter, reached: Reach) -> Iterator[Breach]:
    counts = dict(reached.severities)
    asked = [c for c in filter.conditions if c.names == ("ibmenseverity",) and isinstance(c.value, str)]
    if not counts[canonical_severity()] and any(counts[name] for name in catalog.severities if name in counts):
        if all(c.value in catalog.severities or c.operator not in ("==", "!=") for c in asked):
            yield Breach("P08-filter-severity-shown", ("ibmenseverity",), {"expected": canonical_severity()})


def _text(filter: Filter) -> Iterator[Breach]:
    """What is said of the filter's text alone."""
    text = filter.expression.strip()
    if filter.conditions and all(c.names == ("type",) for c in filter.conditions):
        if not SHORTEST <= len(filter.expression) <= LONGEST:
            yield Breach("P37-filter-length", (), {"value": len(filter.expression)})
    signs = [sign for sign in _UNPUBLISHED if sign in text]
    if signs:
        yield Breach("P37-filter-terraform", (), {"value": "".join(signs)})
    if any(c.negated for c in filter.conditions) and not all(c.negated for c in filter.conditions):
        yield Breach("P37-filter-not", ())


# ---------------------------------------------------------------------------------------------- the filter that works


def _assume(filter: Filter) -> tuple[Filter, tuple[str, ...]]:
    """The filter as it is for events that have the ids and CRNs it asks for, and the texts of those."""
    text, assumed = filter.expression, []
    for condition in sorted(filter.conditions, key=lambda c: c.position, reverse=True):
        place = _place(text, condition)
        if place is None or not _is_fact(condition):
            continue
        alone = _try(place[0])
        if alone and not alone.refused and not any(alone.matches(form.event) for form in forms()):
            assumed.append(place[0])
            text = f"{text[: place.start()]}{place['path']}{text[place.end() :]}"
    return (_try(text) or filter) if assumed else filter, tuple(reversed(assumed))


def _is_fact(condition: Condition) -> bool:
    """Whether an event could have this text, though none of the forms does."""
    if condition.negated or condition.operator not in ("==", "=~") or not isinstance(condition.value, str):
        return False
    if condition.names in ((LONG,), ("ibmendefaultshort",)):
        return condition.operator == "=~" and any(character.isdigit() for character in condition.value)
    return condition.names in (("id",), ("time",), ("source",), ("ibmensourceid",), ("notification_id",))


def _fixed(filter: Filter, breaches: list[Breach]) -> str:
    broken = {breach.requirement for breach in breaches}
    if not broken - {"P37-filter-always", "P37-filter-terraform", "P37-filter-not"}:
        return ""
    meant = _try(_rewritten(filter))
    if meant is None:
        return ""
    inside = {"P04-filter-data", "P11-filter-long-text", "P03-filter-attribute"} & broken
    spread = {"P16-filter-spelling", "P11-filter-white-space", "P05-filter-type-spelling"} & broken
    length = "P37-filter-length" in broken
    reached = reach(meant)
    if inside or spread or length or any(_spread(meant, reached)):
        # of a reason that must not pass, no spelling passes
        without = bool(meant.conditions) and all(c.negated for c in meant.conditions)
        wishes = _wishes(meant) if inside else [(reached.full if without else reached.any, _passing(meant))]
        for pairs, severities in wishes:
            if again := _try(_composed(pairs, severities, without)):
                return again.expression if again.expression != filter.expression else ""
    if inside:
        meant = _try(_as_text(meant)) or meant
    return meant.expression if meant.expression != filter.expression and not meant.refused else ""


def _composed(pairs: frozenset[str], severities: frozenset[str], without: bool) -> str:
    """The filter for the pairs and the severities, by what it leaves out if `without`; empty where there is none."""
    if not pairs or not severities:
        return ""
    others = frozenset(catalog.pairs) - pairs
    made = f"not({filter_for(others)})" if without and filter_for(others) else filter_for(pairs)
    every = frozenset(name for name in catalog.severities if not catalog.severities[name].fallback)
    if not made or severities == every:
        return made
    names = sorted(severities)
    severity = f'$.ibmenseverity == "{names[0]}"' if len(names) == 1 else f'$.ibmenseverity =~ "^({"|".join(names)})$"'
    if made == "$.*":
        return severity
    return f"({made}) && {severity}" if " || " in made else f"{made} && {severity}"


def _passing(filter: Filter) -> frozenset[str]:
    """Severities with which some event passes."""
    counts = reach(filter).severities
    return frozenset(name for name, count in counts if count and name in catalog.severities)


def _path_meant(condition: Condition) -> str:
    """The path, or that of the attribute that is meant by it."""
    names = condition.names[1:] if condition.names[:1] == ("data",) else condition.names
    if names == ("severity",):
        return "$.ibmenseverity"
    return f"$.{names[0]}" if len(names) == 1 and names[0] in attributes() else condition.path


def _misspelt(pattern: str) -> Iterator[tuple[str, str]]:
    """Words in a regular expression that are no code, nor anything else of an event, and the code that is meant."""
    codes = [s.spelling for pair in catalog.pairs.values() for s in pair.spellings]
    for word in dict.fromkeys(_WORD.findall(pattern)):
        if not any(word in form.event[LONG] for form in forms()):
            for near in get_close_matches(word.lower(), codes, 1, 0.75):
                yield word, near


def _wishes(filter: Filter) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Pairs and severities that would pass if the details could be reached as the filter has it."""
    for code_alone in (False, True):
        every = [(form.pair, _opened(form, filter, code_alone)) for form in forms() if form.kind != "other"]
        wished = frozenset(pair for pair, event in every if filter.matches(event))
        names = [name for name in catalog.severities if not catalog.severities[name].fallback]
        passing = frozenset(
            name
            for name in names
            if any(filter.matches({**event, "ibmenseverity": name, "severity": name}) for _, event in every)
        )
        if not wished and passing:
            wished = frozenset(
                pair for pair, event in every for n in passing if filter.matches({**event, "ibmenseverity": n})
            )
        if wished:
            yield wished, passing


def _opened(form: Form, filter: Filter, code_alone: bool) -> dict[str, Any]:
    """The event with its details wherever the filter looks for them."""
    code = str(form.details.get("status_reason", "")).partition(": ")[0]
    inner = {**form.details, "reason": code, **({"status_reason": code} if code_alone else {})}
    into = any(c.names[:1] == (LONG,) and (len(c.names) > 1 or not c.whole) for c in filter.conditions)
    event = {**inner, **form.event, "data": inner}
    return {**event, LONG: inner} if into else event


def _rewritten(filter: Filter) -> str:
    """The expression with the texts corrected that no event has, from the last to the first."""
    text = filter.expression
    for condition in sorted(filter.conditions, key=lambda c: c.position, reverse=True):
        place = _place(text, condition)
        if place is None:
            continue
        path, operator, value = _path_meant(condition), condition.operator, condition.value
        made = _corrected(path, operator, value, condition)
        if made is not None:
            text = text[: place.start()] + made + text[place.end() :]
    return text


def _corrected(path: str, operator: str, value: Any, condition: Condition) -> str | None:
    if not isinstance(value, str):
        return path if path != condition.path and not operator else None
    if operator == "=~" and left_out(value):
        return _without_looks(path, value)
    if operator == "=~":
        for word, near in _misspelt(value) if path == f"$.{LONG}" else ():
            value = value.replace(word, near)
        value = re.sub(r"\\d", "[0-9]", re.sub(r"\\([^\w\\])", r"[\1]", value))
    elif condition.names == ("type",):
        value = _type(value) or value
    elif path == "$.ibmenseverity":
        near = get_close_matches(value.lower(), list(catalog.severities), 1)
        value = near[0] if near else value
    if value == condition.value and path == condition.path:
        return None
    return f"{path} {operator} {_quoted(value)}"


def _without_looks(path: str, pattern: str) -> str | None:
    """Look-aheads at the beginning of a text as conditions of their own; None for what is not so simple."""
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


def _as_text(filter: Filter) -> str:
    """Comparisons with what stands in the long text as matches of that text."""
    text = filter.expression
    for condition in sorted(filter.conditions, key=lambda c: c.position, reverse=True):
        place = _place(text, condition)
        inside = condition.names[:1] == (LONG,) and len(condition.names) > 1
        inside = inside or (condition.names and (condition.names[0] == "data" or condition.names[0] in details()))
        if place and inside and condition.operator in ("==", "=~") and isinstance(condition.value, str):
            value = (
                condition.value if condition.operator == "=~" else re.sub(r"([.*+?()|\[^$])", r"[\1]", condition.value)
            )
            text = f"{text[: place.start()]}$.{LONG} =~ {_quoted(value)}{text[place.end() :]}"
    return text if text != filter.expression else ""


def _place(text: str, condition: Condition) -> re.Match[str] | None:
    """Where a condition stands: a path of names, and what it is compared with."""
    compared = r"\s*(?:==|!=|<=?|>=?|=~)\s*(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')" if condition.operator else ""
    return re.compile(rf"(?P<path>{re.escape(condition.path)})(?![\w.\[-]){compared}").match(text, condition.position)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "[']") + "'" if '"' in text else f'"{text}"'


def _try(expression: str) -> Filter | None:
    try:
        return parse(expression) if expression else None
    except KitError:
        return None


# -------------------------------------------------------------------------------------------------- what there is


def _type(value: str) -> str:
    """The documented type that is meant, or empty."""
    spelled = [name for kind in catalog.event_types.values() for name in (kind.type, *kind.aliases)]
    alone = value.partition(":")[0]
    if alone in spelled:
        return alone
    last = {name.rpartition(".")[2]: name for name in spelled}
    near = get_close_matches(alone.rpartition(".")[2].lower(), list(last), 1)
    return last[near[0]] if near else ""


def _codes(pair: str) -> set[str]:
    return {form.name for form in forms() if form.pair == pair and form.kind in ("canonical", "spelling")}


def _laid_out(pair: str) -> Iterator[tuple[str, str]]:
    """Names of a form and of the same in another layout."""
    for form in forms():
        if form.pair == pair and form.kind == "layout":
            head, _, tail = form.name.rpartition(", ")
            yield (head if tail else ""), form.name


def _typed() -> list[Form]:
    return [form for form in forms() if form.kind in ("canonical", "type")]
