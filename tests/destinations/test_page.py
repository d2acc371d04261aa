"""What docs/destinations.md shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "destinations.md").read_text("utf-8")


def block(mark):
    (text,) = re.findall(rf"<!-- {mark} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    return text


def test_the_session_is_a_real_one():
    command, _, expected = block("session").partition("\n")
    arguments = command.removeprefix("$ vpc-backup-events ").split()
    done = subprocess.run([sys.executable, "-m", "vpc_backup_events", *arguments], capture_output=True, cwd=ROOT)
    assert done.stdout.decode() == expected


def test_the_python_example_runs(capsys):
    exec(compile(block("python"), "destinations.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == ["Volume Backup Job Creation Failure", "3", "True"]
