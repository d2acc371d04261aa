"""The options of the verbs that report, and the files that they write."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TextIO

from vpc_backup_events.cli import _terminal
from vpc_backup_events.reporting import FORMATS, load, render_run, targets
from vpc_backup_events.reporting.command import CommandLine
from vpc_backup_events.values.errors import OutputError, UsageError

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
    """Where reports go: standard output and open files."""

    # format, and its file, or None for standard output
    targets: list[tuple[str, TextIO | None]] = field(default_factory=list)
    # what was asked for in colours
    color: str = "auto"

    def write(self, run: Run) -> None:
        """Writes every report; what can't be written to its file is on standard output."""
        for format, file in self.targets:
            color = _terminal.wants_color(self.color, sys.stdout) if file is None else self.color == "always"
            write(render_run(replace(run, color=color), format), file)
            if format == "github":
                _summarize(run)


@contextmanager
def opened(arguments: argparse.Namespace, inputs: Sequence[str] = ()) -> Iterator[Reports]:
    """The targets of the reports, opened before any work is done for them; none of them may be an input."""
    asked = _asked(arguments)
    written = [os.path.realpath(file) for _, file in asked if file is not None]
    for format, file in asked:
        load(format)
        _spare(file, inputs)
        if file is not None and written.count(os.path.realpath(file)) > 1:
            raise UsageError(f"{file} is named for two reports.", "Name a file for each.")
    with ExitStack() as stack:
        yield Reports(
            [(format, None if file is None else stack.enter_context(_open(file))) for format, file in asked],
            getattr(arguments, "color", "never"),
        )


@contextmanager
def opened_file(path: str | None, inputs: Sequence[str]) -> Iterator[TextIO | None]:
    """The file for what is written, opened before any work is done for it; None for standard output."""
    _spare(path, inputs)
    if path is None:
        yield None
        return
    with _open(path) as file:
        yield file


def _spare(file: str | None, inputs: Sequence[str]) -> None:
    if file is not None and any(os.path.realpath(file) == os.path.realpath(name) for name in inputs):
        raise UsageError(f"{file} is an input and would be overwritten by the report.", "Name another --output.")


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


def command(words: Sequence[str]) -> str:
    """The command line for a shell, without what is secret in it."""
    return str(CommandLine(["vpc-backup-events", *words]))


def _asked(arguments: argparse.Namespace) -> list[tuple[str, str | None]]:
    return [(arguments.format, arguments.output), *targets(arguments.report)]


@contextmanager
def _open(path: str) -> Iterator[TextIO]:
    try:
        file = open(path, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115 - closed below
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}.", "Name a file that you may write.") from error
    with file:
        yield file


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
