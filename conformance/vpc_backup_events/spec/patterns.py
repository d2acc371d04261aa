"""The regular expressions of the schemas, which are those of ECMA 262, for Python."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["compiled"]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for Python, whose `$` would also match before a last line break; in ECMA 262 it is the end."""
    return re.compile(re.sub(r"(?<!\\)\$(?=$|\)|\|)", r"\\Z", pattern))
