"""From files to parts: what one process judges at a time. Nothing of the archive stays in memory."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from vpc_backup_events.audit.blocks import HEAD, SIGNATURE, WHOLE, is_compressed, is_parquet, row_groups
from vpc_backup_events.audit.files import File, Inventory, files
from vpc_backup_events.reading.inputs import is_email_name, looks_like_lines
from vpc_backup_events.values.errors import UnreadableInputError
from vpc_backup_events.values.folders import unreadable
from vpc_backup_events.values.report import file_name

__all__ = ["FILES", "PART", "STDIN", "Inventory", "Part", "parts"]

# what a part holds, about: bytes, and files
PART = 16 * 1024 * 1024
FILES = 1_000

STDIN = "<stdin>"
_PARQUET = ".parquet"


@dataclass(frozen=True, slots=True)
class Part:
    """Some files, the lines of a file that begin within some bytes, or some row groups of a Parquet file."""

    # files, lines or rows
    kind: str
    # one, but for the kind files
    files: tuple[File, ...]
    # first and behind the last byte, or row group
    start: int = 0
    end: int = 0
    # of rows: the column that holds the events
    column: str = ""
    # path of the file that is a copy of standard input
    copy: str = ""

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
        return cls(**{**members, "files": tuple(File(*file) for file in members["files"])})

    def changed(self) -> Iterator[str]:
        """The files that are no longer what they were when the part was made."""
        return (file.path for file in self.files if file.path != self.copy and file.changed())


def parts(
    paths: Iterable[str],
    inventory: Inventory,
    leave_out: Collection[str] = (),
    column: str = "",
    size: int = PART,
    copy: str = "",
    endpoint: str = "",
) -> Iterator[Part]:
    """The parts in the order of the archive.

    Paths are files, folders and glob patterns, also of buckets; a file is read once. `leave_out` are files and folders
    that are written. What can't be read is a problem in the inventory. `size` is that of a part in bytes, `copy` the
    path of a copy of standard input, `endpoint` that of the buckets.
    """
    # small files that make one part, and their bytes
    group: list[File] = []
    together = 0
    for file in files(paths, inventory, leave_out, copy, endpoint):
        try:
            large = list(_large(file, column, size))
        except UnreadableInputError as error:
            inventory.problems.append(error)
            continue
        except OSError as error:
            inventory.problems.append(unreadable(file_name(file.path), error))
            continue
        inventory.files += 1
        inventory.bytes += file.size
        if group and (large or together >= size or len(group) >= FILES):
            yield Part("files", tuple(group), copy=copy)
            group, together = [], 0
        if large:
            yield from (replace(part, copy=copy) for part in large)
        else:
            group.append(file)
            together += file.size
    if group:
        yield Part("files", tuple(group), copy=copy)


def _large(file: File, column: str, step: int) -> Iterator[Part]:
    """The parts of a file that several processes can share; none of a file that is read from end to end."""
    is_small = file.size <= WHOLE
    if file.is_object and is_small and not file.path.lower().endswith(_PARQUET):
        # a look into each object would take as long as reading it
        return
    with file.open(end=0) as stream:
        head = stream.read(SIGNATURE)
        if not is_small and not is_parquet(head) and not is_compressed(head):
            head += stream.read(HEAD - SIGNATURE)
    if is_parquet(head):
        column, groups = row_groups(file, column)
        per_part = max(1, step * groups // max(file.size, 1))
        for start in range(0, max(groups, 1), per_part):
            yield Part("rows", (file,), start, min(start + per_part, groups), column)
    elif not is_small and not is_compressed(head) and not is_email_name(file.path) and looks_like_lines(head):
        for start in range(0, file.size, step):
            yield Part("lines", (file,), start, min(start + step, file.size))
