"""Findings and the report that holds them: frozen values, made by `check`, read by every reporter."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from vpc_backup_events.values.levels import LEVELS, PROFILES, Level, Profile

__all__ = ["LEVELS", "PROFILES", "Finding", "Level", "Profile", "Report", "Source", "file_name", "merge"]


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


def file_name(path: str) -> str:
    """A path as reports name it: where it is no UTF-8, its bytes are spelled out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of a requirement.

    Attributes:
        requirement: Id in the register, such as "P08-severity-known".
        level: What the breach means in the profile that was asked for.
        pointer: JSON Pointer to the place; goes on after "#" inside JSON that stands in a string.
        message: What is wrong, for a person; never holds a secret.
        hint: What to write instead.
        doc: Link to the documentation that the requirement rests on.
        source: Where the event came from, when it came from somewhere.
        line: On which line of the file the pointer leads to something, from 1, where that is known.
    """

    requirement: str
    level: Level
    pointer: str
    message: str
    hint: str
    doc: str
    source: Source | None = None
    # the same finding, wherever the text has its line breaks
    line: int | None = field(default=None, compare=False)

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
    """The verdict on one or more events: `ok` when no finding is an error.

    Attributes:
        events: How many events were judged.
        emails: How many of these are emails.
        totals: Where `findings` are only some of all: how many there are of each requirement.
    """

    profile: Profile
    findings: tuple[Finding, ...] = ()
    events: int = 1
    emails: int = 0
    totals: Mapping[str, int] | None = None

    @property
    def ok(self) -> bool:
        """No finding of level error, and at least one event."""
        return self.events > 0 and not self.count("error")

    def count(self, level: Level) -> int:
        """How many findings have this level."""
        if self.totals is None:
            return sum(finding.level == level for finding in self.findings)
        levels = {finding.requirement: finding.level for finding in self.findings}
        return sum(count for requirement, count in self.totals.items() if levels[requirement] == level)

    def by_requirement(self) -> dict[str, int]:
        """How many findings there are of each requirement that has one."""
        return dict(
            sorted((Counter(f.requirement for f in self.findings) if self.totals is None else self.totals).items())
        )

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
                "requirements": self.by_requirement(),
            },
            "findings": [finding.as_json() for finding in self.findings],
        }


def merge(profile: Profile, reports: Iterable[Report]) -> Report:
    """One report over all of `reports`, findings in the order given."""
    parts = tuple(reports)
    return Report(
        profile,
        tuple(chain.from_iterable(part.findings for part in parts)),
        sum(part.events for part in parts),
        sum(part.emails for part in parts),
    )
