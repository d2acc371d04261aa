"""Which objects of a bucket a name stands for: one object, a folder, or a pattern."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from vpc_backup_events.values.buckets import bucket_and_key, url

__all__ = ["Selection"]

_MAGIC = re.compile(r"[*?[]")
_ANY_DEPTH = "**"


@dataclass(frozen=True, slots=True)
class Selection:
    """Objects of one bucket. A bucket has no folders: one is what the names of objects have before a slash."""

    bucket: str
    # of a folder, with the slash at its end
    key: str
    kind: Literal["object", "folder", "pattern"]

    @classmethod
    def of_many(cls, path: str) -> Selection:
        """The pattern, or else the folder, that a path names."""
        bucket, key = bucket_and_key(path)
        if glob.has_magic(key):
            return cls(bucket, key, "pattern")
        return cls(bucket, f"{key.removesuffix('/')}/" if key else "", "folder")

    @classmethod
    def of_one(cls, path: str) -> Selection:
        """The one object of this name."""
        return cls(*bucket_and_key(path), "object")

    @property
    def beginning(self) -> str:
        """What the names of all these objects begin with."""
        key = self.key
        return url(self.bucket, _MAGIC.split(key, 1)[0] if self.kind == "pattern" else key)

    def below(self, path: str) -> Sequence[str] | None:
        """The names that lead from what is selected down to the object; none if that is itself, None if not there."""
        bucket, key = bucket_and_key(path)
        if bucket != self.bucket:
            return None
        if self.kind == "object":
            return () if key == self.key else None
        if self.kind == "folder":
            return key.removeprefix(self.key).split("/") if key.startswith(self.key) else None
        names, patterns = key.split("/"), self.key.removesuffix("/").split("/")
        # behind a slash at the end, only what is in a folder is meant
        most = len(names) - self.key.endswith("/")
        return next((names[depth:] for depth in range(1, most + 1) if _match(names[:depth], patterns)), None)


def _match(names: Sequence[str], patterns: Sequence[str]) -> bool:
    """Whether names match patterns one by one, as `glob` takes them."""
    if not patterns:
        return not names
    if patterns[0] == _ANY_DEPTH:
        return any(_match(names[depth:], patterns[1:]) for depth in range(len(names) + 1))
    if not names or (names[0].startswith(".") and not patterns[0].startswith(".")):
        return False
    return fnmatchcase(names[0], patterns[0]) and _match(names[1:], patterns[1:])
