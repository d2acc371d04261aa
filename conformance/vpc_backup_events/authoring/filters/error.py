"""What is said of an expression that is no filter."""

from __future__ import annotations

from typing import ClassVar

from vpc_backup_events.values.errors import KitError

# characters of the expression that are shown on each side of the place
_AROUND = 60


class FilterError(KitError):
    """The expression is no filter in the language of Event Notifications."""

    code: ClassVar[str] = "filter"

    def __init__(self, message: str, hint: str, expression: str, position: int) -> None:
        super().__init__(message, hint)
        self.expression = expression
        # index of the character from which on it is none, from 0; the length of the expression for its end
        self.position = min(max(position, 0), len(expression))

    @property
    def pointed(self) -> tuple[str, str]:
        """The expression on one line, cut around the place, and a line with a caret under the place."""
        start = max(0, self.position - _AROUND)
        cut = self.expression[start : self.position + _AROUND]
        line = "".join(c if c.isprintable() else " " for c in cut)
        return line, " " * (self.position - start) + "^"
