"""The files of an archive: what is named, what is in folders, and what patterns mean; objects of buckets likewise."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import PurePath
from typing import BinaryIO, NamedTuple, cast

from vpc_backup_events.audit.buckets import Selection
from vpc_backup_events.reading.objects import MissingObjectError, Object, ObjectStream, head, listing
from vpc_backup_events.reporting.overwriting import is_report, overwritten
from vpc_backup_events.values.buckets import is_object
from vpc_backup_events.values.errors import KitError, UnreadableInputError
from vpc_backup_events.values.folders import TOOLS, is_readable, unreadable
from vpc_backup_events.values.report import file_name

__all__ = ["SUFFIXES", "File", "Inventory", "files"]

# ends of the names that are read in a folder, beside names without any: objects in buckets often have none
SUFFIXES = (".json", ".ndjson", ".jsonl", ".http", ".eml", ".gz", ".zst", ".zstd", ".parquet")
_NEVER = (".tar.gz", ".tar.zst")
# folders of tools, and of what Spark and Delta Lake keep beside their data
_KEPT = (*TOOLS, "_delta_log", "_spark_metadata", "_temporary")
# how such files begin that stand beside data: _SUCCESS, _metadata
_BESIDE = "_"

# what is read of an object at a time
_BUFFER = 128 * 1024


class File(NamedTuple):
    """A file, or an object of a bucket, as it was when the audit began."""

    path: str
    size: int
    # what tells whether it has changed since
    state: str
    # of an object, who is asked for it; empty: whom the environment names
    endpoint: str = ""

    @property
    def is_object(self) -> bool:
        """Whether it is an object of a bucket."""
        return is_object(self.path)

    def open(self, start: int = 0, end: int | None = None) -> BinaryIO:
        """Its bytes from `start` on; of an object, those before `end` come by one request, and no others ahead."""
        if self.is_object:
            stream = self._stream(start, end)
            return BufferedReader(stream, _BUFFER) if end is None else cast(BinaryIO, stream)
        file = open(self.path, "rb")  # noqa: SIM115
        file.seek(start)
        return file

    def for_arrow(self) -> str | ObjectStream:
        """What Arrow opens, and reads here and there; of an object, each reading is a request for just that."""
        return self._stream(0, 0) if self.is_object else self.path

    def changed(self) -> bool:
        """Whether a file is no longer what it was; of an object, reading it tells."""
        try:
            return not self.is_object and _state(os.stat(self.path)) != self.state
        except OSError:
            return True

    def _stream(self, start: int, end: int | None) -> ObjectStream:
        return ObjectStream(self.path, self.endpoint, Object(self.path, self.size, self.state), start, end)


@dataclass(slots=True)
class Inventory:
    """What there is on the way through the files."""

    files: int = 0
    bytes: int = 0
    # files in folders that were left out for their name or kind
    skipped: int = 0
    problems: list[KitError] = field(default_factory=list)


def files(
    paths: Iterable[str], inventory: Inventory, leave_out: Collection[str] = (), copy: str = "", endpoint: str = ""
) -> Iterator[File]:
    """The files in the order of the archive; each is read once. What can't be read is a problem in the inventory.

    Who takes a file counts it in the inventory before it asks for the next. Raises `UsageError` where an output would
    be written over a file, and `BucketError`.
    """
    # files and folders that were passed already: one that is named twice is still read once
    given: set[str] = set()
    selections: list[Selection] = []
    outputs = [path for path in leave_out if os.path.isfile(path)]
    written = {os.path.realpath(path) for path in leave_out}
    for argument in paths:
        if is_object(argument):
            yield from _objects(argument, inventory, selections, endpoint)
            continue
        for path in _local(argument, inventory, given, written):
            try:
                yield _file(path, outputs, path == copy)
            except UnreadableInputError as error:
                inventory.problems.append(error)
            except OSError as error:
                inventory.problems.append(unreadable(file_name(path), error))


def _file(path: str, outputs: Iterable[str], is_copy: bool) -> File:
    status = os.stat(path)
    if any(os.path.samestat(status, os.stat(output)) for output in outputs):
        raise overwritten(path)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableInputError(f"{file_name(path)}: no regular file.", "Pipe it in, and name - in its place.")
    # of what was piped in, each run makes a copy of its own
    return File(path, status.st_size, _digest(path) if is_copy else _state(status))


def _state(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _objects(path: str, inventory: Inventory, before: list[Selection], endpoint: str) -> Iterator[File]:
    """The objects that a path names, in the order of their names, but for those that one before it named."""
    try:
        selection, objects, problem = _selection(path, endpoint)
        is_empty = True
        for entry in objects:
            names = selection.below(entry.url)
            # what is not meant, what stands for an empty folder, and what tools keep for themselves
            if names is None or (names and not names[-1]) or not set(_KEPT).isdisjoint(names[:-1]):
                continue
            is_read = not names or _is_name(names[-1].lower())
            is_empty = is_empty and not is_read
            if any(earlier.below(entry.url) is not None for earlier in before):
                continue
            if is_read:
                yield File(*entry, endpoint)
            else:
                inventory.skipped += 1
        if is_empty:
            raise problem
        before.append(selection)
    except UnreadableInputError as error:
        inventory.problems.append(error)


def _selection(path: str, endpoint: str) -> tuple[Selection, Iterable[Object], UnreadableInputError]:
    """What a path selects, the objects to look at for it, and what is wrong where there is none."""
    many = Selection.of_many(path)
    hint = _QUOTED if many.kind == "pattern" else f"{_READ_IN_FOLDERS} For all names that begin so, add a *."
    problem = UnreadableInputError(f"{file_name(path)}: no archive object has such a name.", hint)
    if many.key and not path.endswith("/"):
        try:
            return Selection.of_one(path), (head(path, endpoint),), problem
        except MissingObjectError:
            pass
        except UnreadableInputError as refusal:
            problem = refusal
    return many, listing(many.beginning, endpoint), problem


def _local(argument: str, inventory: Inventory, given: set[str], written: Collection[str]) -> Iterator[str]:
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
    def complain(error: OSError) -> None:
        inventory.problems.append(unreadable(file_name(str(error.filename)), error))

    for parent, folders, names in os.walk(folder, onerror=complain):
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
    return _is_name(name) and is_readable(path)


def _is_name(name: str) -> bool:
    """Whether a file of this name, in lower case, is read where it lies in a folder."""
    if name.endswith(_NEVER):
        return False
    return name.endswith(SUFFIXES) or not ("." in name or name.startswith(_BESIDE))
