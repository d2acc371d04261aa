"""What a filter lets through, over everything that the documentation knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters.forms import forms, severities
from vpc_backup_events.authoring.filters.model import Filter

Verdict = Literal["passes", "passes in part", "does not pass"]


@dataclass(frozen=True, slots=True)
class Row:
    """One reason of one event type."""

    # id of the pair in the catalog
    pair: str
    event_type: str
    reason: str
    # names of the forms that pass, and of those that do not; the canonical form's name is empty
    passing: tuple[str, ...]
    failing: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether events of the pair pass, in every documented form."""
        return "does not pass" if not self.passing else "passes in part" if self.failing else "passes"

    def as_json(self) -> dict[str, Any]:
        """The row as a member of `filter.pairs` of the report."""
        return {
            "pair": self.pair,
            "event_type": self.event_type,
            "reason": self.reason,
            "verdict": self.verdict,
            "passing": [name or "canonical" for name in self.passing],
            "failing": [name or "canonical" for name in self.failing],
        }


@dataclass(frozen=True, slots=True)
class Reach:
    """What a filter lets through; events of the rows have the severity that the documentation shows."""

    rows: tuple[Row, ...]
    # each severity, None for an event without, and how many of the pairs pass with it in some spelling
    severities: tuple[tuple[str | None, int], ...]

    @property
    def full(self) -> frozenset[str]:
        """Ids of the pairs that pass in every form."""
        return frozenset(row.pair for row in self.rows if row.verdict == "passes")

    @property
    def any(self) -> frozenset[str]:
        """Ids of the pairs that pass in some form at least."""
        return frozenset(row.pair for row in self.rows if row.passing)

    @property
    def nothing(self) -> bool:
        """No event passes, whatever its form and severity."""
        return not self.any and not any(count for _, count in self.severities)

    @property
    def everything(self) -> bool:
        """Every event passes, whatever its form and severity."""
        return len(self.full) == len(self.rows) and all(count == len(self.rows) for _, count in self.severities)

    def as_json(self) -> dict[str, Any]:
        """The members `pairs` and `severities` of `filter` in the report."""
        return {
            "pairs": [row.as_json() for row in self.rows],
            "severities": [{"severity": name, "pairs": count} for name, count in self.severities],
        }


def reach(filter: Filter) -> Reach:
    """What the filter lets through: 20 rows, by pair, and each severity."""
    passing: dict[str, list[str]] = {}
    failing: dict[str, list[str]] = {}
    for form in forms():
        (passing if filter.matches(form.event) else failing).setdefault(form.pair, []).append(form.name)
    rows = tuple(
        Row(pair.id, pair.event_type, pair.reason, tuple(passing.get(pair.id, ())), tuple(failing.get(pair.id, ())))
        for pair in catalog.pairs.values()
    )
    counts = tuple(
        (name, len({form.pair for form in made if filter.matches(form.event)})) for name, made in severities()
    )
    return Reach(rows, counts)
