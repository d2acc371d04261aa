"""What is counted: of one part, and of all parts together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from vpc_backup_events.audit.shapes import Facts, Verdict
from vpc_backup_events.values.errors import KitError, UnreadableInputError
from vpc_backup_events.values.report import Finding, Source

# an example: the ordinal of its event in the part, and the finding
Example = tuple[int, Finding]


@dataclass(slots=True)
class Tally:
    """Exact counts, and the first findings of each requirement."""

    events: int = 0
    # events that are emails
    emails: int = 0
    # events with an error
    broken: int = 0
    # things that were read: of a part of lines, its lines
    lines: int = 0
    # keys that were written
    keys: int = 0
    # requirement -> its findings
    requirements: Counter[str] = field(default_factory=Counter)
    # what an event is about -> how many events, and how many with a finding
    facts: dict[Facts, list[int]] = field(default_factory=dict)
    # day as the event's time names it, or empty -> events
    days: Counter[str] = field(default_factory=Counter)
    # requirement -> its first findings
    examples: dict[str, list[Example]] = field(default_factory=dict)
    # objects that could not be read
    problems: list[KitError] = field(default_factory=list)

    def add(self, verdict: Verdict, day: str | None, times: int = 1) -> None:
        """Counts events that have the same verdict; a `day` of None is counted elsewhere."""
        self.events += times
        self.broken += verdict.broken * times
        for requirement in verdict.requirements:
            self.requirements[requirement] += times
        counts = self.facts.setdefault(verdict.facts, [0, 0])
        counts[0] += times
        counts[1] += bool(verdict.requirements) * times
        if day is not None:
            self.days[day] += times

    def keep(self, ordinal: int, findings: Iterable[Finding], most: int) -> None:
        """Keeps the findings of an event as examples, up to `most` of each requirement."""
        for finding in findings:
            examples = self.examples.setdefault(finding.requirement, [])
            if len(examples) < most:
                examples.append((ordinal, finding))

    def as_text(self) -> bytes:
        """The tally as one JSON document."""
        return json.dumps(
            {
                "events": self.events,
                "emails": self.emails,
                "broken": self.broken,
                "lines": self.lines,
                "keys": self.keys,
                "requirements": dict(sorted(self.requirements.items())),
                "facts": [[*facts, *counts] for facts, counts in sorted(self.facts.items())],
                "days": dict(sorted(self.days.items())),
                "examples": {
                    requirement: [[ordinal, finding.as_json()] for ordinal, finding in examples]
                    for requirement, examples in sorted(self.examples.items())
                },
                "problems": [problem.args for problem in self.problems],
            }
        ).encode()

    @classmethod
    def of_text(cls, text: bytes) -> Tally:
        """The tally of a JSON document. Raises `ValueError` or `KeyError` where it is none."""
        members: dict[str, Any] = json.loads(text)
        return cls(
            members["events"],
            members["emails"],
            members["broken"],
            members["lines"],
            members["keys"],
            Counter(members["requirements"]),
            {Facts(*facts): [events, with_finding] for *facts, events, with_finding in members["facts"]},
            Counter(members["days"]),
            {
                requirement: [(ordinal, _finding(finding)) for ordinal, finding in examples]
                for requirement, examples in members["examples"].items()
            },
            [UnreadableInputError(*problem) for problem in members["problems"]],
        )

    def plus(self, other: Tally) -> None:
        """Adds the counts of another; its examples are not taken."""
        self.events += other.events
        self.emails += other.emails
        self.broken += other.broken
        self.problems += other.problems
        self.requirements += other.requirements
        self.days.update(other.days)
        for facts, (events, with_finding) in other.facts.items():
            counts = self.facts.setdefault(facts, [0, 0])
            counts[0] += events
            counts[1] += with_finding


def _finding(members: dict[str, Any]) -> Finding:
    return Finding(**{**members, "source": Source(**members["source"])})


def moved(source: Source, lines: int, events: int) -> Source:
    """The place counted from the beginning of the file, so many lines and events before that of the part."""
    line = None if source.line is None else source.line + lines
    return Source(source.file, line, None if source.index is None else source.index + events)
