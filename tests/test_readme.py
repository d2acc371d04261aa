"""What the README shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def block(mark: str) -> str:
    match = re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert match, mark
    return match[1]


def test_the_session_is_a_real_one():
    command, _, expected = block("session").partition("\n")
    arguments = command.removeprefix("$ vpc-backup-events ").split()
    done = subprocess.run(
        [sys.executable, "-m", "vpc_backup_events", *arguments], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == expected
    assert done.returncode == 0


def test_the_python_example_runs(capsys):
    exec(compile(block("python"), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.startswith("False ")
    assert "'P01-source'" in printed


def test_the_first_command_checks_the_documented_events():
    assert "vpc-backup-events check fixtures/documented/events" in block("ci: first")
