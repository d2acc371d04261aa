"""A filter explained for people: what passes as a table, then the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters.reach import Row
from vpc_backup_events.authoring.filters.review import Explained
from vpc_backup_events.values.levels import LEVELS, number
from vpc_backup_events.values.report import Finding
from vpc_backup_events.values.visible import visible

_STYLES = {"passes": "32", "passes in part": "33", "does not pass": "2"}
_LEVELS = {"error": "1;31", "warning": "33", "note": "36"}
_MARKS = {"passes": "yes", "passes in part": "part", "does not pass": "no"}
# forms that are named before the rest is counted
_NAMED = 3


def lines(explained: Explained, color: bool) -> Iterator[str]:
    """The answer, a line at a time."""
    yield f"filter  {visible(explained.filter.expression, 2000)}"
    for text in explained.assumed:
        yield f"assumed {visible(text)}: only events with this fact are looked at"
    yield ""
    yield from _table(explained.reach.rows, color)
    yield ""
    yield from _severities(explained)
    yield from _codes(explained)
    for finding in explained.report.findings:
        yield ""
        yield from _finding(finding, color)
    yield ""
    yield _summary(explained)


def _paint(style: str, text: str, color: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if color else text


def _table(rows: Iterable[Row], color: bool) -> Iterator[str]:
    rows = list(rows)
    width = max(len(row.reason) for row in rows)
    for kind in catalog.event_types.values():
        yield kind.name
        for row in rows:
            if row.event_type == kind.type:
                mark = _paint(_STYLES[row.verdict], _MARKS[row.verdict].ljust(5), color)
                yield f"  {mark} {row.reason.ljust(width)}  {_forms(row)}".rstrip()


def _forms(row: Row) -> str:
    if row.verdict != "passes in part":
        return ""
    few, word = (row.passing, "only") if len(row.passing) <= len(row.failing) else (row.failing, "not")
    names = [name or f"spelled {row.reason}" for name in few]
    # a spelling in three layouts is one thing
    heads = list(dict.fromkeys(n.partition(",")[0] if n.startswith("spelled") else n for n in names))
    more = f" and {len(heads) - _NAMED} more forms" if len(heads) > _NAMED else ""
    return f"{word}: {'; '.join(heads[:_NAMED])}{more}"


def _severities(explained: Explained) -> Iterator[str]:
    counts = explained.reach.severities
    if len({count for _, count in counts}) == 1:
        yield "severity: makes no difference"
        return
    passing = [name or "none at all" for name, count in counts if count]
    yield f"severity: passes with {', '.join(passing)}" if passing else "severity: passes with none"


def _codes(explained: Explained) -> Iterator[str]:
    """Codes beside the table, where the filter tells them from the reasons in it."""
    passing = [code for code, passes in explained.reach.codes if passes]
    if passing and not explained.reach.full:
        yield f"codes of the VPC API beside the table: passes with {', '.join(passing)}"


def _finding(finding: Finding, color: bool) -> Iterator[str]:
    yield f"{_paint(_LEVELS[finding.level], finding.level.ljust(7), color)}  {finding.requirement}"
    yield f"         {visible(finding.message)}"
    # the filter in it is to be copied, whatever its length
    yield f"         fix: {visible(finding.hint, 4000)}"
    yield _paint("2", f"         doc: {visible(finding.doc)}", color)


def _summary(explained: Explained) -> str:
    report, rows = explained.report, explained.reach.rows
    partly = len(explained.reach.any) - len(explained.reach.full)
    counts = ", ".join(number(report.count(level), level, "") for level in LEVELS)
    return (
        f"{len(explained.reach.full)} of {len(rows)} reasons pass, {partly} in part"
        f" ({report.profile} profile): {counts}"
    )
