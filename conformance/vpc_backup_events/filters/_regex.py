"""Regular expressions as Go's `regexp` reads them: RE2, in linear time, without look-around and back-references."""

from __future__ import annotations

import re
from collections.abc import Callable

from vpc_backup_events.errors import UsageError

# an expression that needs more memory than this is refused, bytes
_MEMORY = 1 << 20
_LOOK = re.compile(r"\(\?<?[=!]")
_BACK = re.compile(r"\\[1-9]|\\k[<{']|\(\?P=")


class RegexError(ValueError):
    """The text is no regular expression in this flavour; `str()` says why."""


def compile(pattern: str) -> Callable[[str], bool]:
    """A function that tells whether the pattern matches anywhere in a text.

    Raises `RegexError`, and `UsageError` where the library is not installed.
    """
    try:
        import re2
    except ImportError as error:
        raise UsageError(
            "Filters with a regular expression need google-re2, whose flavour is that of Event Notifications.",
            "Install it: pip install 'vpc-backup-events[filters]'.",
        ) from error
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(pattern.encode(), options)
    except UnicodeEncodeError:
        raise RegexError("it holds half of a surrogate pair") from None
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise RegexError(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from None
    return lambda text: compiled.search(text.encode("utf-8", "replace")) is not None


def left_out(pattern: str) -> str:
    """What of the pattern RE2 has left out on purpose: `look-around`, `a back-reference`, or nothing."""
    plain = re.sub(r"\[\^?\]?[^\]]*\]|\\\\|\\\(", "", pattern)
    return "look-around" if _LOOK.search(plain) else "a back-reference" if _BACK.search(plain) else ""
