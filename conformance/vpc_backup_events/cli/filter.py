"""`filter`: which events and reasons a topic filter lets through."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vpc_backup_events import catalog
from vpc_backup_events.authoring.filters import FilterError, parse
from vpc_backup_events.cli import _inputs, _options, _terminal, exit_status
from vpc_backup_events.reporting.paint import Paint
from vpc_backup_events.values.levels import LEVELS, number
from vpc_backup_events.values.report import Finding, Source
from vpc_backup_events.values.visible import visible

if TYPE_CHECKING:
    from vpc_backup_events.authoring.filters.reach import Row
    from vpc_backup_events.authoring.filters.review import Explained

EXAMPLES = """\
EXPRESSION is the filter of a topic's rule: JSONPath with ==, !=, <, <=, >, >=, =~, &&, || and not( ). The table says
for each reason whether its events pass in every documented form (yes), in some (part) or in none (no). A path can't see
into ibmendefaultlong, which is a text; match the bare code in it with =~. With PATHs, each event is tried as well.

examples:
  vpc-backup-events filter '$.type == "com.ibm.cloud.is.backup-policy.backup-volume-creation"'
  vpc-backup-events filter '$.ibmendefaultlong =~ "source_volume_busy"'
  vpc-backup-events filter '$.ibmendefaultlong.job_type == "creation"' --format json
  vpc-backup-events filter '$.ibmenseverity == "medium"' events/

exit status:
  0  the filter does what it seems to be meant for; of the events in PATHs, if any, at least one passes
  1  a finding is an error, such as a filter that lets nothing through; or no event in PATHs passes
  2  the expression is no filter, or a PATH could not be read
"""


# verdict on a reason -> how the table marks it, and in whose colour
_MARKS = {"passes": ("yes", "ok"), "passes in part": ("part", "warning"), "does not pass": ("no", "dim")}
# forms that are named before the rest is counted
_NAMED = 3
# whether an event passes, None where it is none
_WORDS = {True: "passes", False: "does not pass", None: "is no event"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `filter`."""
    parser.add_argument("expression", metavar="EXPRESSION", help="the filter, in quotes for the shell")
    parser.add_argument("path", nargs="*", metavar="PATH", help="events to try it on, in every form that check reads")
    _options.add_profile(parser)
    _options.add_format(parser)
    _options.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explains the filter, tries it on the events, and returns the exit status."""
    try:
        filter = parse(arguments.expression)
    except FilterError as error:
        for line in error.pointed:
            _terminal.diagnose(line)
        raise
    from vpc_backup_events.authoring.filters.review import explain
    from vpc_backup_events.reporting.json import dump

    explained = explain(filter, arguments.profile)
    inputs = _inputs.Inputs(arguments.path)
    trials = [(source, filter.matches(event) if event is not None else None) for event, source in _events(inputs)]
    _terminal.complain(*inputs.problems)
    if arguments.format == "json":
        document = explained.report.as_json()
        document["ok"] = explained.ok
        document["summary"]["events"] = len(trials)
        events = [{"source": source.as_json(), "passes": passes} for source, passes in trials]
        _terminal.write(dump({**document, "filter": {**explained.as_json(), "events": events}}))
    else:
        lines = [*_lines(explained, Paint(_terminal.wants_color(arguments.color))), *_trials(trials)]
        _terminal.write("".join(f"{line}\n" for line in lines))
    passes_some = not arguments.path or any(passes for _, passes in trials)
    return exit_status(explained.ok and passes_some, asked=not inputs.problems)


def _events(inputs: _inputs.Inputs) -> Iterator[tuple[Any, Source]]:
    """Every event with its place; None for what is no event."""
    from vpc_backup_events.reading import read

    for item, source in inputs.events():
        reading = read(item)
        is_event = reading.email is None and isinstance(reading.event, dict)
        yield reading.event if is_event else None, source


def _trials(trials: list[tuple[Source, bool | None]]) -> Iterator[str]:
    if not trials:
        return
    yield ""
    for source, passes in trials:
        place = visible(source.file or "") + (f":{source.index}" if source.index else "")
        yield f"{place}: {_WORDS[passes]}"
    yield f"{sum(bool(passes) for _, passes in trials)} of {len(trials)} events pass"


def _lines(explained: Explained, paint: Paint) -> Iterator[str]:
    """The answer for people: what passes as a table, then the findings."""
    report, reach = explained.report, explained.reach
    yield f"filter  {visible(explained.filter.expression, 2000)}"
    for text in explained.assumed:
        yield f"assumed {visible(text)}: only events with this fact are looked at"
    yield ""
    width = max(len(row.reason) for row in reach.rows)
    for kind in catalog.event_types.values():
        yield kind.name
        for row in reach.rows:
            if row.event_type == kind.type:
                mark, role = _MARKS[row.verdict]
                yield f"  {paint(role, mark.ljust(5))} {row.reason.ljust(width)}  {_forms(row)}".rstrip()
    yield ""
    yield f"severity: {_severities(explained)}"
    codes = [code for code, passes in reach.codes if passes]
    # beside the table only where the filter tells them from the reasons in it
    if codes and not reach.full:
        yield f"codes of the VPC API beside the table: passes with {', '.join(codes)}"
    for finding in report.findings:
        yield ""
        yield from _finding(finding, paint)
    yield ""
    partly = len(reach.any) - len(reach.full)
    counts = ", ".join(number(report.count(level), level, "") for level in LEVELS)
    pass_of_all = f"{len(reach.full)} of {len(reach.rows)} reasons pass, {partly} in part"
    yield f"{pass_of_all} ({report.profile} profile): {counts}"


def _forms(row: Row) -> str:
    """Of a reason that passes in part: the forms that pass, or where these are more, those that do not."""
    if row.verdict != "passes in part":
        return ""
    few, word = (row.passing, "only") if len(row.passing) <= len(row.failing) else (row.failing, "not")
    names = [name or f"spelled {row.reason}" for name in few]
    # a spelling in three layouts is one thing
    heads = list(dict.fromkeys(n.partition(",")[0] if n.startswith("spelled") else n for n in names))
    more = f" and {len(heads) - _NAMED} more forms" if len(heads) > _NAMED else ""
    return f"{word}: {'; '.join(heads[:_NAMED])}{more}"


def _severities(explained: Explained) -> str:
    counts = explained.reach.severities
    if len({count for _, count in counts}) == 1:
        return "makes no difference"
    passing = [name or "none at all" for name, count in counts if count]
    return f"passes with {', '.join(passing) or 'none'}"


def _finding(finding: Finding, paint: Paint) -> Iterator[str]:
    yield f"{paint(finding.level, finding.level.ljust(7))}  {finding.requirement}"
    yield f"         {visible(finding.message)}"
    # the filter in it is to be copied, whatever its length
    yield f"         fix: {visible(finding.hint, 4000)}"
    yield paint("dim", f"         doc: {visible(finding.doc)}")
