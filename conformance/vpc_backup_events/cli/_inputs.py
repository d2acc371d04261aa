"""From the paths of a command line to named bytes: files, folders and standard input."""

from __future__ import annotations

import argparse
import os
import shlex
import stat
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from io import BufferedReader
from typing import IO

from vpc_backup_events.reporting.overwriting import is_report, overwritten
from vpc_backup_events.values.buckets import bucket_and_key, is_object
from vpc_backup_events.values.errors import KitError, UnreadableInputError, UsageError
from vpc_backup_events.values.folders import TOOLS, is_readable, unreadable
from vpc_backup_events.values.report import file_name

# names of the files that are read when a folder is given; a file that is named itself is always read
SUFFIXES = (".json", ".ndjson", ".jsonl", ".http", ".eml", ".gz")
_NEVER = (".tar.gz",)

# what is read of an input, which may be a device without end
MAX_INPUT = 512 * 1024 * 1024

STDIN = "-"
STDIN_NAME = "<stdin>"


@dataclass(slots=True)
class Inputs:
    """What a command line names: files in order, and what could not be found or opened."""

    # path of each file, `STDIN` for standard input; no file twice
    paths: list[str] = field(default_factory=list)
    problems: list[KitError] = field(default_factory=list)
    # files in folders that were left out for their name or kind
    skipped: int = 0
    # where buckets are, or empty where the environment says it
    endpoint: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs as a report names them."""
        return tuple(map(_name, self.paths))

    def read(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each input, one at a time; one that can't be read becomes a problem and is left out."""
        for path in self.paths:
            try:
                content = self._content(path)
            except KitError as error:
                self.problems.append(error)
            except (OSError, MemoryError) as error:
                self.problems.append(_unreadable(_name(path), error))
            else:
                yield _name(path), content

    def _content(self, path: str) -> bytes:
        with _opened(path, self.endpoint) as file:
            content = file.read(MAX_INPUT + 1)
        if len(content) > MAX_INPUT:
            raise UnreadableInputError(
                f"{_name(path)}: more than {MAX_INPUT >> 20} MiB.", "Split it into smaller files."
            )
        return content


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Adds the option `--endpoint` to a verb that reads objects of buckets."""
    parser.add_argument(
        "--endpoint",
        default="",
        metavar="URL",
        help="who has the buckets of s3://, such as https://s3.eu-de.cloud-object-storage.appdomain.cloud"
        " (default: as AWS_ENDPOINT_URL and ~/.aws say)",
    )


def find(
    arguments: Iterable[str],
    leave_out: Collection[str] = (),
    suffixes: tuple[str, ...] = SUFFIXES,
    what: str = "event",
    endpoint: str = "",
) -> Inputs:
    """The files that the arguments name; `leave_out` are files that are about to be written, never read from a folder.

    `suffixes` are those of the files that are read in a folder, `what` says what is in them, `endpoint` is who has the
    buckets. Raises `UsageError` when there is no argument and standard input is a terminal.
    """
    inputs = Inputs(endpoint=endpoint)
    paths: list[str] = []
    for argument in list(arguments) or [_default()]:
        if argument != STDIN and os.path.isdir(argument):
            paths += _in_folder(argument, inputs, leave_out, suffixes, what)
        else:
            paths.append(argument)
    inputs.paths = list(dict.fromkeys(paths))
    return inputs


def is_one_of(path: str, inputs: Iterable[str]) -> bool:
    """Whether a file is one of the inputs, by whatever name; `STDIN` stands for what is piped in."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return False
    # a device keeps nothing that could be lost
    return stat.S_ISREG(status.st_mode) and any(_is_at(name, status) for name in inputs)


def _is_at(name: str, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(sys.stdin.fileno()) if name == STDIN else os.stat(name), status)
    except (OSError, ValueError, AttributeError):
        return False


def _default() -> str:
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise UsageError(
            "There is no input: no path is given, and standard input is a terminal.",
            "Name files or folders, or pipe events in: vpc-backup-events check event.json",
        )
    return STDIN


def _opened(path: str, endpoint: str) -> AbstractContextManager[IO[bytes]]:
    if path == STDIN:
        return nullcontext(sys.stdin.buffer)
    if is_object(path):
        return _object(path, endpoint)
    return open(path, "rb")


@contextmanager
def _object(path: str, endpoint: str) -> Iterator[IO[bytes]]:
    """An object of a bucket; `UnreadableInputError` where the name is not that of one."""
    from vpc_backup_events.reading.objects import MissingObjectError, ObjectStream

    audit = f"To judge all that is below it, run: vpc-backup-events audit {shlex.quote(path)}"
    if path.endswith("/") or not bucket_and_key(path)[1]:
        raise UnreadableInputError(f"{_name(path)}: this is no object, but a folder of a bucket.", audit)
    try:
        with BufferedReader(ObjectStream(path, endpoint)) as file:
            yield file
    except MissingObjectError as error:
        raise UnreadableInputError(error.message, f"{error.hint} {audit}") from None


def _in_folder(
    folder: str, inputs: Inputs, leave_out: Collection[str], suffixes: tuple[str, ...], what: str
) -> list[str]:
    paths: list[str] = []

    def complain(error: OSError) -> None:
        inputs.problems.append(_unreadable(_name(str(error.filename)), error))

    outputs = {os.path.realpath(other) for other in leave_out}
    before = len(inputs.problems)
    for parent, folders, files in os.walk(folder, onerror=complain):
        folders[:] = sorted(name for name in folders if name not in TOOLS)
        for path in sorted(os.path.join(parent, name) for name in files):
            if os.path.realpath(path) in outputs:
                if _is_read(path, suffixes) and not is_report(path):
                    raise overwritten(path)
                continue
            if _is_read(path, suffixes):
                paths.append(path)
            else:
                inputs.skipped += 1
    if not paths and len(inputs.problems) == before:
        inputs.problems.append(
            UnreadableInputError(
                f"{_name(folder)}: no {what} file in this folder.",
                f"{what.capitalize()} files end in {', '.join(suffixes)};"
                " name a file itself to read it whatever its name is.",
            )
        )
    return paths


def _is_read(path: str, suffixes: tuple[str, ...]) -> bool:
    name = path.lower()
    return name.endswith(suffixes) and not name.endswith(_NEVER) and is_readable(path)


def _name(path: str) -> str:
    if path == STDIN:
        return STDIN_NAME
    return file_name(path)


def _unreadable(name: str, error: OSError | MemoryError) -> KitError:
    if isinstance(error, MemoryError):
        return UnreadableInputError(f"{name}: too large for the memory.", "Split it into smaller files.")
    return unreadable(name, error)
