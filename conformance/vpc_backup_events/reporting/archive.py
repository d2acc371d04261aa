"""What a report says of an archive, beyond its findings: how much there is, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events import catalog

# the name for what is not stated, or that the catalog does not have
UNKNOWN = "(unknown)"


@dataclass(frozen=True, slots=True)
class Archive:
    """Exact counts over all events of an archive."""

    files: int
    bytes: int
    # events with a finding of level error
    broken: int
    # events that came before, with the same content
    resent: int
    # most findings of one requirement that are listed
    examples: int
    # events by type, reason and severity in the catalog's words, and by day of their time; empty where not known
    types: Mapping[str, int]
    reasons: Mapping[str, int]
    severities: Mapping[str, int]
    days: Mapping[str, int]
    # event type and reason -> events, and those with a finding
    pairs: Mapping[tuple[str, str], tuple[int, int]]

    def tables(self) -> dict[str, dict[str, int]]:
        """The counts by what they count, in the order of the catalog and of time."""
        return {
            "types": _ordered(self.types, catalog.event_types),
            "reasons": _ordered(self.reasons, catalog.reasons),
            "severities": _ordered(self.severities, catalog.severities),
            "days": _ordered(self.days, sorted(self.days)),
        }

    def as_json(self) -> dict[str, Any]:
        """The member `archive` of `schemas/report/report.schema.json`."""
        return {
            "files": self.files,
            "bytes": self.bytes,
            "broken": self.broken,
            "resent": self.resent,
            "examples": self.examples,
            **self.tables(),
        }

    def matrix(self) -> dict[str, tuple[int, int]]:
        """Id of a pair of event type and reason -> events, and those with a finding."""
        return {
            pair.id: self.pairs[pair.event_type, pair.reason]
            for pair in catalog.pairs.values()
            if (pair.event_type, pair.reason) in self.pairs
        }

    @property
    def others(self) -> int:
        """Events of no pair that the catalog has."""
        events = sum(events for events, _ in self.pairs.values())
        return events - sum(events for events, _ in self.matrix().values())


def _ordered(counts: Mapping[str, int], names: Any) -> dict[str, int]:
    known = {name: counts[name] for name in names if name and name in counts}
    return {**known, **({UNKNOWN: counts[""]} if counts.get("") else {})}
