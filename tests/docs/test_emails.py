"""The suite of docs/emails.md; test_pages.py runs the other blocks of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "emails.md").read_text("utf-8")


def block(mark):
    (text,) = re.findall(rf"<!-- {mark} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    return text


@pytest.mark.exhaustive
def test_the_suite_of_the_page_passes_on_the_sample(pytester):
    pytester.makepyfile(
        my_mailer="from vpc_backup_events.catalog import event_type_of\n"
        "from vpc_backup_events.making.draft import email_body\n"
        "def write_email(scenario): return event_type_of(scenario).title, email_body(scenario)\n"
    )
    pytester.makepyfile(test_mine=block("pytest"))
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)
    assert ran.ret == 0
    ran.stdout.fnmatch_lines(["*TestMyEmails: conforming*"])
