"""Text in colour, for terminals."""

from __future__ import annotations

__all__ = ["Paint"]

# SGR parameters of ECMA-48
_STYLES = {"error": "1;31", "warning": "33", "note": "36", "ok": "32", "name": "1", "dim": "2"}


class Paint:
    """Wraps text in the colour of its role, or leaves it alone."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, role: str, text: str) -> str:
        """The text; its role is a level, `ok`, `name` or `dim`."""
        return f"\x1b[{_STYLES[role]}m{text}\x1b[0m" if self._color else text
