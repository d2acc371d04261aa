"""From the paths of a command line to named bytes and events: files, folders and standard input."""

from __future__ import annotations

import os
import shlex
import stat
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BufferedReader
from typing import IO, TYPE_CHECKING

from vpc_backup_events.reporting.overwriting import is_report, overwritten
from vpc_backup_events.values.buckets import bucket_and_key, is_object
from vpc_backup_events.values.errors import KitError, UnreadableInputError, UsageError
from vpc_backup_events.values.folders import TOOLS, is_readable, unreadable
from vpc_backup_events.values.report import Source, file_name

if TYPE_CHECKING:
    from vpc_backup_events.reading.inputs import Item

# names of the files that are read when a folder is given; a file that is named itself is always read
SUFFIXES = (".json", ".ndjson", ".jsonl", ".http", ".eml", ".gz")
_NEVER = (".tar.gz",)

# what is read of an input, which may be a device without end
MAX_INPUT = 512 * 1024 * 1024

STDIN = "-"
STDIN_NAME = "<stdin>"


class Inputs:
    """What a command line names: files in order, and what could not be found or opened.

    `leave_out` are files that are about to be written, never read from a folder; `suffixes` are those of the files that
    are read in a folder, `what` says what is in them; `endpoint` is who has buckets, where not the environment says it.
    """

    def __init__(
        self,
        arguments: Iterable[str],
        leave_out: Iterable[str] = (),
        suffixes: tuple[str, ...] = SUFFIXES,
        what: str = "event",
        endpoint: str = "",
    ) -> None:
        self.problems: list[KitError] = []
        # files in folders that were left out for their name or kind
        self.skipped = 0
        self._leave_out = set(map(os.path.realpath, leave_out))
        self._suffixes = suffixes
        self._what = what
        self._endpoint = endpoint
        paths: list[str] = []
        for argument in arguments:
            if argument != STDIN and os.path.isdir(argument):
                paths += self._in_folder(argument)
            else:
                paths.append(argument)
        # of each file, `STDIN` for standard input; no file twice
        self.paths = list(dict.fromkeys(paths))

    def read(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each input, one at a time; one that can't be read becomes a problem and is left out."""
        for path in self.paths:
            name = STDIN_NAME if path == STDIN else file_name(path)
            try:
                with self._opened(path) as file:
                    content = file.read(MAX_INPUT + 1)
            except KitError as error:
                self.problems.append(error)
            except OSError as error:
                self.problems.append(unreadable(name, error))
            except MemoryError:
                self._miss(f"{name}: too large for the memory.", "Split it into smaller files.")
            else:
                if len(content) > MAX_INPUT:
                    self._miss(f"{name}: more than {MAX_INPUT >> 20} MiB.", "Split it into smaller files.")
                else:
                    yield name, content

    def events(self) -> Iterator[Item]:
        """Every event of all inputs, still to be read, as `reading.inputs.split` has them."""
        from vpc_backup_events.reading.inputs import split

        for name, content in self.read():
            yield from split(content, name)

    def _miss(self, message: str, hint: str) -> None:
        self.problems.append(UnreadableInputError(message, hint))

    def _opened(self, path: str) -> AbstractContextManager[IO[bytes]]:
        if path == STDIN:
            return nullcontext(sys.stdin.buffer)
        if is_object(path):
            return _object(path, self._endpoint)
        return open(path, "rb")

    def _in_folder(self, folder: str) -> list[str]:
        def complain(error: OSError) -> None:
            self.problems.append(unreadable(file_name(str(error.filename)), error))

        paths: list[str] = []
        before = len(self.problems)
        for parent, folders, files in os.walk(folder, onerror=complain):
            folders[:] = sorted(name for name in folders if name not in TOOLS)
            for path in sorted(os.path.join(parent, name) for name in files):
                if os.path.realpath(path) in self._leave_out:
                    if self._is_read(path) and not is_report(path):
                        raise overwritten(path)
                elif self._is_read(path):
                    paths.append(path)
                else:
                    self.skipped += 1
        if not paths and len(self.problems) == before:
            self._miss(
                f"{file_name(folder)}: no {self._what} file in this folder.",
                f"{self._what.capitalize()} files end in {', '.join(self._suffixes)};"
                " name a file itself to read it whatever its name is.",
            )
        return paths

    def _is_read(self, path: str) -> bool:
        name = path.lower()
        return name.endswith(self._suffixes) and not name.endswith(_NEVER) and is_readable(path)


def or_stdin(arguments: Sequence[str]) -> Sequence[str]:
    """The arguments, or standard input where there are none; raises `UsageError` where that is a terminal."""
    if arguments:
        return arguments
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise UsageError(
            "There is no input: no path is given, and standard input is a terminal.",
            "Name files or folders, or pipe events in: vpc-backup-events check event.json",
        )
    return [STDIN]


def place(source: Source) -> str:
    """Input and number of an event, for a line about it."""
    return str(source.file) if source.index is None else f"{source.file}:{source.index}"


def is_one_of(path: str, inputs: Collection[str]) -> bool:
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


@contextmanager
def _object(path: str, endpoint: str) -> Iterator[IO[bytes]]:
    """An object of a bucket; `UnreadableInputError` where the name is not that of one."""
    from vpc_backup_events.reading.objects import MissingObjectError, ObjectStream

    audit = f"To judge all that is below it, run: vpc-backup-events audit {shlex.quote(path)}"
    if path.endswith("/") or not bucket_and_key(path)[1]:
        raise UnreadableInputError(f"{file_name(path)}: this is no object, but a folder of a bucket.", audit)
    try:
        with BufferedReader(ObjectStream(path, endpoint)) as file:
            yield file
    except MissingObjectError as error:
        raise UnreadableInputError(error.message, f"{error.hint} {audit}") from None
