"""What docs/emails.md shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "emails.md").read_text("utf-8")


def block(mark):
    (text,) = re.findall(rf"<!-- {mark} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    return text


def test_the_session_is_a_real_one():
    command, _, expected = block("session").partition("\n")
    arguments = command.removeprefix("$ vpc-backup-events ").split()
    done = subprocess.run([sys.executable, "-m", "vpc_backup_events", *arguments], capture_output=True, cwd=ROOT)
    assert done.stdout.decode() == expected
    assert done.returncode == 0


def test_the_suite_of_the_page_passes_on_the_sample(pytester):
    pytester.makepyfile(
        my_mailer="from vpc_backup_events.generation.draft import email_body\n"
        "def write_email(scenario): return scenario.kind.title, email_body(scenario)\n"
    )
    pytester.makepyfile(test_mine=block("pytest"))
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)
    assert ran.ret == 0
    ran.stdout.fnmatch_lines(["*TestMyEmails: conforming*"])
