"""Files that are written: beside their target first, and moved over it when they are whole."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from tempfile import TemporaryFile
from typing import IO

__all__ = ["probe", "replacing"]

# where names stand for open files, which can't be moved over
_OPEN = ("/dev/", "/proc/")


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of the one at `path` at the end; after an error nothing has changed.

    Devices and pipes are written to as they are. Raises `OSError`.
    """
    if _is_stream(path):
        with open(path, "wb") as stream:
            yield stream
        return
    target = os.path.realpath(path)
    try:
        beside, file = _beside(target)
    except PermissionError:
        # the file may be written all the same, where its folder may not
        with open(target, "r+b") as old, TemporaryFile() as new:
            yield new
            new.seek(0)
            shutil.copyfileobj(new, old)
            old.truncate()
        return
    try:
        with file:
            yield file
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def probe(path: str | os.PathLike[str]) -> None:
    """Raises `OSError` where no file can be written at the path; nothing has changed then, nor otherwise."""
    if _is_stream(path):
        return
    target = os.path.realpath(path)
    if os.path.isdir(target):
        open(target, "r+b").close()
    try:
        beside, file = _beside(target)
    except PermissionError:
        open(target, "r+b").close()
    else:
        file.close()
        os.unlink(beside)


def _beside(target: str) -> tuple[str, IO[bytes]]:
    """A new file in the folder of the target, with the permissions of the target where that is there."""
    beside = os.path.join(os.path.dirname(target), f".{token_hex(8)}.part")
    file = open(beside, "xb")  # noqa: SIM115 - the caller closes it
    with suppress(OSError):
        os.chmod(beside, stat.S_IMODE(os.stat(target).st_mode))
    return beside, file


def _is_stream(path: str | os.PathLike[str]) -> bool:
    if os.path.abspath(path).startswith(_OPEN):
        return True
    try:
        return not stat.S_ISREG(mode := os.stat(path).st_mode) and not stat.S_ISDIR(mode)
    except OSError:
        return False
