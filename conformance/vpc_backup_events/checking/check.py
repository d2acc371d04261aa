"""The one entry that everything else uses: reading, one schema, the rules, and findings in the chosen profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.checking import fast
from vpc_backup_events.checking.email import judge_email
from vpc_backup_events.checking.event import judge
from vpc_backup_events.checking.findings import finding
from vpc_backup_events.checking.uniqueness import Identities
from vpc_backup_events.reading import read
from vpc_backup_events.reading.emails import Email, email_of
from vpc_backup_events.reading.inputs import documents
from vpc_backup_events.values.breach import Breach, Path
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import PROFILES, Finding, Profile, Report, Source, merge

_CLEAN: dict[str, Report] = {profile: Report(profile) for profile in PROFILES}


def check(event: Any, profile: Profile = "documented") -> Report:
    """Judges one event, or one email about it, against the documentation.

    `event` is a dict, str or bytes of JSON, a pair of headers and body, or an object with `headers` and `body`; an
    email is its text (RFC 5322, or the plain form of the documentation) or a message of the standard library.
    `profile` is `documented` (every form that the documentation shows passes, a contradicted one with a warning) or
    `strict` (one canonical form passes). Any input gives a report; an unknown profile raises `UsageError`.
    """
    if profile not in _CLEAN:
        raise UsageError(f"There is no profile {profile!r}.", f"Choose one of: {', '.join(PROFILES)}.")
    if fast.plain(event, profile) is not None:
        return _CLEAN[profile]
    email = email_of(event)
    return report_of(judge(read(event)), profile) if email is None else of_email(email, profile)


def check_inputs(inputs: Iterable[tuple[str, bytes]], profile: Profile = "documented") -> Report:
    """Judges every event in every input, a pair of name and content, and what holds between the events.

    One JSON document, a JSON array, NDJSON, an HTTP request, an email, each also compressed with gzip, make one input.
    """
    return merge(profile, iter_reports(inputs, profile))


def iter_reports(inputs: Iterable[tuple[str, bytes]], profile: Profile = "documented") -> Iterator[Report]:
    """One report an event, each finding with its source, in the order of the inputs."""
    identities = Identities()
    for name, data in inputs:
        for event, source in documents(data, name):
            if isinstance(event, Breach):
                yield report_of([event], profile, source, events=0)
                continue
            if isinstance(event, Email):
                yield of_email(event, profile, source)
                continue
            reading = read(event)
            breaches = [*judge(reading), *identities.seen(reading.event, source)]
            yield report_of(breaches, profile, source)


def of_email(email: Email, profile: Profile, source: Source | None = None) -> Report:
    """The report on an email, which says that it is one."""
    return replace(report_of(judge_email(email), profile, source), emails=1)


def report_of(breaches: Iterable[Breach], profile: Profile, source: Source | None = None, events: int = 1) -> Report:
    """The report of so many events that have these breaches, each breach once."""
    kept = _unrefined(set_of(breaches))
    secret = [breach.path for breach in kept if breach.requirement == "P20-no-secret"]
    findings = (finding(breach, profile, source, _touches(breach.path, secret)) for breach in kept)
    return Report(profile, tuple(sorted((f for f in findings if f), key=order)), events)


def _touches(path: Path, others: list[Path]) -> bool:
    return any(path[: len(other)] == other[: len(path)] for other in others)


def set_of(breaches: Iterable[Breach]) -> list[Breach]:
    """The breaches without those that name the same requirement at the same place again."""
    return list({(breach.requirement, breach.path): breach for breach in reversed(list(breaches))}.values())[::-1]


def _unrefined(breaches: list[Breach]) -> list[Breach]:
    """The breaches without those that a more basic one at the same place makes pointless."""
    at: dict[Any, set[str]] = {}
    for breach in breaches:
        at.setdefault(breach.path, set()).add(breach.requirement)
    return [b for b in breaches if not catalog.requirements[b.requirement].refines & at[b.path]]


_RANK = {"error": 0, "warning": 1, "note": 2}


def order(finding: Finding) -> tuple[int, str, str]:
    """Where the finding stands among those of its event: the gravest first."""
    return _RANK[finding.level], finding.requirement, finding.pointer
