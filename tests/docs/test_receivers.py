"""What docs/receivers.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "receivers.md").read_text("utf-8")


@pytest.mark.exhaustive
def test_the_suite_of_the_page_passes_on_the_reference(pytester):
    (block,) = re.findall(r"<!-- pytest -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    pytester.makepyfile(
        my_worker="from vpc_backup_events.reference import consumer_app\n"
        "app = consumer_app()\n"
        "def interpretations(): return app.interpretations\n"
        "def handle(key, value, headers):\n"
        "    if app.receive('POST', [('Content-Type', 'application/json')], value) >= 400: raise ValueError\n"
    )
    pytester.makepyfile(test_mine=block)
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)
    assert ran.ret == 0
    ran.stdout.fnmatch_lines(["*TestMyWorker: conforming*"])
