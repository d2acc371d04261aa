"""Events by pair of event type and reason: how many there were, and how many with findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["add_pairs"]


def add_pairs(pairs: dict[str, tuple[int, int]], more: Mapping[str, Sequence[int]]) -> None:
    """Adds counts of events, and of those with findings, by the id of the pair."""
    for id, (events, with_findings) in more.items():
        before = pairs.get(id, (0, 0))
        pairs[id] = before[0] + events, before[1] + with_findings
