"""The options of the verbs that report, and the files that they write."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vpc_backup_events.cli import _inputs, _terminal
from vpc_backup_events.reporting import FORMATS, load, render_run, targets
from vpc_backup_events.reporting.command import CommandLine
from vpc_backup_events.reporting.overwriting import overwritten
from vpc_backup_events.values.errors import OutputError, UsageError
from vpc_backup_events.values.output import probe, replacing

if TYPE_CHECKING:
    from vpc_backup_events.reporting.display import Display
    from vpc_backup_events.reporting.run import Run


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the options `--format`, `--output` and `--report`."""
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="of the report (default: %(default)s)")
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE")
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write the report in another format too; repeatable",
    )


class Reports:
    """The reports that a command line asks for; raises `UsageError` where it asks for none that there is."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._words: list[str] = arguments.words
        self._color: str = getattr(arguments, "color", "never")
        # format, and path of its file, or None for standard output
        self._targets: list[tuple[str, str | None]] = [
            (arguments.format, arguments.output),
            *targets(arguments.report),
        ]
        # that reports are written to
        self.files = tuple(path for _, path in self._targets if path is not None)
        # whether one of them shows the events beside what is wrong with them
        self.shows_events = any(format == "html" for format, _ in self._targets)

    def try_out(self, inputs: Collection[str] = ()) -> None:
        """Tries the formats and files before any work is done for them; none of the files may be an input."""
        paths = list(map(os.path.realpath, self.files))
        for format, path in self._targets:
            load(format)
            if path is None:
                continue
            try_out(path, inputs)
            if paths.count(os.path.realpath(path)) > 1:
                raise UsageError(f"{path} is named for two reports.", "Name a file for each.")

    def display(self) -> Display | None:
        """What takes the events in, where a report shows them."""
        if not self.shows_events:
            return None
        from vpc_backup_events.reporting.display import Display

        return Display()

    def write(self, run: Run) -> None:
        """Writes every report; what can't be written to its file is on standard output."""
        run = replace(run, command=str(CommandLine(["vpc-backup-events", *self._words])))
        for format, path in self._targets:
            color = _terminal.wants_color(self._color) if path is None else self._color == "always"
            write(render_run(replace(run, color=color), format), path)
            if format == "github":
                _summarize(run)


def try_out(path: str, inputs: Collection[str]) -> None:
    """Raises `UsageError` where the file is an input, and `OutputError` where it can't be written."""
    if _inputs.is_one_of(path, inputs):
        raise overwritten(path)
    try:
        probe(path)
    except (OSError, ValueError) as error:
        raise OutputError.at(path, error, "Name a file that you may write.") from error


def copy(source: Path, path: str) -> None:
    """Copies what is no text to a file. Raises `OutputError`."""
    try:
        with source.open("rb") as whole, replacing(path) as file:
            shutil.copyfileobj(whole, file)
    except OSError as error:
        raise OutputError.at(path, error, "Name a file that you may write, and run it again.") from error


def write(text: str, path: str | None) -> None:
    """Writes a report to the file, or to standard output; nothing is lost where the file can't be written."""
    if path is None:
        _terminal.write(text)
        return
    try:
        with replacing(path) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        # nothing that was found is lost
        _terminal.write(text)
        raise OutputError.at(path, error, "The report is on standard output.") from error
    _terminal.diagnose(f"the report is in {path}")


def _summarize(run: Run) -> None:
    """Adds the report as Markdown to the summary of the job, where GitHub Actions names a file for it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(render_run(run, "markdown"))
    except OSError as error:
        _terminal.diagnose(f"the summary of the job was not written: {path}: {error.strerror or error}")
