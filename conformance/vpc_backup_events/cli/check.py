"""`check`: judges the events in files, folders and standard input."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from vpc_backup_events.cli import _inputs, _options, _reports, _terminal, exit_status
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.levels import number
from vpc_backup_events.values.report import Profile, Report, merge

if TYPE_CHECKING:
    from vpc_backup_events.reporting.display import Display

# events between two looks at the clock
_STEP = 1_000

EXAMPLES = """\
An input is one event, a JSON array or lines of events, a raw HTTP request that carries one, or an email about one
(.eml, or the plain form of the documentation); each may be compressed with gzip. In a folder, files that end in
.json, .ndjson, .jsonl, .http, .eml or .gz are read. s3://BUCKET/KEY is one object; audit reads whole buckets.

examples:
  vpc-backup-events check event.json
  vpc-backup-events check --profile strict archive/ today.ndjson.gz
  my-producer | vpc-backup-events check -
  vpc-backup-events check events/ --format json --output report.json
  vpc-backup-events check events/ --report junit=junit.xml --report html=report.html

exit status:
  0  every event conforms
  1  an event does not conform, or an input holds no event
  2  an input could not be read (the others are still judged), or the command line is wrong
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `check`."""
    parser.add_argument(
        "path", nargs="*", metavar="PATH", help="file, folder or s3://BUCKET/KEY; - or nothing reads standard input"
    )
    _options.add_profile(
        parser, "documented: every form the documentation shows passes; strict: one form passes (default: %(default)s)"
    )
    _options.add_endpoint(parser)
    _reports.add(parser)
    _options.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judges all inputs, writes one report, and returns the exit status."""
    reports = _reports.Reports(arguments)
    inputs = _inputs.Inputs(_inputs.or_stdin(arguments.path), reports.files, endpoint=arguments.endpoint)
    reports.try_out(inputs.paths)
    check = _Check(inputs, reports.display())
    interrupted = check.judge(arguments.profile)
    _terminal.complain(*inputs.problems)
    if inputs.skipped:
        _terminal.diagnose(f"left out {number(inputs.skipped, 'file', '')} whose name is not that of an event file")
    if interrupted:
        _terminal.diagnose(f"interrupted: the report ends with input {len(check.events)} of {len(inputs.paths)}")
    report = merge(arguments.profile, check.reports)
    if check.events:
        reports.write(Run(report, check.events, display=check.display))
    return exit_status(report.ok, asked=not inputs.problems, interrupted=interrupted)


class _Check:
    """The judging of all inputs, event by event, so that an interrupt loses nothing that was judged before it."""

    def __init__(self, inputs: _inputs.Inputs, display: Display | None) -> None:
        self._inputs = inputs
        self.reports: list[Report] = []
        # name of each input that was read -> how many events it holds
        self.events: dict[str, int] = {}
        # the events, where a report shows them
        self.display = display

    def judge(self, profile: Profile) -> bool:
        """Judges until the end or an interrupt, and tells whether there was one."""
        # the engine loads its schemas when imported
        from vpc_backup_events.checking.check import iter_reports

        try:
            with _terminal.progress("inputs", len(self._inputs.paths)) as advance:
                for report in iter_reports(self._named(advance), profile):
                    self.reports.append(report)
                    # the inputs are read one by one: a report is on the one that was read last
                    self.events[next(reversed(self.events))] += report.events
                    if len(self.reports) % _STEP == 0:
                        # one input may take long: the bar appears, though no input is done
                        advance(0)
        except KeyboardInterrupt:
            return True
        return False

    def _named(self, advance: Callable[[int], None]) -> Iterator[tuple[str, bytes]]:
        for name, content in self._inputs.read():
            self.events[name] = 0
            before = len(self.reports)
            yield name, content
            if self.display is not None:
                self.display.add(name, content, self.reports[before:])
            advance(1)
