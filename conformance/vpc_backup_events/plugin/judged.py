"""What the fixture `check_backup_event` does: judge, count, and fail the test with the findings as text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import vpc_backup_events
from vpc_backup_events.plugin import gaps
from vpc_backup_events.plugin.records import JUDGED, Judged
from vpc_backup_events.reporting import render
from vpc_backup_events.suites.settings import put, setting, shows_events
from vpc_backup_events.values.report import Finding, Profile, Report

if TYPE_CHECKING:
    from vpc_backup_events.reporting.display import Display

__all__ = ["CheckBackupEvent"]

# of one test, in a report
FINDINGS = 100
# events with findings that are shown of one test
EVENTS = 5


class CheckBackupEvent:
    """The callable that the fixture `check_backup_event` gives.

    Judges events in one test; its counts end up in the test's user properties, where they survive xdist.
    """

    def __init__(self, item: pytest.Item) -> None:
        self._item = item
        self._profile = setting(item.config, "profile")
        self._fails = ("error", "warning") if setting(item.config, "fail_on") == "warning" else ("error",)
        self._known_gaps = gaps.declared(item.config).keys() - set(gaps.marked(item))
        self._events = 0
        self._emails = 0
        self._findings: Counter[tuple[str, str]] = Counter()
        self._met: set[str] = set()
        # for reports: the first findings, the pairs, and the blocks that show the first events with findings
        self._shows = shows_events(item.config)
        self._reported: list[dict[str, Any]] = []
        self._specimens: dict[str, Any] = {}
        self._display: Display | None = None
        if item.config.getoption("backup_events_report"):
            from vpc_backup_events.reporting.display import Display

            self._display = Display()

    def __call__(self, event: Any, profile: Profile | None = None, *, expect_ok: bool = True) -> Report:
        """The report on the event; fails the test when it does not conform, unless `expect_ok` is false."""
        __tracebackhide__ = True
        chosen: Any = profile or self._profile
        report: Report = vpc_backup_events.check(event, profile=chosen)
        breaches = [finding for finding in report.findings if expect_ok and finding.level in self._fails]
        if expect_ok:
            self._keep(event, report, breaches)
        self._events += 1
        self._emails += report.emails
        put(self._item, JUDGED, self._judged().as_json())
        if any(finding.requirement not in self._known_gaps for finding in breaches):
            pytest.fail(f"The event does not conform.\n{render(report)}", pytrace=False)
        return report

    def _keep(self, event: Any, report: Report, breaches: list[Finding]) -> None:
        """Counts what is wrong with an event, and keeps of the first ones what a report shows."""
        self._findings.update((finding.requirement, finding.level) for finding in report.findings)
        self._met.update(finding.requirement for finding in breaches if finding.requirement in self._known_gaps)
        if self._display is None:
            return
        place = {"source": {"index": self._events}}
        for finding in report.findings[: FINDINGS - len(self._reported)]:
            self._reported.append({**finding.as_json(), **place})
        is_new = any(finding.requirement not in self._known_gaps for finding in report.findings)
        self._display.count(event, is_new)
        if is_new and self._shows and len(self._specimens) < EVENTS:
            from vpc_backup_events.reporting.specimens import blocks_as_json, blocks_of

            self._specimens[str(self._events)] = blocks_as_json(blocks_of(event, report.findings))

    def _judged(self) -> Judged:
        findings = tuple((id, level, count) for (id, level), count in sorted(self._findings.items()))
        counts = Judged(self._events, findings, tuple(sorted(self._met)), self._emails)
        if self._display is None:
            return counts
        return replace(
            counts,
            reported=tuple(self._reported),
            pairs=self._display.pairs,
            others=self._display.others,
            specimens=self._specimens,
        )
