"""The table of docs/filters.md is what happens; test_pages.py runs its other blocks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.review import explain

PAGE = (Path(__file__).parents[2] / "docs" / "filters.md").read_text("utf-8")
ROWS = [
    [cell.strip().strip("`").replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in PAGE.splitlines()
    if line.startswith("| `$")
]


@pytest.mark.parametrize(("written", "happens", "works"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_of_the_table_is_what_the_kit_says(written, happens, works):
    explained = explain(parse(written))
    assert explained.fixed == works
    assert explain(parse(works)).ok
    assert ("never passes" in happens or "read" in happens) is (not explained.reach.full and not explained.reach.any)


def test_there_are_rows():
    assert len(ROWS) == 7
