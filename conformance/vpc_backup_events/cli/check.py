"""`check`: judges the events in files, folders and standard input."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from vpc_backup_events.cli import COULD_NOT_ASK, INTERRUPTED, _inputs, _terminal
from vpc_backup_events.errors import OutputError, UsageError
from vpc_backup_events.report import PROFILES, Profile, Report, merge
from vpc_backup_events.reporting import FORMATS, render

EXAMPLES = """\
An input is one event, a JSON array or lines of events, a raw HTTP request that carries one, or an email about one
(.eml, or the plain form of the documentation); each may be compressed with gzip. In a folder, files that end in
.json, .ndjson, .jsonl, .http, .eml or .gz are read.

examples:
  vpc-backup-events check event.json
  vpc-backup-events check --profile strict archive/ today.ndjson.gz
  my-producer | vpc-backup-events check -
  vpc-backup-events check events/ --format json --output report.json

exit status:
  0  every event conforms
  1  an event does not conform, or an input holds no event
  2  an input could not be read (the others are still judged), or the command line is wrong
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `check`."""
    parser.add_argument("path", nargs="*", metavar="PATH", help="file or folder; - or nothing reads standard input")
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default=PROFILES[0],
        help="documented: every form the documentation shows passes; strict: one form passes (default: %(default)s)",
    )
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="of the report (default: %(default)s)")
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE")
    _terminal.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judges all inputs, writes one report, and returns the exit status."""
    inputs = _inputs.find(arguments.path, leave_out=arguments.output)
    with output(arguments.output, inputs.paths) as file:
        run = _Run(inputs)
        interrupted = run.judge(arguments.profile)
        for problem in inputs.problems:
            _terminal.complain(problem)
        if inputs.skipped:
            _terminal.diagnose(f"left out {_files(inputs.skipped)} whose name is not that of an event file")
        if interrupted:
            _terminal.diagnose(f"interrupted: the report ends with input {len(run.events)} of {len(inputs.paths)}")
        report = merge(arguments.profile, run.reports)
        if run.events:
            color = _terminal.wants_color(arguments.color, sys.stdout) if file is None else arguments.color == "always"
            write(render(report, arguments.format, color=color, inputs=run.events), file)
    if interrupted:
        return INTERRUPTED
    if inputs.problems:
        return COULD_NOT_ASK
    return 0 if report.ok else 1


class _Run:
    """The judging of all inputs, event by event, so that an interrupt loses nothing that was judged before it."""

    def __init__(self, inputs: _inputs.Inputs) -> None:
        self._inputs = inputs
        self.reports: list[Report] = []
        # name of each input that was read -> how many events it holds
        self.events: dict[str, int] = {}

    def judge(self, profile: Profile) -> bool:
        """Judges until the end or an interrupt, and tells whether there was one."""
        # the engine loads its schemas when imported
        from vpc_backup_events._check import iter_reports

        try:
            for report in iter_reports(self._named(), profile):
                self.reports.append(report)
                # the inputs are read one by one: a report is on the one that was read last
                self.events[next(reversed(self.events))] += report.events
        except KeyboardInterrupt:
            return True
        return False

    def _named(self) -> Iterator[tuple[str, bytes]]:
        for name, content in self._inputs.read():
            self.events[name] = 0
            yield name, content


@contextmanager
def output(path: str | None, inputs: list[str]) -> Iterator[TextIO | None]:
    """The file for the report, opened before any work is done for it; None for standard output."""
    if path is None:
        yield None
        return
    if any(os.path.realpath(path) == os.path.realpath(name) for name in inputs):
        raise UsageError(f"{path} is an input and would be overwritten by the report.", "Name another --output.")
    try:
        file = open(path, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115 - closed below
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}.", "Name a file that you may write.") from error
    with file:
        yield file


def write(text: str, file: TextIO | None) -> None:
    """Writes a report to the file, or to standard output; nothing is lost where the file can't be written."""
    if file is None:
        _terminal.write(text)
        return
    try:
        file.write(text)
        file.flush()
    except OSError as error:
        # nothing that was found is lost
        _terminal.write(text)
        raise OutputError(f"{file.name}: {error.strerror or error}.", "The report is on standard output.") from error
    _terminal.diagnose(f"the report is in {file.name}")


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
