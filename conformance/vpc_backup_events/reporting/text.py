"""The report for people: findings by input and event, the verdict on each, and a summary as the last line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from vpc_backup_events.reporting.archive import UNKNOWN, Archive
from vpc_backup_events.reporting.paint import Paint
from vpc_backup_events.reporting.run import Run, input_of, numbered, place, source_of
from vpc_backup_events.trials.report import SuiteReport
from vpc_backup_events.values.levels import LEVELS, number
from vpc_backup_events.values.report import Finding, Report
from vpc_backup_events.values.visible import visible, visible_lines

_INDENT = " " * 11

# a finding with its short form
_Formed = tuple[Finding, str]


def render(run: Run) -> str:
    """The report as lines of text, in colour when asked."""
    if run.archive:
        return "".join(f"{line}\n" for line in _of_archive(run, run.archive, Paint(run.color)))
    lines = [visible_lines(line) for suite in run.suites for line in suite.lines()]
    if run.verb == "coverage":
        lines[:0] = [line for suite in run.suites for line in _exercised(suite)]
    if run.inputs or not run.suites:
        report = (
            replace(run.report, findings=run.findings, events=sum(run.inputs.values())) if run.suites else run.report
        )
        lines += _lines(report, Paint(run.color), run.inputs, run.what)
    return "".join(f"{line}\n" for line in lines)


def _exercised(suite: SuiteReport) -> Iterator[str]:
    """A line for each requirement: what came of it, and by how many cases."""
    standings = list(suite.standings())
    width = max((len(standing.result.requirement.id) for standing in standings), default=0)
    for result, status, _ in standings:
        cases = f"  {number(result.cases, 'case')}" if result.cases else ""
        yield f"{result.requirement.id:{width}}  {status:13}{cases}".rstrip()
    yield ""


def short_forms(findings: Iterable[Finding], by_line: bool = False) -> Iterator[str]:
    """For each finding `file:index:pointer requirement`, unique in the report and the same in every run.

    `by_line` names the line in place of the index.
    """
    place = _line if by_line else _place
    return numbered(f"{place(finding)}:{visible(finding.pointer)} {finding.requirement}" for finding in findings)


def summary(report: Report, empty: int = 0, what: str = "event") -> str:
    """One line: the events, how many do not conform, and the findings by level; `empty` inputs held none."""
    counts = ", ".join(number(report.count(level), level, "") for level in LEVELS)
    conforms = _verdict(report, empty) if what == "event" else "conforms" if report.ok else "does not conform"
    parts = [number(report.events, what, "") + (f": {conforms}" if report.events else "")]
    if empty:
        parts.append(f"{number(empty, 'input', '')} without an {what}")
    return f"{', '.join(parts)} ({report.profile} profile): {counts}"


def _verdict(report: Report, empty: int) -> str:
    count = len({_place(finding) for finding in report.findings if finding.level == "error"}) - empty
    if count <= 0:
        return "conforms" if report.events == 1 else "all conform"
    return f"{count} {'does' if count == 1 else 'do'} not conform"


def _lines(report: Report, paint: Paint, inputs: Mapping[str, int], what: str) -> Iterator[str]:
    by_input: dict[str, list[_Formed]] = {name: [] for name in inputs}
    for finding, form in zip(report.findings, short_forms(report.findings, what != "event"), strict=True):
        by_input.setdefault(input_of(finding), []).append((finding, form))
    for name, formed in by_input.items():
        events = inputs.get(name, 1)
        count = "" if events == 1 else f"{number(events, what, '')}, "
        yield f"{paint('name', visible(name))}: {count}{_heading(formed, paint)}"
        yield from _of_input(formed, events > 1 and what == "event", paint)
    empty = sum(events == 0 for events in inputs.values())
    yield paint("ok" if report.ok else "error", summary(report, empty, what))


def _of_input(formed: list[_Formed], several: bool, paint: Paint) -> Iterator[str]:
    by_event: dict[int, list[_Formed]] = defaultdict(list)
    for finding, form in formed:
        by_event[_index(finding)].append((finding, form))
    for index, of_event in sorted(by_event.items()):
        if several:
            line = source_of(of_event[0][0]).line
            where = "" if line is None else f" (line {line})"
            yield f"  event {index}{where}: {_heading(of_event, paint)}"
        for finding, form in of_event:
            yield from _of_finding(finding, form, paint)


def _of_archive(run: Run, archive: Archive, paint: Paint) -> Iterator[str]:
    """Counts, then the findings by requirement, the worst first: those that are listed, and how many there are."""
    for title, counts in archive.tables().items():
        if title == "days":
            yield _days(counts)
            continue
        yield paint("name", f"events by {title.removesuffix('s') if title != 'severities' else 'severity'}:")
        width = max((len(f"{count:,}") for count in counts.values()), default=0)
        yield from (f"  {count:>{width},}  {name}" for name, count in counts.items())
    for breach in run.breaches():
        first = breach.findings[0]
        listed = "" if breach.count == len(breach.findings) else f"; the first {len(breach.findings)}:"
        yield f"{paint(first.level, first.level.ljust(7))}  {breach.id}: {number(breach.count, 'finding')}{listed}"
        for finding in breach.findings:
            yield f"{_INDENT}{place(finding)}"
            yield f"{_INDENT}  {visible(finding.message)}"
        yield from _way_out(first, paint)
    if archive.resent:
        yield f"{number(archive.resent, 'event')} came again with the same content"
    yield paint("ok" if run.ok else "error", run.summary)


def _days(counts: Mapping[str, int]) -> str:
    days = [day for day in counts if day != UNKNOWN]
    if not days:
        return "no event says its day"
    busiest = max(days, key=lambda day: counts[day])
    text = f"one day: {busiest}"
    if len(days) > 1:
        text = f"{number(len(days), 'day')} from {days[0]} to {days[-1]}, most events on {busiest}: {counts[busiest]:,}"
    return f"{text}; {number(counts[UNKNOWN], 'event')} without a day" if UNKNOWN in counts else text


def _of_finding(finding: Finding, form: str, paint: Paint) -> Iterator[str]:
    # an event that is one line has it in its heading
    begins = source_of(finding).line or 1
    line = f", line {finding.line}" if finding.line not in (None, begins) else ""
    yield f"  {paint(finding.level, finding.level.ljust(7))}  {form}{line}"
    yield f"{_INDENT}{visible(finding.message)}"
    yield from _way_out(finding, paint)


def _way_out(finding: Finding, paint: Paint) -> Iterator[str]:
    if finding.hint:
        yield f"{_INDENT}fix: {visible(finding.hint)}"
    if finding.doc:
        yield paint("dim", f"{_INDENT}doc: {visible(finding.doc)}")


def _heading(formed: list[_Formed], paint: Paint) -> str:
    if not formed:
        return paint("ok", "ok")
    levels = [finding.level for finding, _ in formed]
    counts = ", ".join(number(levels.count(level), level, "") for level in LEVELS if level in levels)
    verdict = paint("error", "does not conform") if "error" in levels else paint("ok", "ok")
    return f"{verdict}, {counts}"


def _index(finding: Finding) -> int:
    return source_of(finding).index or 0


def _place(finding: Finding) -> str:
    return f"{visible(input_of(finding))}:{_index(finding)}"


def _line(finding: Finding) -> str:
    return f"{visible(input_of(finding))}:{source_of(finding).line or 1}"
