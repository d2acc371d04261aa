"""Levels have one order, and numbers of things one form."""

from __future__ import annotations

import pytest

from vpc_backup_events.values.levels import LEVELS, number, rank, worst


def test_the_gravest_level_is_the_first():
    assert sorted(("note", "error", "warning"), key=rank) == list(LEVELS) == ["error", "warning", "note"]
    assert worst(("note", "warning", "note")) == "warning"
    with pytest.raises(ValueError, match="empty"):
        worst(())
    with pytest.raises(KeyError):
        rank("none")


def test_one_is_one_and_thousands_are_parted():
    assert [number(count, "event") for count in (0, 1, 2, 1234)] == ["0 events", "1 event", "2 events", "1,234 events"]
    assert number(1234, "event", "") == "1234 events"
