"""A filter reviewed: the traps that it is in, as findings, each with the filter that works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.model import Filter
from vpc_backup_events.authoring.filters.reach import Reach, reach_of
from vpc_backup_events.authoring.filters.repair import assume, fixed_for
from vpc_backup_events.authoring.filters.traps import is_error, traps
from vpc_backup_events.checking.findings import findings
from vpc_backup_events.values.report import Finding, Profile, Report

# what is said of these is true of the filter that works, too
_STAYS = frozenset({"P37-filter-always", "P37-filter-terraform", "P37-filter-not"})


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
    breaches = list(traps(filter, assumption.filter, reach))
    broken = {breach.requirement for breach in breaches}
    fixed = fixed_for(filter, shorter="P37-filter-length" in broken) if broken - _STAYS else ""
    if fixed and _is_trapped(parse(fixed)):
        fixed = ""
    report = Report(profile, tuple(_with(finding, fixed) for finding in findings(breaches, profile)), events=0)
    return Explained(filter, reach, report, fixed, assumption.assumed)


def _with(finding: Finding, fixed: str) -> Finding:
    """The finding with the filter that works, where there is one."""
    if not fixed or finding.requirement in _STAYS:
        return finding
    return replace(finding, hint=f"{finding.hint} The filter that works: {fixed}")


def _is_trapped(filter: Filter) -> bool:
    """Whether the filter that should work is in a trap itself, as it keeps what nothing corrects."""
    likely = assume(filter).filter
    return any(map(is_error, traps(filter, likely, reach_of(likely))))
