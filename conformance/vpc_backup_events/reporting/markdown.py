"""The report as Markdown, for the summary of a job or a comment; what a subject wrote is text, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from vpc_backup_events import catalog
from vpc_backup_events.reporting.run import InputStanding, Run, has_error, place
from vpc_backup_events.trials.report import Standing, SuiteReport
from vpc_backup_events.values.levels import number
from vpc_backup_events.values.report import Finding
from vpc_backup_events.values.visible import visible

# GitHub takes a summary of 1 MiB; what is cut is said
_ROWS = 500
_PLACES = 3
_SPECIAL = re.compile(r"[\\`*_\[\]|~$]")
_LONGEST = 300
# statuses that say nothing of the subject
_SILENT = ("skipped", "not exercised")


def render(run: Run) -> str:
    """The run as Markdown: verdict, suites, findings by requirement, inputs, and how to run it again."""
    lines = [f"## {_literal(run.title)}: {run.verdict}", "", run.summary, "", *_parts(run)]
    return "\n".join(lines).rstrip() + "\n"


def _parts(run: Run) -> Iterator[str]:
    for suite in run.suites:
        yield from _of_suite(suite, run.verb == "coverage")
    breaches = run.breaches()
    if breaches:
        yield from ("### Findings", "")
        of_findings = ("level", "requirement", "places:", "what and where")
        yield from _table(of_findings, map(_cells, breaches), len(breaches), "requirement")
    if run.archive:
        for title, counts in run.archive.tables().items():
            rows = ((_literal(name), f"{count:,}") for name, count in counts.items())
            yield from (f"### Events by {title}", "")
            yield from _table((title, "events:"), rows, len(counts), "row")
    inputs = run.by_input()
    if len(inputs) > 1 and not run.archive:
        yield from ("### Inputs", "")
        of_inputs = ("input", f"{run.what}s:", "verdict")
        yield from _table(of_inputs, _of_inputs(run, inputs), len(inputs), "input")
    if run.command:
        yield from ("Run it again:", "", _fence(run.command), "")


def _cells(breach: InputStanding) -> tuple[str, ...]:
    parts = [f"{_literal(place(finding))}: {_literal(finding.message)}" for finding in breach.findings[:_PLACES]]
    if breach.count > _PLACES:
        parts.append(f"and {breach.count - _PLACES:,} more")
    if breach.findings[0].hint:
        parts.append(f"fix: {_literal(breach.findings[0].hint)}")
    return breach.level, _linked(breach.id), f"{breach.count:,}", "<br>".join(parts)


def _of_inputs(run: Run, inputs: Mapping[str, Iterable[Finding]]) -> Iterator[tuple[str, ...]]:
    for name, findings in inputs.items():
        verdict = "does not conform" if has_error(findings) else "conforms"
        yield _literal(name), str(run.inputs.get(name, 1)), verdict


def _of_suite(suite: SuiteReport, coverage: bool) -> Iterator[str]:
    standings = list(suite.standings())
    yield from (f"### {_literal(suite.role)}: {suite.verdict}", "", ", ".join(suite.counts()), "")
    breaches = [standing for standing in standings if standing.status not in ("passed", *_SILENT)]
    if breaches:
        yield from _table(("status", "requirement", "what"), map(_breach, breaches))
    if coverage:
        rows = ((_linked(result.requirement.id), status, str(result.cases or "")) for result, status, _ in standings)
        yield from ("<details><summary>Requirements, and by how many cases</summary>", "")
        yield from _table(("requirement", "status", "cases:"), rows)
        yield from ("</details>", "")
    for error in suite.errors:
        yield from (f"- error: {_literal(' '.join(error.splitlines()))}", "")
    silent: dict[tuple[str, str], list[str]] = {}
    for result, status, message in standings:
        if status in _SILENT:
            silent.setdefault((status, message), []).append(result.requirement.id)
    if silent:
        yield from ("<details><summary>Not exercised, and why</summary>", "")
        for (status, message), ids in sorted(silent.items()):
            yield f"- {status}: {_literal(' '.join(message.splitlines()))}: {', '.join(sorted(ids))}"
        yield from ("", "</details>", "")


def _breach(standing: Standing) -> tuple[str, ...]:
    what = "<br>".join(_literal(line) for line in standing.message.splitlines()[:20])
    return standing.status, _linked(standing.result.requirement.id), what


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], count: int = 0, noun: str = "") -> Iterator[str]:
    """A table, and an empty line; a column whose name ends in a colon has numbers.

    Where there are more than can be shown of a number of rows, that is said with the noun for them.
    """
    yield _line(column.removesuffix(":") for column in columns)
    yield _line("--:" if column.endswith(":") else "---" for column in columns)
    yield from map(_line, islice(rows, _ROWS) if count else rows)
    if count > _ROWS:
        yield from ("", f"{number(count - _ROWS, noun)} more; the formats json and text have all.")
    yield ""


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _linked(requirement: str) -> str:
    entry = catalog.requirements.get(requirement)
    return f"[{requirement}]({entry.doc})" if entry else requirement


def _literal(text: str) -> str:
    """Text that is shown as it is: no markup, no HTML, no link, no mention."""
    text = visible(text, _LONGEST).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    # links, issues and people that GitHub finds by itself
    text = text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "<span>@</span>")
    return re.sub(r"#(?=\d)", "&#35;", text)


def _fence(command: str) -> str:
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", command)), default=0))
    return f"{ticks}sh\n{visible(command, 2000)}\n{ticks}"
