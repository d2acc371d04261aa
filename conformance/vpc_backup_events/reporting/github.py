"""The report for GitHub Actions: workflow commands, which annotate the files of a pull request, and a summary line.

Text of the subject stands behind the two colons of a command and is escaped, so that it can't start another command.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from vpc_backup_events.reporting.run import Run, file_of, line_of
from vpc_backup_events.trials.report import CLOSED_GAP, KNOWN_GAP
from vpc_backup_events.values.report import Finding
from vpc_backup_events.values.visible import visible, visible_lines

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_OF_STATUS = {"failed": "error", "errored": "error", CLOSED_GAP: "error", "warned": "warning", "reported": "notice"}


def render(run: Run) -> str:
    """The run as workflow commands, one a line, and the verdict as the last line."""
    lines = [*_of_suites(run), *map(_of_finding, run.findings), f"{run.title}: {run.verdict}: {run.summary}"]
    # the forms `::command::` and `##[command]` are read at the start of a line
    return "".join(f"{line}\n" for line in lines)


def _of_suites(run: Run) -> Iterator[str]:
    for suite in run.suites:
        role = visible(suite.role)
        for result, status, message in suite.standings():
            title = f"{result.requirement.id} ({role})"
            if status in _OF_STATUS:
                yield _command(_OF_STATUS[status], message, title=title)
            elif status == KNOWN_GAP:
                yield _command("notice", f"known gap: {message}", title=title)
        for error in suite.errors:
            yield _command("error", error, title=f"error ({role})")


def _of_finding(finding: Finding) -> str:
    file = file_of(finding)
    place = {} if file is None else {"file": visible(file), "line": str(line_of(finding))}
    where = f"{visible(finding.pointer)}: " if finding.pointer else ""
    parts = [
        where + visible(finding.message),
        f"fix: {visible(finding.hint)}" if finding.hint else "",
        f"doc: {visible(finding.doc)}" if finding.doc else "",
    ]
    return _command(_COMMANDS[finding.level], "\n".join(filter(None, parts)), **place, title=finding.requirement)


def _command(name: str, message: str, **properties: str) -> str:
    parameters = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {parameters}::{_data(visible_lines(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
