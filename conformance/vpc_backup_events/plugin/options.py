"""The options and ini keys of the plugin."""

from __future__ import annotations

import pytest

from vpc_backup_events.values.levels import PROFILES

# categories of pytest's statistics, the best first; the worst that a test got is its outcome
OUTCOMES = ("passed", "skipped", "xfailed", "xpassed", "failed", "error")
FAIL_ON = ("error", "warning")


def add_options(parser: pytest.Parser) -> None:
    """Adds the options and the ini keys; an option wins over its ini key."""
    group = parser.getgroup("backup-events", "event notifications of Backup for VPC")
    group.addoption("--backup-events-profile", choices=PROFILES, help="profile that events are judged by")
    group.addoption("--backup-events-fail-on", choices=FAIL_ON, help="the least level of a finding that fails a test")
    group.addoption(
        "--backup-events-known-gap",
        action="append",
        default=[],
        metavar="ID=REASON",
        help="a requirement that the subject is known to break, and why; shows as xfail; repeatable",
    )
    group.addoption(
        "--backup-events-report",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write a report of suites and judged events, in a format of the command line; repeatable",
    )
    group.addoption(
        "--backup-events-fail-under",
        type=float,
        metavar="N",
        help="fail where less than N percent of the requirements of the suites that ran were exercised",
    )
    parser.addini(
        "backup_events_profile", "profile that events are judged by (default: documented)", default="documented"
    )
    parser.addini(
        "backup_events_fail_on", "the least level of a finding that fails a test (default: error)", default="error"
    )
    parser.addini("backup_events_known_gaps", "lines of `ID: reason`, as --backup-events-known-gap", type="linelist")
