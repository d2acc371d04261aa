"""Findings and the report that holds them: frozen values, made by `check`, read by every reporter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Level = Literal["error", "warning", "note"]
Profile = Literal["documented", "strict"]

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
PROFILES: tuple[Profile, ...] = ("documented", "strict")


@dataclass(frozen=True, slots=True)
class Source:
    """Where an event was read from: a file, the line on which it starts (from 1), its index in the input (from 0)."""

    file: str | None = None
    line: int | None = None
    index: int | None = None

    def as_json(self) -> dict[str, str | int]:
        """The members that are known, in a fixed order."""
        members = {"file": self.file, "line": self.line, "index": self.index}
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of a requirement."""

    # id in the register, such as "P08-severity-known"
    requirement: str
    # what the breach means in the profile that was asked for
    level: Level
    # JSON Pointer to the place; goes on after "#" inside JSON that stands in a string
    pointer: str
    # what is wrong, for a person; never holds a secret
    message: str
    # what to write instead
    hint: str
    # link to the documentation that the requirement rests on
    doc: str
    # where the event came from, when it came from somewhere
    source: Source | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as a member of `findings` in `schemas/report/report.schema.json`."""
        return {
            "requirement": self.requirement,
            "level": self.level,
            "pointer": self.pointer,
            "message": self.message,
            "hint": self.hint,
            "doc": self.doc,
            "source": self.source.as_json() if self.source else {},
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one or more events: `ok` when no finding is an error."""

    profile: Profile
    findings: tuple[Finding, ...] = ()
    # how many events were judged
    events: int = 1
    # how many of these are emails
    emails: int = 0

    @property
    def ok(self) -> bool:
        """No finding of level error, and at least one event."""
        return self.events > 0 and not any(finding.level == "error" for finding in self.findings)

    def count(self, level: Level) -> int:
        """How many findings have this level."""
        return sum(finding.level == level for finding in self.findings)

    def at(self, source: Source) -> Report:
        """The same report with every finding located in `source`."""
        return replace(self, findings=tuple(replace(finding, source=source) for finding in self.findings))

    def as_json(self) -> dict[str, Any]:
        """One document valid under `schemas/report/report.schema.json`."""
        return {
            "ok": self.ok,
            "profile": self.profile,
            "summary": {
                "events": self.events,
                **{level: self.count(level) for level in LEVELS},
                "requirements": _by_requirement(self.findings),
            },
            "findings": [finding.as_json() for finding in self.findings],
        }


def merge(profile: Profile, reports: Iterable[Report]) -> Report:
    """One report over all of `reports`, findings in the order given."""
    parts = tuple(reports)
    return Report(
        profile,
        tuple(finding for part in parts for finding in part.findings),
        sum(part.events for part in parts),
        sum(part.emails for part in parts),
    )


def _by_requirement(findings: Iterable[Finding]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.requirement] = counts.get(finding.requirement, 0) + 1
    return dict(sorted(counts.items()))
