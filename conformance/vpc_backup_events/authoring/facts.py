"""Facts about registrations, as `schemas/registration/` states them, and the limits of a text that are among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.values.data import data_root

__all__ = ["Limits", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a text has to be that a command or the Terraform provider takes."""

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


def load(name: str) -> dict[str, Any]:
    """What the file of this name states."""
    facts: dict[str, Any] = json.loads((data_root("schemas") / "registration" / f"{name}.json").read_bytes())
    del facts["about"]
    return facts
