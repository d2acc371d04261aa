"""The folder in which an audit keeps what is done, so that an interrupted one goes on from there."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any

from vpc_backup_events._version import __version__
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.values.errors import OutputError, UsageError

# why a file can't grow
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)

_AGAIN = "run the same command again: with --work it goes on from here."
_QUESTION = "question.json"
_PLAN = "plan.ndjson"
_LOCK = "lock"
# files in one folder of results
_IN_FOLDER = 1_000
# permissions: of a folder and of a file that nobody else may read
_PRIVATE, _PRIVATE_FILE = 0o700, 0o600


class Work:
    """A folder with the plan of an audit and the results of its parts; a result is there as a whole or not at all."""

    def __init__(self, folder: str | None) -> None:
        self.kept = folder is not None
        self.folder = Path(folder if folder is not None else mkdtemp(prefix="vpc-backup-events-audit-"))
        # parts of the plan
        self.parts = 0
        # results that were there before
        self.resumed = 0
        try:
            str(self.folder.absolute()).encode()
        except UnicodeEncodeError:
            # neither Arrow nor DuckDB can open what is in it
            raise UsageError(f"{folder} has a name that is no UTF-8.", "Name another folder.") from None
        try:
            # what is kept may be what others must not read
            self.folder.mkdir(_PRIVATE, parents=True, exist_ok=True)
            if self.kept and any(self.folder.iterdir()) and not (self.folder / _QUESTION).is_file():
                raise UsageError(f"{folder} holds something else than an audit.", "Name an empty or a new folder.")
            # no object, as the work is sent to other processes
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, _PRIVATE_FILE)
            if not _locked(self._lock):
                os.close(self._lock)
                raise UsageError(f"Another audit is at work in {folder}.", "Wait for its end, or name another folder.")
            # empty, it says that an audit was begun here
            (self.folder / _QUESTION).touch(_PRIVATE_FILE)
        except OSError as error:
            raise OutputError.at(str(folder), error, "Name a folder that you may write.") from None

    def plan(self, parts: Iterable[Part], question: dict[str, Any]) -> None:
        """Writes the plan, or finds the same one. Raises `UsageError` where another one was begun in the folder."""
        digest = sha256()
        before = (self.folder / _QUESTION).read_text("utf-8", "replace")
        with written(self.folder / _PLAN, "w") as file:
            for part in parts:
                line = part.as_text() + "\n"
                file.write(line)
                digest.update(line.encode())
                self.parts += 1
            asked = json.dumps({**question, "version": __version__, "archive": digest.hexdigest()}, sort_keys=True)
            if before.strip() not in ("", asked):
                raise UsageError(
                    f"{self.folder} holds an audit of other files, of these before they changed, or by another"
                    " question.",
                    "Name another folder, or remove this one.",
                )
            if not before:
                # results of a question that was lost when the machine went down
                for path in self.folder.iterdir():
                    if path.is_dir():
                        shutil.rmtree(path)
        with written(self.folder / _QUESTION, "w") as file:
            file.write(asked + "\n")

    def read_plan(self) -> Iterator[tuple[int, Part]]:
        """The parts with their numbers."""
        with (self.folder / _PLAN).open("rb") as file:
            for number, line in enumerate(file):
                yield number, Part.of_text(line)

    def rows(self, number: int) -> Path:
        """Where the rows of a part are kept."""
        return self.folder / f"rows-{number // _IN_FOLDER}" / f"{number}.parquet"

    @property
    def table(self) -> Path:
        """Where the whole table is made, for a person to keep."""
        return self.folder / "scratch" / "table.parquet"

    def copy(self, name: str, stream: IO[bytes]) -> str:
        """Keeps what a stream holds, and returns the path of the copy. Raises `OutputError`."""
        path = self.folder / name
        with written(path) as file:
            shutil.copyfileobj(stream, file, 1024 * 1024)
        return os.fspath(path)

    def scratch(self) -> Path:
        """A folder for what is not kept, empty."""
        shutil.rmtree(self.table.parent, ignore_errors=True)
        self.table.parent.mkdir(_PRIVATE)
        return self.table.parent

    def close(self) -> None:
        """Removes a folder that was only for this run, and of others what is not kept."""
        # before the lock is open: behind that, another audit may be at work here
        shutil.rmtree(self.table.parent if self.kept else self.folder, ignore_errors=True)
        os.close(self._lock)

    @property
    def path(self) -> str:
        """The folder as a command line names it."""
        return os.fspath(self.folder)


@contextmanager
def written(path: Path, mode: str = "wb") -> Iterator[IO[Any]]:
    """A file that is there as a whole or not at all, and that nobody else may read. Raises `OutputError`."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, _PRIVATE_FILE)

    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(_PRIVATE, exist_ok=True)
        with open(new, mode, encoding=None if "b" in mode else "ascii", opener=opener) as file:
            yield file
        new.replace(path)
    except OSError as error:
        if error.errno in FULL:
            raise no_room(path, error.strerror or str(error)) from None
        raise OutputError.at(str(path), error, f"Let the kit write there, and {_AGAIN}") from None
    finally:
        # of what is broken off, nothing stays that takes room
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _locked(file: int) -> bool:
    """Locks a file for this process alone, until it ends; False where another one has it."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # there are file systems without locks
        return True
    return True


def no_room(path: Path, reason: str) -> OutputError:
    """The error where something could not be written for want of room."""
    return OutputError(f"{path}: {reason}.", f"Make room, on the disk or in memory, and {_AGAIN}")
