"""How two spellings of a reason code are compared."""

from __future__ import annotations

import re

__all__ = ["normal_form", "normal_pattern"]

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", "abcdefghijklmnopqrstuvwxyz-")
_SOURCE = re.compile("source-(?=volume-)")


def normal_form(code: str) -> str:
    """The code without what the documented spellings vary in: case, separators, plural, prefix, `source-`.

    Two spellings with one normal form name the same reason; the ledger's D01 to D05 hold the evidence.
    """
    code = code.translate(_LOWER)
    if code.startswith("snapshots-"):
        code = "snapshot-" + code.removeprefix("snapshots-")
    if code.startswith("snapshot-consistency-group-"):
        code = "scg-" + code.removeprefix("snapshot-consistency-group-")
    return _SOURCE.sub("", code)


def normal_pattern(normal: str) -> str:
    """A regular expression (ECMA 262, no flags) for exactly the codes whose normal form is `normal`."""
    head, rest = "", normal
    if normal.startswith("scg-"):
        head = "(?:" + _any_case("scg") + "|" + _any_case("snapshot") + "[sS]?[-_]" + _any_case("consistency")
        head += "[-_]" + _any_case("group") + ")[-_]"
        rest = normal.removeprefix("scg-")
    elif normal.startswith("snapshot-"):
        head, rest = _any_case("snapshot") + "[sS]?[-_]", normal.removeprefix("snapshot-")
    return head + _any_case(rest).replace(
        _any_case("volume-"), "(?:" + _any_case("source-") + ")?" + _any_case("volume-")
    )


def _any_case(text: str) -> str:
    return "".join("[-_]" if c == "-" else f"[{c}{c.upper()}]" if c.isalpha() else c for c in text)
