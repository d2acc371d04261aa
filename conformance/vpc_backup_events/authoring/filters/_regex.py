"""Regular expressions as Go's `regexp` reads them: RE2, in linear time, without look-around and back-references.

google-re2 is that flavour; it has no wheels for some systems (Alpine Linux). There the regular expressions of
jsonschema-rs stand in, which are linear too and differ in rare classes only, such as `[[:alpha:]]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install

# an expression that needs more memory than this is refused, bytes
_MEMORY = 1 << 20
_LOOK = re.compile(r"\(\?<?[=!]")
_BACK = re.compile(r"\\[1-9]|\\k[<{']|\(\?P=")
_PLAIN = re.compile(r"\[\^?\]?[^\]]*\]|\\\\|\\\(")

Match = Callable[[str], bool]


class RegexError(ValueError):
    """The text is no regular expression in this flavour; `str()` says why."""


def compile(pattern: str) -> Match:
    """A function that tells whether the pattern matches anywhere in a text.

    Raises `RegexError`, and `UsageError` where no library for it is installed.
    """
    try:
        pattern.encode()
    except UnicodeEncodeError:
        raise RegexError("it holds half of a surrogate pair") from None
    for library in (_re2, _rust):
        try:
            return library(pattern)
        except ImportError:
            continue
    raise UsageError(
        "Filters with a regular expression need google-re2, whose flavour is that of Event Notifications.",
        install("filters"),
    )


def left_out(pattern: str) -> str:
    """What of the pattern RE2 has left out on purpose: `look-around`, `a back-reference`, or nothing."""
    plain = _PLAIN.sub("", pattern)
    return "look-around" if _LOOK.search(plain) else "a back-reference" if _BACK.search(plain) else ""


def _re2(pattern: str) -> Match:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(pattern.encode(), options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise RegexError(text) from None
    return lambda text: compiled.search(text.encode("utf-8", "replace")) is not None


def _rust(pattern: str) -> Match:
    import jsonschema_rs

    flavour = jsonschema_rs.RegexOptions(size_limit=_MEMORY)
    try:
        validator = jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=flavour)
    except (jsonschema_rs.ValidationError, ValueError):
        raise RegexError("it has another form, or is too large") from None
    return lambda text: validator.is_valid(text.encode("utf-8", "replace").decode())
