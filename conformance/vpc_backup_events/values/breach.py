"""A breach of a requirement as the readers, schemas and rules state it, before a profile gives it a level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

__all__ = ["INSIDE", "Breach", "Path", "Verbatim", "pointer"]

# steps into nested values; INSIDE stands where the pointer goes on inside JSON that is held by a string
Path = tuple[str | int, ...]
INSIDE = "\x00#"


class Breach(NamedTuple):
    """One requirement broken at one place."""

    requirement: str
    path: Path
    # what the message and hint of the requirement are filled with
    values: Mapping[str, Any] = {}


class Verbatim(str):
    """Text of the kit's own that stands in a message as it is."""

    __slots__ = ()


def pointer(path: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path, going on after `#` inside JSON that stands in a string."""
    return "".join("#" if step == INSIDE else "/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
