"""Where a token stands in a text: a short one is too likely to be a part of something else, so it needs its scheme."""

from __future__ import annotations

import re

# characters from which on a token is known wherever it stands
SHORTEST = 8


def stands_in(token: str, text: str) -> bool:
    """Whether the token is told in the text."""
    return _pattern(token).search(text) is not None


def without(token: str, text: str, mask: str) -> str:
    """The text with the mask in place of the token."""
    return _pattern(token).sub(lambda _: mask, text)


def _pattern(token: str) -> re.Pattern[str]:
    word = re.escape(token)
    return re.compile(word if len(token) >= SHORTEST else rf"(?i:(?<=bearer )|(?<=token=)){word}(?![\w-])")
