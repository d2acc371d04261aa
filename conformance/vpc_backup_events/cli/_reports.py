"""The options of the verbs that report, and the files that they write."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vpc_backup_events.cli import _inputs, _terminal
from vpc_backup_events.reporting import FORMATS, load, render_run, targets
from vpc_backup_events.reporting.command import CommandLine
from vpc_backup_events.reporting.overwriting import overwritten
from vpc_backup_events.values.errors import OutputError, UsageError
from vpc_backup_events.values.output import probe, replacing

if TYPE_CHECKING:
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


def files(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The files that reports are written to."""
    return tuple(file for _, file in _asked(arguments) if file is not None)


def formats(arguments: argparse.Namespace) -> set[str]:
    """The formats that are asked for."""
    return {format for format, _ in _asked(arguments)}


@dataclass(slots=True)
class Reports:
    """Where reports go: standard output and files."""

    # format, and path of its file, or None for standard output
    targets: list[tuple[str, str | None]] = field(default_factory=list)
    # what was asked for in colours
    color: str = "auto"

    def write(self, run: Run) -> None:
        """Writes every report; what can't be written to its file is on standard output."""
        for format, path in self.targets:
            color = _terminal.wants_color(self.color, sys.stdout) if path is None else self.color == "always"
            write(render_run(replace(run, color=color), format), path)
            if format == "github":
                _summarize(run)


@contextmanager
def opened(arguments: argparse.Namespace, inputs: Sequence[str] = ()) -> Iterator[Reports]:
    """The targets of the reports, tried before any work is done for them; none of them may be an input."""
    targets = _asked(arguments)
    paths = [os.path.realpath(path) for _, path in targets if path is not None]
    for format, path in targets:
        load(format)
        if path is None:
            continue
        try_out(path, inputs)
        if paths.count(os.path.realpath(path)) > 1:
            raise UsageError(f"{path} is named for two reports.", "Name a file for each.")
    yield Reports(targets, getattr(arguments, "color", "never"))


def try_out(path: str, inputs: Sequence[str]) -> None:
    """Raises `UsageError` where the file is an input, and `OutputError` where it can't be written."""
    if _inputs.is_one_of(path, inputs):
        raise overwritten(path)
    try:
        probe(path)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error, "Name a file that you may write.") from error


def copy(source: Path, path: str) -> None:
    """Copies what is no text to a file. Raises `OutputError`."""
    try:
        with source.open("rb") as whole, replacing(path) as file:
            shutil.copyfileobj(whole, file)
    except OSError as error:
        raise _unwritable(path, error, "Name a file that you may write, and run it again.") from error


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
        raise _unwritable(path, error, "The report is on standard output.") from error
    _terminal.diagnose(f"the report is in {path}")


def _unwritable(path: str, error: OSError | ValueError, hint: str) -> OutputError:
    return OutputError(f"{path}: {getattr(error, 'strerror', None) or error}.", hint)


def command(words: Sequence[str]) -> str:
    """The command line for a shell, without what is secret in it."""
    return str(CommandLine(["vpc-backup-events", *words]))


def _asked(arguments: argparse.Namespace) -> list[tuple[str, str | None]]:
    return [(arguments.format, arguments.output), *targets(arguments.report)]


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
