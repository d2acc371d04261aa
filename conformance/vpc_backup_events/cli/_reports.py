"""The options of the verbs that report, and the files that they write."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TextIO

from vpc_backup_events.cli import _terminal
from vpc_backup_events.errors import OutputError, UsageError
from vpc_backup_events.reporting import FORMATS, load, render_run

if TYPE_CHECKING:
    from vpc_backup_events.reporting.run import Run

_HIDDEN = "HIDDEN"
# options of the verbs whose value is nobody else's business
_SECRET_OPTIONS = ("--token", "--forbidden-token", "--header")


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
        if file is not None and any(os.path.realpath(file) == os.path.realpath(name) for name in inputs):
            raise UsageError(f"{file} is an input and would be overwritten by the report.", "Name another --output.")
        if file is not None and written.count(os.path.realpath(file)) > 1:
            raise UsageError(f"{file} is named for two reports.", "Name a file for each.")
    with ExitStack() as stack:
        yield Reports(
            [(format, None if file is None else stack.enter_context(_open(file))) for format, file in asked],
            getattr(arguments, "color", "never"),
        )


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


def parse(texts: Iterable[str], option: str = "--report") -> list[tuple[str, str]]:
    """Formats and files of `FORMAT=FILE`; raises `UsageError` for a format that does not exist or a missing file."""
    parsed = []
    for text in texts:
        format, _, file = text.partition("=")
        if format not in FORMATS:
            raise UsageError(
                f"{option}: {format!r} is no format.", f"Write FORMAT=FILE with one of {', '.join(FORMATS)}."
            )
        if not file:
            raise UsageError(f"{option}: {text!r} names no file.", f"Write {format}=FILE.")
        parsed.append((format, file))
    return parsed


def command(words: Sequence[str]) -> str:
    """The command line for a shell, without what is secret in it."""
    return shlex.join(["vpc-backup-events", *_masked(words)])


def _masked(words: Sequence[str]) -> Iterator[str]:
    from vpc_backup_events.rules.secrecy import looks_secret, secret_name

    before = ""
    for word in words:
        name, equals, _ = word.partition("=")
        if before in _SECRET_OPTIONS or secret_name(before.lstrip("-")):
            yield _HIDDEN
        elif equals and (name in _SECRET_OPTIONS or secret_name(name.lstrip("-"))):
            yield f"{name}={_HIDDEN}"
        elif before == "--command":
            try:
                yield shlex.join(_masked(shlex.split(word)))
            except ValueError:
                yield _HIDDEN
        else:
            yield _HIDDEN if looks_secret(word) else word
        before = word


def _asked(arguments: argparse.Namespace) -> list[tuple[str, str | None]]:
    return [(arguments.format, arguments.output), *parse(arguments.report)]


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
