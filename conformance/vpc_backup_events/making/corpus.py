"""The committed fixtures with their expected verdicts, as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from vpc_backup_events.catalog import pair_of
from vpc_backup_events.reading import Message
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.records import record
from vpc_backup_events.values.scenario import Scenario

__all__ = ["Case", "Verdict", "cases", "select"]

VERDICTS = ("valid", "invalid")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check` says of a case in one profile."""

    ok: bool
    # requirement ids, all that are found and no other
    findings: frozenset[str]
    # of a registration: requirement -> the lines on which it is found
    lines: Mapping[str, tuple[int, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One fixture; `schemas/corpus/manifest.schema.json` describes its members."""

    # path below the folder of the corpus
    file: str
    sha256: str
    # producer, consumer, client or service
    subject: str
    # event, text, message, batch, details, email, registration, filter, template or rendering
    kind: str
    description: str
    # document and anchor
    source: Mapping[str, str]
    # the requirement that it breaks on purpose
    requirement: str | None
    ledger: tuple[str, ...]
    # the facts that it was made from
    scenario: Scenario | None
    # by profile; None where `check` does not judge the kind
    expected: Mapping[str, Verdict] | None
    # what `lint` says of a registration, by profile; None for every other kind
    lint: Mapping[str, Verdict] | None = None
    # destination, event, options, and the key of an object; None for every kind but a rendering
    rendering: Mapping[str, Any] | None = None

    @property
    def data(self) -> bytes:
        """The file's content."""
        return (data_root("fixtures") / self.file).read_bytes()

    @property
    def event(self) -> Any:
        """What `check` takes: a dict where the case is an event, a message, else the bytes; a list for a batch."""
        data = self.data
        if self.kind == "event":
            return json.loads(data)
        if self.kind == "batch":
            return [json.loads(line) for line in data.splitlines()]
        return Message.parse(data) if self.kind == "message" else data

    def __str__(self) -> str:
        return self.file


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of the manifest."""
    manifest = json.loads((data_root("fixtures") / "manifest.json").read_bytes())
    return tuple(record(Case, entry) for entry in manifest["cases"])


def select(
    *,
    profile: str = "documented",
    verdict: str | None = None,
    event_type: str | None = None,
    reason: str | None = None,
    requirement: str | None = None,
    ledger: str | None = None,
    kind: str | None = None,
) -> tuple[Case, ...]:
    """The cases that have everything that is asked for.

    `verdict` is `valid` or `invalid`, in the profile; `event_type` and `reason` are the names that `generate` takes;
    `requirement` is found in the profile, `ledger` shown. Raises `UsageError` where nothing is left.
    """
    if verdict not in (None, *VERDICTS):
        raise UsageError(f"There is no verdict {verdict!r}.", f"There are: {', '.join(VERDICTS)}.")
    selection = [case for case in cases() if kind in (None, case.kind) and (ledger is None or ledger in case.ledger)]
    if event_type or reason:
        from vpc_backup_events.making import find

        pairs = find.pairs(event_type or "", reason or "")
        selection = [case for case in selection if case.scenario and pair_of(case.scenario) in pairs]
    if verdict is not None or requirement is not None:
        selection = [case for case in selection if case.expected and _is(case.expected[profile], verdict, requirement)]
    if not selection:
        wishes = {"verdict": verdict, "event_type": event_type, "reason": reason, "requirement": requirement}
        wishes |= {"ledger": ledger, "kind": kind}
        names = ", ".join(f"{name}={value!r}" for name, value in wishes.items() if value)
        raise UsageError(f"The corpus has no case with {names}.", "Ask for less; `vpc-backup-events corpus` lists all.")
    return tuple(selection)


def _is(expected: Verdict, verdict: str | None, requirement: str | None) -> bool:
    is_verdict = verdict is None or expected.ok == (verdict == "valid")
    return is_verdict and (requirement is None or requirement in expected.findings)
