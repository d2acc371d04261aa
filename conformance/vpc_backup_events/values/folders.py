"""What is read of a folder, whoever reads it: regular files, and nothing that tools keep for themselves."""

from __future__ import annotations

import os
import stat

from vpc_backup_events.values.errors import KitError, UnreadableInputError

__all__ = ["TOOLS", "is_readable", "unreadable"]

# folders that tools keep for themselves
TOOLS = (".git", ".terraform")


def is_readable(path: str) -> bool:
    """Whether a file of a folder is read: a pipe or a device would block; of what is not there, reading tells why."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode)


def unreadable(name: str, error: OSError) -> KitError:
    """What is wrong with a file that can't be opened; `name` is how reports name it."""
    return UnreadableInputError(f"{name}: {error.strerror or error}.", "Check the path and its permissions.")
