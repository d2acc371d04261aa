"""What docs/reports.md shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from vpc_backup_events.cli import main
from vpc_backup_events.reporting import FORMATS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reports.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"<!-- (\w+) -->\n```console\n\$ (.*?)\n```", PAGE, re.DOTALL))


def holds(expected, actual):
    """Whether the lines are the expected ones, `...` standing for any."""
    parts = ["(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in expected.splitlines()]
    return re.fullmatch("".join(parts), actual) is not None


def test_every_format_has_an_example_and_a_row():
    assert set(BLOCKS) == {*FORMATS, "pytest"}
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(FORMATS)


@pytest.mark.parametrize("format", FORMATS)
def test_the_example_is_a_real_one(format, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    command, _, expected = BLOCKS[format].partition("\n")
    assert main(shlex.split(command.removeprefix("vpc-backup-events "))) == 0
    actual = capsys.readouterr().out
    assert holds(expected, actual), actual[:2000]


def test_the_pytest_example_is_a_real_one(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(
        test_producer="import pytest\n"
        "from vpc_backup_events.reference import build_event\n"
        "from vpc_backup_events.suites import ProducerSuite\n"
        "class TestMyProducer(ProducerSuite):\n"
        "    @pytest.fixture\n"
        "    def producer(self): return build_event\n"
    )
    command, _, expected = BLOCKS["pytest"].partition("\n")
    arguments = shlex.split(command.removeprefix("pytest "))
    result = pytester.runpytest_subprocess("-p", "vpc_backup_events.plugin", *arguments, timeout=120)
    assert result.ret == 0
    assert holds(expected, f"{result.stdout}\n"), str(result.stdout)[-2000:]
