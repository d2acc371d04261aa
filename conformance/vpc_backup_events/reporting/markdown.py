"""The report as Markdown, for the summary of a job or a comment; what a subject wrote is text, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vpc_backup_events import catalog
from vpc_backup_events.reporting.run import Run, has_error, level_of, place
from vpc_backup_events.trials.report import SuiteReport
from vpc_backup_events.values.levels import number, rank
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
    by_requirement = dict(sorted(run.by_requirement().items(), key=lambda item: rank(level_of(item[1]))))
    if by_requirement:
        yield from (
            "### Findings",
            "",
            "| level | requirement | places | what and where |",
            "| --- | --- | --: | --- |",
        )
        for requirement, findings in list(by_requirement.items())[:_ROWS]:
            yield _row(requirement, findings, run.count_of(requirement, findings))
        yield from _more(len(by_requirement), "requirement")
        yield ""
    if run.archive:
        for title, counts in run.archive.tables().items():
            yield from (f"### Events by {title}", "", f"| {title} | events |", "| --- | --: |")
            yield from (f"| {_literal(name)} | {count:,} |" for name, count in list(counts.items())[:_ROWS])
            yield from _more(len(counts), "row")
            yield ""
    inputs = run.by_input()
    if len(inputs) > 1 and not run.archive:
        yield from ("### Inputs", "", f"| input | {run.what}s | verdict |", "| --- | --: | --- |")
        for name, findings in list(inputs.items())[:_ROWS]:
            verdict = "does not conform" if has_error(findings) else "conforms"
            yield f"| {_literal(name)} | {run.inputs.get(name, 1)} | {verdict} |"
        yield from _more(len(inputs), "input")
        yield ""
    if run.command:
        yield from ("Run it again:", "", _fence(run.command), "")


def _row(requirement: str, findings: list[Finding], count: int) -> str:
    parts = [f"{_literal(place(finding))}: {_literal(finding.message)}" for finding in findings[:_PLACES]]
    if count > _PLACES:
        parts.append(f"and {count - _PLACES:,} more")
    if findings[0].hint:
        parts.append(f"fix: {_literal(findings[0].hint)}")
    return f"| {level_of(findings)} | {_linked(requirement)} | {count:,} | {'<br>'.join(parts)} |"


def _of_suite(suite: SuiteReport, coverage: bool) -> Iterator[str]:
    standings = list(suite.standings())
    yield from (f"### {_literal(suite.role)}: {suite.verdict}", "", ", ".join(suite.counts()), "")
    breaches = [standing for standing in standings if standing.status not in ("passed", *_SILENT)]
    if breaches:
        yield from ("| status | requirement | what |", "| --- | --- | --- |")
        for result, status, message in breaches:
            what = "<br>".join(_literal(line) for line in message.splitlines()[:20])
            yield f"| {status} | {_linked(result.requirement.id)} | {what} |"
        yield ""
    if coverage:
        yield from ("<details><summary>Requirements, and by how many cases</summary>", "")
        yield from ("| requirement | status | cases |", "| --- | --- | --: |")
        for result, status, _ in standings:
            yield f"| {_linked(result.requirement.id)} | {status} | {result.cases or ''} |"
        yield from ("", "</details>", "")
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


def _more(count: int, noun: str) -> Iterator[str]:
    if count > _ROWS:
        yield from ("", f"{number(count - _ROWS, noun)} more; the formats json and text have all.")


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
