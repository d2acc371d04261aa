"""The page about levels says of each requirement what the register says."""

from __future__ import annotations

from pathlib import Path

import pytest

from vpc_backup_events import catalog

PAGE = Path(__file__).parents[2] / "docs" / "levels.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| `P")
]
CHANGED = [row for row in ROWS if len(row) == 4]
LEVELS = ("error", "warning", "note", "none")


@pytest.mark.parametrize("row", CHANGED, ids=lambda row: row[0])
def test_the_level_of_now_is_that_of_the_register(row):
    id, before, now, why = row
    requirement = catalog.requirements[id.strip("`")]
    assert now == ", ".join(requirement.profiles[profile] for profile in ("documented", "strict"))
    assert before != now
    assert set(before.split(", ")) <= set(LEVELS)
    assert why.startswith(requirement.kind)


def test_every_requirement_whose_meaning_changed_is_named():
    named = {row[0].strip("`") for row in ROWS}
    assert {r.id for r in catalog.requirements.values() if r.history} <= named
    assert len(CHANGED) > 90
