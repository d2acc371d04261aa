"""What a test counted that judged events by itself: a value that goes through JSON, and so survives xdist."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Judged"]


@dataclass(frozen=True, slots=True)
class Judged:
    """The events that one test judged, and what was wrong with them."""

    events: int
    #: requirement, level, and how many
    findings: tuple[tuple[str, str, int], ...] = ()
    #: known gaps that were met
    gaps: tuple[str, ...] = ()
    #: of the events, how many are emails
    emails: int = 0
    #: where a report is asked for: the first findings as JSON has them, each with the index of its event
    reported: tuple[dict[str, Any], ...] = ()
    #: id of a pair -> its events, and those with a finding; and events of no pair
    pairs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    others: int = 0
    #: index of an event -> the blocks that show it
    specimens: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> str:
        """JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: object) -> Judged:
        """What `as_json` made."""
        members = json.loads(str(text))
        members["findings"] = tuple((id, level, count) for id, level, count in members["findings"])
        members["pairs"] = {pair: tuple(counts) for pair, counts in members["pairs"].items()}
        return cls(**members)
