"""`check`: judges the events in files, folders and standard input."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from vpc_backup_events.cli import COULD_NOT_ASK, INTERRUPTED, _inputs, _terminal
from vpc_backup_events.errors import OutputError, UsageError
from vpc_backup_events.report import PROFILES, Report
from vpc_backup_events.reporting import FORMATS, render

EXAMPLES = """\
An input is one event, a JSON array or lines of events, or a raw HTTP request that carries one; each may be
compressed with gzip. In a folder, files that end in .json, .ndjson, .jsonl, .http or .gz are read.

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
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colours of the text (default: %(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Judges all inputs, writes one report, and returns the exit status."""
    inputs = _inputs.find(arguments.path, leave_out=arguments.output)
    with _output(arguments.output, inputs.paths) as file:
        stop = _Stop()
        with stop.on_interrupt():
            report = _judge(inputs, arguments.profile, stop)
        for problem in inputs.problems:
            _terminal.complain(problem)
        if inputs.skipped:
            _terminal.diagnose(f"left out {_files(inputs.skipped)} whose name is not that of an event file")
        if stop.asked:
            _terminal.diagnose(f"interrupted: the report covers {len(stop.read)} of {len(inputs.paths)} inputs")
        if stop.read:
            _write(render(report, arguments.format, color=_color(arguments, file), inputs=stop.read), file)
    if stop.asked:
        return INTERRUPTED
    if inputs.problems:
        return COULD_NOT_ASK
    return 0 if report.ok else 1


class _Stop:
    """Ends the reading of further inputs at the first interrupt, so that what was judged is still reported."""

    def __init__(self) -> None:
        self.asked = False
        # names of the inputs that were read, in order
        self.read: list[str] = []
        self._reading = False

    @contextmanager
    def on_interrupt(self) -> Iterator[None]:
        """Takes the interrupts of the process inside the block."""
        try:
            previous = signal.signal(signal.SIGINT, self._interrupted)
        except ValueError:
            # not the main thread: nothing to take
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, previous)

    def inputs(self, inputs: _inputs.Inputs) -> Iterator[tuple[str, bytes]]:
        """The inputs up to the interrupt."""
        content = inputs.read()
        while not self.asked:
            self._reading = True
            try:
                item = next(content, None)
            except KeyboardInterrupt:
                return
            finally:
                self._reading = False
            if item is None:
                return
            self.read.append(item[0])
            yield item

    def _interrupted(self, signum: int, frame: FrameType | None) -> None:
        again, self.asked = self.asked, True
        # an input that is being judged is finished, unless the user insists; waiting for bytes ends at once
        if again or self._reading:
            raise KeyboardInterrupt


def _judge(inputs: _inputs.Inputs, profile: str, stop: _Stop) -> Report:
    # the engine compiles its schemas when imported
    from vpc_backup_events._check import check_inputs

    return check_inputs(stop.inputs(inputs), "strict" if profile == "strict" else "documented")


@contextmanager
def _output(path: str | None, inputs: list[str]) -> Iterator[TextIO | None]:
    """The file for the report, opened before any work is done for it; None for standard output."""
    if path is None:
        yield None
        return
    if any(os.path.realpath(path) == os.path.realpath(name) for name in inputs):
        raise UsageError(f"{path} is an input and would be overwritten by the report.", "Name another --output.")
    try:
        file = open(path, "w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}.", "Name an --output in a folder you may write.") from error
    with file:
        yield file


def _write(text: str, file: TextIO | None) -> None:
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


def _color(arguments: argparse.Namespace, file: TextIO | None) -> bool:
    return _terminal.wants_color(arguments.color, sys.stdout if file is None else None)


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
