"""`filter`: which events and reasons a topic filter lets through."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from vpc_backup_events.authoring.filters import FilterError, parse
from vpc_backup_events.cli import COULD_NOT_ASK, _inputs, _terminal
from vpc_backup_events.values.report import PROFILES, Source
from vpc_backup_events.values.visible import visible

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


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `filter`."""
    parser.add_argument("expression", metavar="EXPRESSION", help="the filter, in quotes for the shell")
    parser.add_argument("path", nargs="*", metavar="PATH", help="events to try it on, in every form that check reads")
    parser.add_argument("--profile", choices=PROFILES, default=PROFILES[0], help="(default: %(default)s)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")
    _terminal.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explains the filter, tries it on the events, and returns the exit status."""
    try:
        filter = parse(arguments.expression)
    except FilterError as error:
        for line in error.pointed:
            _terminal.diagnose(line)
        raise
    from vpc_backup_events.authoring.filters.review import explain
    from vpc_backup_events.cli._filter_text import lines
    from vpc_backup_events.reporting.json import dump

    explained = explain(filter, arguments.profile)
    inputs = _inputs.find(arguments.path) if arguments.path else _inputs.Inputs()
    trials = [(source, filter.matches(event) if event is not None else None) for source, event in _events(inputs)]
    for problem in inputs.problems:
        _terminal.complain(problem)
    if arguments.format == "json":
        document = explained.report.as_json()
        document["ok"] = explained.ok
        document["summary"]["events"] = len(trials)
        events = [{"source": source.as_json(), "passes": passes} for source, passes in trials]
        _terminal.write(dump({**document, "filter": {**explained.as_json(), "events": events}}))
    else:
        color = _terminal.wants_color(arguments.color, sys.stdout)
        _terminal.write("".join(f"{line}\n" for line in (*lines(explained, color), *_trials(trials))))
    if inputs.problems:
        return COULD_NOT_ASK
    return 0 if explained.ok and (not arguments.path or any(passes for _, passes in trials)) else 1


def _events(inputs: _inputs.Inputs) -> Iterator[tuple[Source, Any]]:
    """Every event with its place; None for what is no event."""
    from vpc_backup_events.reading import read
    from vpc_backup_events.reading.inputs import split

    for name, data in inputs.read():
        for item, source in split(data, name):
            reading = read(item)
            is_event = reading.email is None and isinstance(reading.event, dict)
            yield source, reading.event if is_event else None


def _trials(trials: list[tuple[Source, bool | None]]) -> Iterator[str]:
    if not trials:
        return
    words = {True: "passes", False: "does not pass", None: "is no event"}
    yield ""
    for source, passes in trials:
        place = visible(source.file or "") + (f":{source.index}" if source.index else "")
        yield f"{place}: {words[passes]}"
    yield f"{sum(bool(passes) for _, passes in trials)} of {len(trials)} events pass"
