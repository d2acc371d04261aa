"""What the test of a suite records of its requirement: a value that goes through JSON, and so survives xdist."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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
        return json.dumps([self.suite, self.role, self.requirement])

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
    specimens: tuple[Any, ...] = ()

    def as_json(self) -> str:
        """JSON text."""
        facts = [self.suite, self.role, self.requirement, self.status, self.cases, self.message, self.whole]
        return json.dumps([*facts, self.pairs, self.events, self.specimens])

    @classmethod
    def from_json(cls, text: str) -> Recorded:
        """What `as_json` made."""
        suite, role, requirement, status, cases, message, whole, pairs, events, specimens = json.loads(text)
        counts = {pair: (events_of, breaches) for pair, (events_of, breaches) in pairs.items()}
        return cls(suite, role, requirement, status, cases, message, whole, counts, events, tuple(specimens))
