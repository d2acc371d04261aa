"""The one entry that everything else uses: reading, breaches, and a report in the chosen profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from vpc_backup_events.catalog.names import MAX_BYTES
from vpc_backup_events.checking.breaches import breaches
from vpc_backup_events.checking.findings import findings
from vpc_backup_events.checking.uniqueness import Identities
from vpc_backup_events.reading import EventLike, Reading, read
from vpc_backup_events.reading.inputs import split
from vpc_backup_events.reading.json_lines import line_at, lines
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.json_text import NotJsonError, decode
from vpc_backup_events.values.levels import PROFILES, Profile
from vpc_backup_events.values.memo import forget
from vpc_backup_events.values.report import Report, Source, merge

__all__ = ["check", "check_inputs", "iter_reports", "report"]


# path -> line, of what is all on the first line
_ONE_LINE: Mapping[tuple[str | int, ...], int] = {(): 1}
# most events have no finding
_CLEAN = {profile: Report(profile) for profile in PROFILES}


def check(event: EventLike, profile: Profile = "documented") -> Report:
    """Judges one event, or one email about it, against the documentation.

    `event` is a dict, str or bytes of JSON, a pair of headers and body, or an object with `headers` and `body`; an
    email is its text (RFC 5322, or the plain form of the documentation) or a message of the standard library.
    `profile` is `documented` (every form that the documentation shows passes, a contradicted one with a warning) or
    `strict` (one canonical form passes). Any input gives a report; an unknown profile raises `UsageError`.
    """
    if profile not in PROFILES:
        raise UsageError(f"There is no profile {profile!r}.", f"Choose one of: {', '.join(PROFILES)}.")
    return report(read(event), profile)


def check_inputs(inputs: Iterable[tuple[str, bytes]], profile: Profile = "documented") -> Report:
    """Judges every event in every input, a pair of name and content, and what holds between the events.

    One JSON document, a JSON array, NDJSON, an HTTP request, an email, each also compressed with gzip, make one input.
    """
    return merge(profile, iter_reports(inputs, profile))


def iter_reports(inputs: Iterable[tuple[str, bytes]], profile: Profile = "documented") -> Iterator[Report]:
    """One report an event, each finding with its source, in the order of the inputs."""
    identities = Identities()
    for name, data in inputs:
        for item, source in split(data, name):
            reading = read(item)
            one = report(reading, profile, source, identities.breaches(reading, source))
            yield with_lines(one, item, source) if one.findings else one


def with_lines(report: Report, item: Any, source: Source) -> Report:
    """The report on an event that is JSON text, with the line of each finding; of anything else, as it is."""
    if not isinstance(item, str | bytes):
        return report
    try:
        text = item if isinstance(item, str) else decode(item)
    except NotJsonError:
        return report
    first = source.line or 1
    # most archives have an event a line
    by_path = lines(text) if "\n" in text else _ONE_LINE
    findings = (replace(finding, line=first + line_at(finding.pointer, by_path) - 1) for finding in report.findings)
    return replace(report, findings=tuple(findings))


def report(reading: Reading, profile: Profile, source: Source | None = None, more: Iterable[Breach] = ()) -> Report:
    """The report on what was read, with `more` breaches that only a look at other events shows."""
    all_breaches = [*breaches(reading, profile), *more]
    if not all_breaches and reading.email is None:
        return _CLEAN[profile]
    events = 0 if reading.is_missing else 1
    emails = 0 if reading.email is None else 1
    entries = findings(all_breaches, profile, source)
    if reading.size > MAX_BYTES or (reading.email is not None and len(reading.email.text) > MAX_BYTES):
        forget()
    return Report(profile, entries, events, emails)
