"""Where a token stands in a text: a short one is too likely to be a part of something else, so it needs its scheme."""

from __future__ import annotations

import re

from vpc_backup_events.values.errors import UsageError

__all__ = ["SHORTEST", "clean", "stands_in", "without"]

# characters from which on a token is known wherever it stands
SHORTEST = 8


def clean(token: str) -> str:
    """The token without the white space around it, such as the line break at the end of a mounted secret.

    Raises `UsageError`, which does not show it, where no header can hold it.
    """
    token = token.strip()
    if not token.isprintable():
        raise UsageError("The token has a line break or another control character in it.", "Give the token alone.")
    return token


def stands_in(token: str, text: str) -> bool:
    """Whether the token is told in the text."""
    return _pattern(token).search(text) is not None


def without(token: str, text: str, mask: str) -> str:
    """The text with the mask in place of the token."""
    return _pattern(token).sub(lambda _: mask, text)


def _pattern(token: str) -> re.Pattern[str]:
    word = re.escape(token)
    return re.compile(word if len(token) >= SHORTEST else rf"(?i:(?<=bearer )|(?<=token=)){word}(?![\w-])")
