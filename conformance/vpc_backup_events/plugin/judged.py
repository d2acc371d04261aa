"""What the fixture `check_backup_event` does: judge, count, and fail the test with the findings as text."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

import pytest

import vpc_backup_events
from vpc_backup_events.plugin import gaps
from vpc_backup_events.reporting import render
from vpc_backup_events.suites.settings import setting, shows_events
from vpc_backup_events.values.report import Finding, Profile, Report

if TYPE_CHECKING:
    from vpc_backup_events.reporting.seen import Seen

# of one test, in a report
FINDINGS = 100
# events with findings that are shown of one test
EVENTS = 5


class CheckBackupEvent(Protocol):
    """The callable that the fixture `check_backup_event` gives."""

    def __call__(self, event: Any, profile: Profile | None = None, *, expect_ok: bool = True) -> Report:
        """The report on the event; fails the test when it does not conform, unless `expect_ok` is false."""


def judge(item: pytest.Item) -> CheckBackupEvent:
    """A judge whose counts end up in the test's user properties, where they survive xdist."""
    known_gaps = gaps.declared(item.config).keys() - set(gaps.marked(item))
    # events judged, findings as [requirement, level, number], and gaps that were met
    findings: Counter[tuple[str, str]] = Counter()
    met: set[str] = set()
    events = 0
    # for reports: the findings themselves, of the first events
    reported = bool(item.config.getoption("backup_events_report"))
    found: list[dict[str, Any]] = []
    seen: Seen | None = None
    # number of the event in the test, from 0 -> the blocks that show it
    shown: dict[int, Any] = {}
    if reported:
        from vpc_backup_events.reporting.seen import Seen

        seen = Seen()
    emails = 0

    def check(event: Any, profile: Profile | None = None, *, expect_ok: bool = True) -> Report:
        __tracebackhide__ = True
        nonlocal events, emails
        chosen: Any = profile or setting(item.config, "profile")
        report: Report = vpc_backup_events.check(event, profile=chosen)
        index = events
        events += 1
        emails += report.emails
        broken: list[Finding] = []
        if expect_ok:
            findings.update((finding.requirement, finding.level) for finding in report.findings)
            if reported:
                place = {"source": {"index": index}}
                found.extend({**each.as_json(), **place} for each in report.findings[: FINDINGS - len(found)])
            broken = [finding for finding in report.findings if _fails(finding, item.config)]
            met.update(finding.requirement for finding in broken if finding.requirement in known_gaps)
            if seen is not None:
                amiss = any(finding.requirement not in known_gaps for finding in report.findings)
                seen.count(event, amiss)
                if amiss and len(shown) < EVENTS and shows_events(item.config):
                    from vpc_backup_events.reporting.exhibits import blocks_as_json, blocks_of

                    shown[index] = blocks_as_json(blocks_of(event, report.findings))
        record: dict[str, Any] = {"events": events, "findings": _listed(findings), "gaps": sorted(met)}
        if seen is not None:
            record |= {"found": found, "emails": emails, "pairs": seen.pairs, "others": seen.others, "shown": shown}
        _record(item, record)
        if any(finding.requirement not in known_gaps for finding in broken):
            pytest.fail(f"The event does not conform.\n{render(report)}", pytrace=False)
        return report

    return check


def _fails(finding: Finding, config: pytest.Config) -> bool:
    least = setting(config, "fail_on")
    return finding.level == "error" or (least == "warning" and finding.level == "warning")


def _listed(findings: Counter[tuple[str, str]]) -> list[list[str | int]]:
    return [[requirement, level, number] for (requirement, level), number in sorted(findings.items())]


def _record(item: pytest.Item, judged: dict[str, Any]) -> None:
    # one property a test, however many events it judges
    others = [(name, value) for name, value in item.user_properties if name != gaps.JUDGED]
    item.user_properties[:] = [*others, (gaps.JUDGED, json.dumps(judged))]
