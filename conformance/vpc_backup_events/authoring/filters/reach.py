"""What a filter lets through, over everything that the documentation knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any, Literal

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters.forms import (
    Form,
    beside,
    codes_without_token,
    forms,
    forms_of,
    severities,
    with_code,
)
from vpc_backup_events.authoring.filters.model import Filter
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import LONG, SEVERITY
from vpc_backup_events.catalog.spelling import normal_form
from vpc_backup_events.making.draft import source

#: what may be a code
WORD = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)+")

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
    #: each severity, None for an event without, and how many of the pairs pass with it in some spelling
    severities: tuple[tuple[str | None, int], ...]
    #: each code of the VPC API that no reason of the table has, and whether events with it pass
    codes: tuple[tuple[str, bool], ...] = ()
    #: an event beside all of these passes that the documented profile takes with a warning
    others: bool = False

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
        is_known = self.any or any(count for _, count in self.severities) or any(passes for _, passes in self.codes)
        return not is_known and not self.others

    @property
    def everything(self) -> bool:
        """Every event passes, whatever its form and severity."""
        return len(self.full) == len(self.rows) and all(count == len(self.rows) for _, count in self.severities)

    def as_json(self) -> dict[str, Any]:
        """The members `pairs`, `severities` and `codes` of `filter` in the report."""
        return {
            "pairs": [row.as_json() for row in self.rows],
            "severities": [{"severity": name, "pairs": count} for name, count in self.severities],
            "codes": [{"code": code, "passes": passes} for code, passes in self.codes],
        }


# one answer about a filter asks for it several times
@lru_cache(16)
def reach_of(filter: Filter) -> Reach:
    """What the filter lets through: 20 rows, by pair, and each severity."""
    passing: dict[str, list[str]] = {}
    failing: dict[str, list[str]] = {}
    for form in forms():
        (passing if filter.matches(form.event) else failing).setdefault(form.pair, []).append(form.name)
    rows = tuple(
        Row(pair.id, pair.event_type, pair.reason, tuple(passing.get(pair.id, ())), tuple(failing.get(pair.id, ())))
        for pair in catalog.pairs.values()
    )
    counts = tuple((name, _count(filter, spelled)) for name, spelled in severities())
    codes = tuple((code, _count(filter, of_code) > 0) for code, of_code in codes_without_token().items())
    return Reach(rows, counts, codes, any(filter.matches(event) for event in _asked_for(filter)))


def _count(filter: Filter, forms: Iterable[Form]) -> int:
    """How many pairs pass."""
    return len({form.pair for form in forms if filter.matches(form.event)})


def _asked_for(filter: Filter) -> Iterator[dict[str, Any]]:
    """Events beside the table that documented takes with a warning, among them with the texts that the filter has.

    Positions P05 (other names below the prefix), P08 (other severities) and P16 (other spellings of a code).
    """
    types: set[str] = set()
    severities: set[str] = set()
    codes: set[str] = set()
    for condition in filter.conditions:
        value = condition.value
        if isinstance(value, str) and value.strip():
            if condition.names == ("type",):
                if value.startswith(f"{source()}.") and value not in spelled_types():
                    types.add(value)
            elif condition.names == (SEVERITY,) and condition.operator != "=~":
                severities.add(value)
            elif condition.names == (LONG,) and condition.operator == "=~":
                codes.update(WORD.findall(value))
    yield from (form.event for form in beside())
    for form in (*forms_of("canonical"), *_spelled(codes)):
        for type in types or {form.event["type"]}:
            for severity in severities or {form.event[SEVERITY]}:
                yield {**form.event, "type": type, SEVERITY: severity}


def _spelled(codes: Iterable[str]) -> Iterator[Form]:
    """Events with those of the codes that spell a reason, in any way."""
    for code in codes:
        for pair in _pairs_by_code().get(normal_form(code), ()):
            yield with_code(pair, code)


@cache
def _pairs_by_code() -> dict[str, list[Pair]]:
    """Pairs by the normal form of each spelling of their code."""
    pairs: dict[str, list[Pair]] = {}
    for pair in catalog.pairs.values():
        for code in {normal_form(spelling.spelling) for spelling in pair.spellings}:
            pairs.setdefault(code, []).append(pair)
    return pairs


@cache
def spelled_types() -> tuple[str, ...]:
    """The four types, and then their other spellings."""
    aliases = (kind.aliases for kind in catalog.event_types.values())
    return (*catalog.event_types, *chain.from_iterable(aliases))
