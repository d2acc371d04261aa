"""The report for people: findings by input and event, the verdict on each, and a summary as the last line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vpc_backup_events.report import LEVELS, Finding, Report
from vpc_backup_events.reporting.visible import visible

# SGR parameters of ECMA-48
_STYLES = {"error": "1;31", "warning": "33", "note": "36", "ok": "32", "name": "1", "dim": "2"}
_INDENT = " " * 11


def render(report: Report, *, color: bool = False, inputs: tuple[str, ...] = ()) -> str:
    """The report as lines of text, in colour when asked."""
    return "".join(f"{line}\n" for line in _lines(report, _Paint(color), inputs))


def short_forms(findings: Iterable[Finding]) -> Iterator[str]:
    """For each finding `file:index:pointer requirement`, unique in the report and the same in every run."""
    seen: dict[str, int] = {}
    for finding in findings:
        form = f"{_place(finding)}:{visible(finding.pointer)} {finding.requirement}"
        seen[form] = seen.get(form, 0) + 1
        yield form if seen[form] == 1 else f"{form}~{seen[form]}"


def summary(report: Report) -> str:
    """How many events were judged, how many do not conform, and the findings by level, in one line."""
    if report.events == 0:
        verdict = "no event: nothing conforms"
    else:
        verdict = f"{_number(report.events, 'event')}: {_verdict(report)}"
    counts = ", ".join(_number(report.count(level), level) for level in LEVELS)
    return f"{verdict} ({report.profile} profile): {counts}"


def _verdict(report: Report) -> str:
    broken = len({_place(finding) for finding in report.findings if finding.level == "error"})
    if broken == 0:
        return "conforms" if report.events == 1 else "all conform"
    return f"{broken} {'does' if broken == 1 else 'do'} not conform"


class _Paint:
    """Wraps text in the colour of its role, or leaves it alone."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, role: str, text: str) -> str:
        return f"\x1b[{_STYLES[role]}m{text}\x1b[0m" if self._color else text


def _lines(report: Report, paint: _Paint, inputs: tuple[str, ...]) -> Iterator[str]:
    by_input: dict[str, list[tuple[Finding, str]]] = {name: [] for name in inputs}
    for finding, form in zip(report.findings, short_forms(report.findings), strict=True):
        by_input.setdefault(_input(finding), []).append((finding, form))
    for name, found in by_input.items():
        yield f"{paint('name', visible(name))}: {_heading([finding for finding, _ in found], paint)}"
        yield from _of_input(found, paint)
    role = "ok" if report.ok else "error"
    yield paint(role, summary(report))


def _of_input(found: list[tuple[Finding, str]], paint: _Paint) -> Iterator[str]:
    by_event: dict[int | None, list[tuple[Finding, str]]] = {}
    for finding, form in found:
        by_event.setdefault(finding.source.index if finding.source else None, []).append((finding, form))
    # an index above 0 says that the input holds several events: each is then named
    several = any(by_event.keys() - {None, 0})
    for index, of_event in sorted(by_event.items(), key=lambda item: -1 if item[0] is None else item[0]):
        if several:
            source = of_event[0][0].source
            line = f", line {source.line}" if source and source.line is not None else ""
            place = "input" if index is None else f"event {index}{line}"
            yield f" {place}: {_heading([finding for finding, _ in of_event], paint)}"
        for finding, form in of_event:
            yield from _of_finding(finding, form, paint)


def _of_finding(finding: Finding, form: str, paint: _Paint) -> Iterator[str]:
    yield f"  {paint(finding.level, finding.level.ljust(7))}  {form}"
    yield f"{_INDENT}{visible(finding.message)}"
    if finding.hint:
        yield f"{_INDENT}fix: {visible(finding.hint)}"
    if finding.doc:
        yield paint("dim", f"{_INDENT}doc: {visible(finding.doc)}")


def _heading(findings: list[Finding], paint: _Paint) -> str:
    if not findings:
        return paint("ok", "ok")
    counts = ", ".join(
        _number(number, level)
        for level in LEVELS
        if (number := sum(finding.level == level for finding in findings))
    )
    broken = any(finding.level == "error" for finding in findings)
    return f"{paint('error', 'does not conform') if broken else paint('ok', 'ok')}, {counts}"


def _input(finding: Finding) -> str:
    return finding.source.file if finding.source and finding.source.file is not None else "event"


def _place(finding: Finding) -> str:
    index = finding.source.index if finding.source else 0
    return f"{visible(_input(finding))}:{'-' if index is None else index}"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
