"""How two spellings of a reason code are compared."""

from __future__ import annotations

import re

__all__ = ["normal_form"]

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
