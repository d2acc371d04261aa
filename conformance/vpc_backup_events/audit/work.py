"""The folder in which an audit keeps what is done, so that an interrupted one goes on from there."""

from __future__ import annotations

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

_QUESTION = "question.json"
_PLAN = "plan.ndjson"
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
            # what is kept may be what others must not read
            self.folder.mkdir(_PRIVATE, parents=True, exist_ok=True)
            if self.kept and any(self.folder.iterdir()) and not (self.folder / _QUESTION).is_file():
                raise UsageError(f"{folder} holds something else than an audit.", "Name an empty or a new folder.")
            # empty, it says that an audit was begun here
            (self.folder / _QUESTION).touch(_PRIVATE_FILE)
        except OSError as error:
            raise OutputError(f"{folder}: {error.strerror or error}.", "Name a folder that you may write.") from None

    def plan(self, parts: Iterable[Part], question: dict[str, Any]) -> None:
        """Writes the plan, or finds the same one. Raises `UsageError` where another one was begun in the folder."""
        digest = sha256()
        new = self.folder / f"{_PLAN}.new"
        with _writing(new), _private(new, "w") as file:
            for part in parts:
                line = part.as_text() + "\n"
                file.write(line)
                digest.update(line.encode())
                self.parts += 1
        asked = json.dumps({**question, "version": __version__, "archive": digest.hexdigest()}, sort_keys=True) + "\n"
        with _writing(self.folder / _QUESTION):
            before = (self.folder / _QUESTION).read_text("utf-8", "replace")
        if before and before != asked:
            new.unlink()
            raise UsageError(
                f"{self.folder} holds an audit of other files, of these before they changed, or by another question.",
                "Name another folder, or remove this one.",
            )
        with _writing(new):
            if not before:
                # results of a question that was lost when the machine went down
                for path in self.folder.iterdir():
                    if path.is_dir():
                        shutil.rmtree(path)
            new.replace(self.folder / _PLAN)
        self.write(_QUESTION, asked.encode())

    def read_plan(self) -> Iterator[tuple[int, Part]]:
        """The parts with their numbers."""
        with (self.folder / _PLAN).open("rb") as file:
            for number, line in enumerate(file):
                yield number, Part.of_text(line)

    def write(self, name: str, data: bytes) -> None:
        """Writes a file at one stroke. Raises `OutputError`."""
        path = self.folder / name
        with _writing(path):
            path.parent.mkdir(_PRIVATE, exist_ok=True)
            new = path.with_name(f"{path.name}.new")
            with _private(new, "wb") as file:
                file.write(data)
            new.replace(path)

    def copy(self, name: str, stream: IO[bytes]) -> str:
        """Keeps what a stream holds, and returns the path of the copy. Raises `OutputError`."""
        path = self.folder / name
        with _writing(path), _private(path, "wb") as file:
            shutil.copyfileobj(stream, file, 1024 * 1024)
        return os.fspath(path)

    def read(self, name: str) -> bytes | None:
        """The content of a file, or None where it is not there."""
        with suppress(FileNotFoundError):
            return (self.folder / name).read_bytes()
        return None

    def size(self, name: str) -> int:
        """Bytes of a file, none where it is not there."""
        with suppress(FileNotFoundError):
            return (self.folder / name).stat().st_size
        return 0

    def append(self, name: str, data: bytes) -> None:
        """Adds to a file. Raises `OutputError`."""
        path = self.folder / name
        with _writing(path):
            path.parent.mkdir(_PRIVATE, exist_ok=True)
            with _private(path, "ab") as file:
                file.write(data)

    def remove(self, name: str) -> None:
        """Removes a file, or a folder with all that is in it."""
        path = self.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            with suppress(FileNotFoundError):
                path.unlink()

    def close(self) -> None:
        """Removes a folder that was only for this run."""
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def path(self) -> str:
        """The folder as a command line names it."""
        return os.fspath(self.folder)


def _private(path: Path, mode: str) -> IO[Any]:
    """A file that nobody else may read."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, _PRIVATE_FILE)

    return open(path, mode, encoding=None if "b" in mode else "ascii", opener=opener)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: {error.strerror or error}.", "Make room, and run the same command again: it goes on from here."
        ) from None


def place(kind: str, number: int) -> str:
    """The name of the file of a part's result of this kind."""
    return f"{kind}-{number // _IN_FOLDER}/{number}"
