"""The traps that a filter may be in: paths that lead nowhere, texts that no event has, reasons that pass in part."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters._regex import left_out
from vpc_backup_events.authoring.filters.forms import attributes, details, forms, forms_of
from vpc_backup_events.authoring.filters.model import Condition, Filter
from vpc_backup_events.authoring.filters.reach import WORD, Reach, Row, spelled_types
from vpc_backup_events.catalog.names import LONG, SEVERITY
from vpc_backup_events.making.draft import canonical_severity
from vpc_backup_events.values.breach import Breach

__all__ = ["attribute_of", "is_error", "is_uneven", "misspelt", "traps", "type_of"]

# of a type filter in the documentation of Terraform's ibm_en_topic
SHORTEST, LONGEST = 3, 255
_UNPUBLISHED = '"(?~'
# how much a word has to be like a code to be taken for it
_CLOSE = 0.75
# how much a type has to be like one of the four: a type of another resource is none of them
_SLIP = 0.86


def traps(filter: Filter, likely: Filter, reach: Reach) -> Iterator[Breach]:
    """The traps; `likely` is the filter as it is for events with the facts it asks for, and `reach` what that takes."""
    breaches: list[Breach] = []
    for condition in filter.conditions:
        breaches += _path(condition)
        breaches += _value(condition)
    breaches += _unevenness(likely, reach)
    breaches += _severity(filter, reach)
    breaches += _text(filter)
    passing: set[str] = set().union(*(row.passing for row in reach.rows))
    if passing and not breaches and passing <= {form.name for form in forms() if "data" in form.event}:
        breaches.append(Breach("P04-filter-data", (), {"name": filter.expression}))
    # two conditions in one trap are one finding
    yield from {(breach.requirement, breach.path): breach for breach in breaches}.values()
    is_explained = any(is_error(breach) or _is_possible(breach) for breach in breaches)
    if reach.nothing and not is_explained:
        yield Breach("P37-filter-never", ())
    if reach.everything and likely is filter:
        yield Breach("P37-filter-always", ())


def is_error(breach: Breach) -> bool:
    """Whether the documented profile takes no event because of it."""
    return catalog.requirements[breach.requirement].profiles["documented"] == "error"


def _is_possible(breach: Breach) -> bool:
    """Whether an event may have what the breach speaks of, though none is shown with it: `data`, other attributes."""
    return breach.requirement == "P04-filter-data" or (
        breach.requirement == "P03-filter-attribute" and len(breach.path) == 1
    )


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
            for word, near in misspelt(value):
                yield Breach("P16-filter-reason", condition.names, {"value": word, "expected": near})
    elif condition.operator in ("==", "!="):
        if condition.names == ("type",) and (fixed := type_of(value)) != value:
            colon = ":" in value
            values = {"value": value, "expected": f"; the nearest is {fixed}" if fixed else ""}
            yield Breach("P05-filter-subtype" if colon else "P05-filter-type", condition.names, values)
        if attribute_of(condition) == (SEVERITY,) and value not in catalog.severities:
            yield Breach("P08-filter-severity", condition.names, {"value": value})


def _severity(filter: Filter, reach: Reach) -> Iterator[Breach]:
    counts = dict(reach.severities)
    asked = [c for c in filter.conditions if c.names == (SEVERITY,) and isinstance(c.value, str)]
    others = any(count for name, count in counts.items() if name != canonical_severity())
    spelled = all(c.value in catalog.severities or c.operator not in ("==", "!=") for c in asked)
    if not counts[canonical_severity()] and others and spelled:
        yield Breach("P08-filter-severity-shown", (SEVERITY,), {"expected": canonical_severity()})


def _text(filter: Filter) -> Iterator[Breach]:
    """What is said of the filter's text alone."""
    is_of_type = filter.conditions and all(c.names == ("type",) for c in filter.conditions)
    if is_of_type and not SHORTEST <= len(filter.expression) <= LONGEST:
        yield Breach("P37-filter-length", (), {"value": len(filter.expression)})
    signs = [sign for sign in _UNPUBLISHED if sign in filter.expression]
    if signs:
        yield Breach("P37-filter-terraform", (), {"value": "".join(signs)})
    if {c.negated for c in filter.conditions} == {True, False}:
        yield Breach("P37-filter-not", ())


# ------------------------------------------------------------------ reasons that pass in one form and not in another


def is_uneven(filter: Filter, reach: Reach) -> bool:
    """Whether events of a reason pass in one form that matters and not in another."""
    return next(_unevenness(filter, reach), None) is not None


def _unevenness(filter: Filter, reach: Reach) -> Iterator[Breach]:
    if any(condition.names[:1] == (LONG,) for condition in filter.conditions):
        missing: set[str] = set()
        for row in reach.rows:
            missing |= _missing_spellings(row)
        if any(map(_depends_on_layout, reach.rows)):
            yield Breach("P11-filter-white-space", (LONG,), {"name": f"$.{LONG}"})
        elif missing:
            yield Breach("P16-filter-spelling", (LONG,), {"expected": ", ".join(sorted(missing))})
    if any(condition.names == ("type",) for condition in filter.conditions):
        yield from _types(filter)


def _missing_spellings(row: Row) -> set[str]:
    """Spellings of a reason that do not pass, where another one does."""
    spellings = {form.name for form in forms_of("canonical", "spelling") if form.pair == row.pair}
    failing = spellings - set(row.passing)
    if failing == spellings:
        return set()
    return {name.removeprefix("spelled ") or row.reason for name in failing}


def _depends_on_layout(row: Row) -> bool:
    """Whether events pass in one layout of their long text and not in another."""
    layouts = [form.name for form in forms_of("layout") if form.pair == row.pair]
    return any((name.rpartition(", ")[0] in row.passing) != (name in row.passing) for name in layouts)


def _types(filter: Filter) -> Iterator[Breach]:
    """Types that pass in one spelling and not in another."""
    passing = {form.event["type"] for form in forms_of("canonical", "type") if filter.matches(form.event)}
    for kind in catalog.event_types.values():
        for alias in kind.aliases:
            if (alias in passing) != (kind.type in passing):
                missing = alias if kind.type in passing else kind.type
                yield Breach("P05-filter-type-spelling", ("type",), {"expected": missing})


# ------------------------------------------------------------------------------------------------- what is meant


def attribute_of(condition: Condition) -> tuple[str, ...]:
    """The names of the path, or that of the attribute that is meant by it."""
    names = condition.names[1:] if condition.names[:1] == ("data",) else condition.names
    if names == ("severity",):
        return (SEVERITY,)
    return names if len(names) == 1 and names[0] in attributes() else condition.names


def misspelt(pattern: str) -> Iterator[tuple[str, str]]:
    """Words in a regular expression that are no code, nor anything else of an event, and the code that is meant."""
    spellings: list[str] = []
    for pair in catalog.pairs.values():
        spellings += (spelling.spelling for spelling in pair.spellings)
    for word in dict.fromkeys(WORD.findall(pattern)):
        if word in catalog.api_codes or any(word in form.event[LONG] for form in forms()):
            continue
        for near in get_close_matches(word.lower(), [*spellings, *catalog.api_codes], 1, _CLOSE):
            yield word, near


def type_of(value: str) -> str:
    """The documented type that is meant, or empty."""
    alone = value.partition(":")[0]
    if alone in spelled_types():
        return alone
    last = {name.rpartition(".")[2]: name for name in spelled_types()}
    near = get_close_matches(alone.rpartition(".")[2].lower(), list(last), 1, _SLIP)
    return last[near[0]] if near else ""
