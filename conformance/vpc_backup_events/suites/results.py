"""What the test of a suite records of its requirement: a value that goes through JSON, and so survives xdist."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from vpc_backup_events.trials.trial import Status

__all__ = ["Recorded", "SuiteTest"]


@dataclass(frozen=True, slots=True)
class SuiteTest:
    """Which requirement of which suite a test is about; known before it runs."""

    #: node id of the class
    suite: str
    #: whose suite it is, such as producer; empty where that is not known
    role: str
    requirement: str

    def as_json(self) -> str:
        """JSON text."""
        return json.dumps(astuple(self))

    @classmethod
    def from_json(cls, text: str) -> SuiteTest:
        """What `as_json` made."""
        return cls(*json.loads(text))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a requirement in one test."""

    suite: str
    role: str
    requirement: str
    status: Status
    #: events, deliveries, registrations or requests that it was judged by
    cases: int = 0
    message: str = ""
    #: the message with nothing cut, where something is
    whole: str = ""
    #: id of a pair -> its events in this test, and those with a finding
    pairs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    #: what `pairs` counts: equal names, equal events
    events: str = ""
    #: events by which it is broken, as `Specimen.as_json` has them
    specimens: Sequence[Any] = ()

    def as_json(self) -> str:
        """JSON text."""
        return json.dumps(astuple(self))

    @classmethod
    def from_json(cls, text: str) -> Recorded:
        """What `as_json` made."""
        recorded = cls(*json.loads(text))
        # JSON has no tuples
        pairs = {pair: (events, breaches) for pair, (events, breaches) in recorded.pairs.items()}
        return replace(recorded, pairs=pairs)
