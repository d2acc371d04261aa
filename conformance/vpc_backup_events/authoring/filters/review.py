"""A filter reviewed: the traps that it is in, as findings, each with the filter that works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters._regex import left_out
from vpc_backup_events.authoring.filters.forms import attributes, details, forms
from vpc_backup_events.authoring.filters.model import Condition, Filter
from vpc_backup_events.authoring.filters.reach import Reach, Row, reach_of
from vpc_backup_events.authoring.filters.repair import assume, attribute_of, fixed_for, misspelt, type_of
from vpc_backup_events.catalog.names import LONG, SEVERITY
from vpc_backup_events.checking.findings import finding, gravity
from vpc_backup_events.making.draft import canonical_severity
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.report import Finding, Profile, Report

# of a type filter in the documentation of Terraform's ibm_en_topic
SHORTEST, LONGEST = 3, 255
_UNPUBLISHED = '"(?~'
# what is said of these is true of the filter that works, too
_STAYS = frozenset({"P37-filter-always", "P37-filter-terraform", "P37-filter-not"})
# what makes events of one reason pass in part
_PARTLY = frozenset({"P16-filter-spelling", "P11-filter-white-space", "P05-filter-type-spelling"})


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
    assumption = assume(filter)
    reach = reach_of(assumption.filter)
    breaches = list(_breaches(filter, assumption.filter, reach))
    broken = {breach.requirement for breach in breaches}
    fixed = fixed_for(filter, _is_partial, bool(broken & {"P37-filter-length"})) if broken - _STAYS else ""
    if fixed and _is_trapped(fixed):
        fixed = ""
    findings = [_with(entry, fixed) for breach in breaches if (entry := finding(breach, profile, None))]
    findings.sort(key=gravity)
    return Explained(filter, reach, Report(profile, tuple(findings), events=0), fixed, assumption.assumed)


def _with(finding: Finding, fixed: str) -> Finding:
    """The finding with the filter that works, where there is one."""
    if not fixed or finding.requirement in _STAYS:
        return finding
    return replace(finding, hint=f"{finding.hint} The filter that works: {fixed}")


def _is_trapped(expression: str) -> bool:
    """Whether the filter that should work is in a trap itself, as it keeps what nothing corrects."""
    filter = parse(expression)
    likely = assume(filter).filter
    return any(map(_is_error, _breaches(filter, likely, reach_of(likely))))


def _is_partial(filter: Filter) -> bool:
    """Whether events of a reason pass in one form that matters and not in another."""
    return any(breach.requirement in _PARTLY for breach in _spread(filter, reach_of(filter)))


# ------------------------------------------------------------------------------------------------------- findings


def _breaches(filter: Filter, likely: Filter, reach: Reach) -> Iterator[Breach]:
    breaches: list[Breach] = []
    for condition in filter.conditions:
        breaches += _path(condition)
        breaches += _value(condition)
    breaches += _spread(likely, reach)
    breaches += _severity(filter, reach)
    breaches += _text(filter)
    passing: set[str] = set().union(*(row.passing for row in reach.rows))
    if passing and not breaches and passing <= {form.name for form in forms() if "data" in form.event}:
        breaches.append(Breach("P04-filter-data", (), {"name": filter.expression}))
    # two conditions in one trap are one finding
    yield from {(breach.requirement, breach.path): breach for breach in breaches}.values()
    is_explained = any(_is_error(breach) or _is_possible(breach) for breach in breaches)
    if reach.nothing and not is_explained:
        yield Breach("P37-filter-never", ())
    if reach.everything and likely is filter:
        yield Breach("P37-filter-always", ())


def _is_possible(breach: Breach) -> bool:
    """Whether an event may have what the breach speaks of, though none is shown with it: `data`, other attributes."""
    return breach.requirement == "P04-filter-data" or (
        breach.requirement == "P03-filter-attribute" and len(breach.path) == 1
    )


def _is_error(breach: Breach) -> bool:
    return catalog.requirements[breach.requirement].profiles["documented"] == "error"


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


def _spread(filter: Filter, reach: Reach) -> Iterator[Breach]:
    """Reasons that pass in one form and not in another."""
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
    spellings = _codes(row.pair)
    failing = spellings - set(row.passing)
    if failing == spellings:
        return set()
    return {name.removeprefix("spelled ") or row.reason for name in failing}


def _depends_on_layout(row: Row) -> bool:
    """Whether events pass in one layout of their long text and not in another."""
    return any((plain in row.passing) != (other in row.passing) for plain, other in _laid_out(row.pair))


def _types(filter: Filter) -> Iterator[Breach]:
    """Types that pass in one spelling and not in another."""
    typed = [form for form in forms() if form.kind in ("canonical", "type")]
    passing = {form.event["type"] for form in typed if filter.matches(form.event)}
    for kind in catalog.event_types.values():
        for alias in kind.aliases:
            if (alias in passing) != (kind.type in passing):
                missing = alias if kind.type in passing else kind.type
                yield Breach("P05-filter-type-spelling", ("type",), {"expected": missing})


def _severity(filter: Filter, reach: Reach) -> Iterator[Breach]:
    counts = dict(reach.severities)
    asked = [c for c in filter.conditions if c.names == (SEVERITY,) and isinstance(c.value, str)]
    others = any(count for name, count in counts.items() if name != canonical_severity())
    spelled = all(c.value in catalog.severities or c.operator not in ("==", "!=") for c in asked)
    if not counts[canonical_severity()] and others and spelled:
        yield Breach("P08-filter-severity-shown", (SEVERITY,), {"expected": canonical_severity()})


def _text(filter: Filter) -> Iterator[Breach]:
    """What is said of the filter's text alone."""
    text = filter.expression.strip()
    is_of_type = filter.conditions and all(c.names == ("type",) for c in filter.conditions)
    if is_of_type and not SHORTEST <= len(filter.expression) <= LONGEST:
        yield Breach("P37-filter-length", (), {"value": len(filter.expression)})
    signs = [sign for sign in _UNPUBLISHED if sign in text]
    if signs:
        yield Breach("P37-filter-terraform", (), {"value": "".join(signs)})
    if any(c.negated for c in filter.conditions) and not all(c.negated for c in filter.conditions):
        yield Breach("P37-filter-not", ())


def _codes(pair: str) -> set[str]:
    return {form.name for form in forms() if form.pair == pair and form.kind in ("canonical", "spelling")}


def _laid_out(pair: str) -> Iterator[tuple[str, str]]:
    """Names of a form and of the same in another layout."""
    for form in forms():
        if form.pair == pair and form.kind == "layout":
            head, _, tail = form.name.rpartition(", ")
            yield (head if tail else ""), form.name
