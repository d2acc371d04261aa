"""Limits of a text that a command or the Terraform provider takes."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a text has to be."""

    #: one of these, anything where there are none
    values: tuple[str, ...] = ()
    min_length: int = 0
    max_length: int | None = None

    def problem(self, text: str) -> str:
        """What the text has to be, where it is not; else empty."""
        if self.values and text not in self.values:
            return "one of " + ", ".join(self.values)
        if len(text) < self.min_length:
            return f"{self.min_length} characters or more"
        if self.max_length is not None and len(text) > self.max_length:
            return f"{self.max_length} characters or less"
        return ""
