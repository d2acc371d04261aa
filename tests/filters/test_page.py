"""What docs/filters.md shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from vpc_backup_events.cli import main
from vpc_backup_events.filters import parse
from vpc_backup_events.filters.judge import explain

PAGE = (Path(__file__).parents[2] / "docs" / "filters.md").read_text("utf-8")
ROWS = [
    [cell.strip().strip("`").replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in PAGE.splitlines()
    if line.startswith("| `$")
]


def block(mark):
    (found,) = re.findall(rf"<!-- {mark} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    return found


@pytest.mark.parametrize(("written", "happens", "works"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_of_the_table_is_what_the_kit_says(written, happens, works):
    explained = explain(parse(written))
    assert explained.fixed == works
    assert explain(parse(works)).ok
    assert ("never passes" in happens or "read" in happens) is (not explained.reach.full and not explained.reach.any)


def test_there_are_rows():
    assert len(ROWS) == 7


def test_the_command_runs(capsys):
    arguments = shlex.split(block("session").removeprefix("$ vpc-backup-events "))
    assert main(arguments) == 1
    assert "The filter that works: $.type =~" in capsys.readouterr().out


def test_the_python_example_runs(capsys):
    exec(compile(block("python"), "filters.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == [
        "False",
        "['P08-filter-severity'] $.ibmenseverity == \"medium\"",
    ]
