"""From paths to parts: what one process judges at a time. Nothing of the archive stays in memory."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePath
from typing import Any

from vpc_backup_events.audit.blocks import HEAD, SIGNATURE, WHOLE, is_compressed, is_parquet, row_groups
from vpc_backup_events.reading.inputs import is_email_name, looks_like_lines
from vpc_backup_events.reporting.overwriting import is_report, overwritten
from vpc_backup_events.values.errors import KitError, UnreadableInputError
from vpc_backup_events.values.report import file_name

# what a part holds, about: bytes, and files
PART = 16 * 1024 * 1024
FILES = 1_000

# ends of the names that are read in a folder, beside names without any: objects in buckets often have none
SUFFIXES = (".json", ".ndjson", ".jsonl", ".http", ".eml", ".gz", ".zst", ".zstd", ".parquet")
STDIN = "<stdin>"
_NEVER = (".tar.gz", ".tar.zst")
_KEPT = (".git", ".terraform")


@dataclass(frozen=True, slots=True)
class Part:
    """Some files, the lines of a file that begin within some bytes, or some row groups of a Parquet file."""

    # files, lines or rows
    kind: str
    # paths; one, but for the kind files
    files: tuple[str, ...]
    # first and behind the last byte, or row group
    start: int = 0
    end: int = 0
    # of rows: the column that holds the events
    column: str = ""
    # the file that is a copy of standard input
    copy: str = ""
    # of each file, what tells whether it has changed since
    states: tuple[str, ...] = ()

    def shown(self, path: str) -> str:
        """The name of a file in reports."""
        return STDIN if path == self.copy else file_name(path)

    def as_text(self) -> str:
        """The part as one line of JSON."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def of_text(cls, text: str | bytes) -> Part:
        """The part that a line of JSON stands for."""
        members: dict[str, Any] = json.loads(text)
        return cls(**{**members, "files": tuple(members["files"]), "states": tuple(members["states"])})

    def changed(self) -> Iterator[str]:
        """The files that are no longer what they were when the part was made."""
        for path, state in zip(self.files, self.states, strict=True):
            try:
                if path != self.copy and _state(os.stat(path)) != state:
                    yield path
            except OSError:
                yield path


@dataclass(slots=True)
class Inventory:
    """What there is on the way through the files."""

    files: int = 0
    bytes: int = 0
    # files in folders that were left out for their name or kind
    skipped: int = 0
    problems: list[KitError] = field(default_factory=list)


def parts(
    paths: Iterable[str],
    inventory: Inventory,
    leave_out: Collection[str] = (),
    column: str = "",
    size: int = PART,
    copy: str = "",
) -> Iterator[Part]:
    """The parts in the order of the archive.

    Paths are files, folders and glob patterns; a file is read once. `leave_out` are files and folders that are written.
    What can't be read is a problem in the inventory. `size` is that of a part in bytes, `copy` the path of a copy of
    standard input.
    """
    group = _Group(size, copy)
    outputs = [path for path in leave_out if os.path.isfile(path)]
    for path in _files(paths, inventory, leave_out):
        try:
            status = os.stat(path)
            if any(os.path.samestat(status, os.stat(output)) for output in outputs):
                raise overwritten(path)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableInputError(
                    f"{file_name(path)}: no regular file.", "Pipe it in, and name - in its place."
                )
            large = list(_large(path, status.st_size, column, size))
        except UnreadableInputError as error:
            inventory.problems.append(error)
            continue
        except OSError as error:
            inventory.problems.append(_unreadable(path, error))
            continue
        inventory.files += 1
        inventory.bytes += status.st_size
        # of what was piped in, each run makes a copy of its own
        state = _digest(path) if path == copy else _state(status)
        if not large:
            yield from group.add(path, status.st_size, state)
            continue
        yield from group.flush()
        for part in large:
            yield replace(part, copy=copy, states=(state,))
    yield from group.flush()


class _Group:
    """Small files that make one part."""

    def __init__(self, size: int, copy: str) -> None:
        self._size = size
        self._copy = copy
        self._paths: list[str] = []
        self._states: list[str] = []
        self._bytes = 0

    def add(self, path: str, size: int, state: str) -> Iterator[Part]:
        self._paths.append(path)
        self._states.append(state)
        self._bytes += size
        if self._bytes >= self._size or len(self._paths) >= FILES:
            yield from self.flush()

    def flush(self) -> Iterator[Part]:
        if self._paths:
            yield Part("files", tuple(self._paths), copy=self._copy, states=tuple(self._states))
        self._paths, self._states, self._bytes = [], [], 0


def _state(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _large(path: str, size: int, column: str, step: int) -> Iterator[Part]:
    """The parts of a file that several processes can share; none of a file that is read from end to end."""
    with open(path, "rb") as file:
        head = file.read(HEAD if size > WHOLE else SIGNATURE)
    if is_parquet(head):
        column, groups = row_groups(path, column)
        per_part = max(1, step * groups // max(size, 1))
        for start in range(0, max(groups, 1), per_part):
            yield Part("rows", (path,), start, min(start + per_part, groups), column)
    elif size > WHOLE and not is_compressed(head) and not is_email_name(path) and looks_like_lines(head):
        for start in range(0, size, step):
            yield Part("lines", (path,), start, min(start + step, size))


def _files(paths: Iterable[str], inventory: Inventory, leave_out: Collection[str]) -> Iterator[str]:
    # files and folders that were passed already: one that is named twice is still read once
    given: set[str] = set()
    written = {os.path.realpath(path) for path in leave_out}
    for argument in paths:
        named = _expanded(argument)
        if not named:
            inventory.problems.append(UnreadableInputError(f"{file_name(argument)}: no file has such a name.", _QUOTED))
        for path in named:
            absolute = os.path.abspath(path)
            if absolute in given or not given.isdisjoint(map(str, PurePath(absolute).parents)):
                continue
            if not os.path.isdir(path):
                given.add(absolute)
                yield path
                continue
            before = inventory.files + len(inventory.problems)
            yield from _in_folder(path, inventory, given, written)
            given.add(absolute)
            if inventory.files + len(inventory.problems) == before:
                inventory.problems.append(
                    UnreadableInputError(f"{file_name(path)}: no archive file in this folder.", _READ_IN_FOLDERS)
                )


_QUOTED = "Check the pattern, and quote it, so that the shell leaves it alone."
_READ_IN_FOLDERS = (
    f"In folders, files are read that end in {', '.join(SUFFIXES)}, or have no ending; name a file itself to read it"
    " whatever its name is."
)


def _expanded(argument: str) -> list[str]:
    if os.path.lexists(argument) or not glob.has_magic(argument):
        return [argument]
    return sorted(glob.iglob(argument, recursive=True))


def _in_folder(folder: str, inventory: Inventory, given: Collection[str], written: Collection[str]) -> Iterator[str]:
    def unreadable(error: OSError) -> None:
        inventory.problems.append(_unreadable(str(error.filename), error))

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        inside, real = os.path.abspath(parent), os.path.realpath(parent)
        folders[:] = sorted(
            folder
            for folder in folders
            if folder not in _KEPT
            and os.path.join(inside, folder) not in given
            and os.path.join(real, folder) not in written
        )
        for name in sorted(names):
            path = os.path.join(parent, name)
            stands = os.path.realpath(path) if os.path.islink(path) else os.path.join(real, name)
            if os.path.join(inside, name) in given:
                continue
            if stands in written:
                if _is_read(path, name.lower()) and not is_report(path):
                    raise overwritten(path)
                continue
            if _is_read(path, name.lower()):
                yield path
            else:
                inventory.skipped += 1


def _is_read(path: str, name: str) -> bool:
    if name.endswith(_NEVER) or not (name.endswith(SUFFIXES) or "." not in name):
        return False
    try:
        mode = os.stat(path).st_mode
    except OSError:
        # reading it tells why
        return True
    # a pipe or a device in a folder would block
    return stat.S_ISREG(mode)


def _unreadable(path: str, error: OSError) -> KitError:
    return UnreadableInputError(f"{file_name(path)}: {error.strerror or error}.", "Check the path and its permissions.")
