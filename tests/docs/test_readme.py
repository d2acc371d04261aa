"""What the README and the page on tests of your own show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from vpc_backup_events.making import corpus

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
TESTS = (ROOT / "docs" / "your-tests.md").read_text("utf-8")


def block(mark: str, page: str = README) -> str:
    match = re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)```", page, re.DOTALL)
    assert match, mark
    return match[1]


def test_the_first_command_is_the_demo():
    assert block("ci: first").strip().endswith("vpc-backup-events demo")


def test_it_is_read_in_minutes_and_links_lead_somewhere():
    assert len(README.splitlines()) < 150
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README):
        assert (ROOT / link).exists(), link


def test_every_extra_has_a_line_on_the_page_on_installation():
    page = (ROOT / "docs" / "installation.md").read_text("utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)) == set(extras)
    of_all = set(re.search(r"\[(.*)\]", extras["all"][0])[1].split(","))
    above = set(re.findall(r"^\| `([\w-]+)` \|", page.partition("| `all` |")[0], re.MULTILINE))
    assert above - of_all == {"filters"}


def test_a_new_user_gets_to_an_explained_failure_in_under_ten_lines(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    lines = [list(filter(None, block(f"mine: {part}").splitlines())) for part in ("install", r"test_mine\.py", "run")]
    assert sum(map(len, lines)) < 10
    (installs,), _, (runs,) = lines
    # the same extra as the project has, and a test that needs no other
    assert installs == "python3 -m venv .venv && .venv/bin/pip install --quiet '.[pytest]'"
    (tmp_path / "test_mine.py").write_text(block(r"mine: test_mine\.py"))
    words = runs.split()
    assert words.pop(0) == ".venv/bin/python"
    # what else the environment of these tests has installed, plugins of pytest too, is not there for a new user
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    blocked = "import sys; sys.modules.update(dict.fromkeys(('hypothesis', 'starlette', 'rich', 'xdist')))\n"
    (tmp_path / "conftest.py").write_text(blocked)
    command = [sys.executable, *words, "-p", "vpc_backup_events.plugin", "-p", "no:cacheprovider"]
    command += ["-c", "/dev/null", "--rootdir", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stdout[-2_000:]
    printed = iter(done.stdout.splitlines())
    for wanted in block("mine: prints").splitlines():
        start, _, rest = wanted.partition("...")
        assert not rest
        assert any(line.startswith(start.rstrip()) for line in printed), (wanted, done.stdout[-3_000:])
    explained = subprocess.run(
        [sys.executable, "-m", "vpc_backup_events", "explain", "P25-notification-id"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert explained.returncode == 0
    assert explained.stdout.startswith("P25-notification-id")


@pytest.mark.exhaustive
def test_the_suites_of_the_page_pass_on_the_reference(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(
        my_service="from vpc_backup_events.reference import build_event, consumer_app\n"
        "app = consumer_app()\ndef interpretations(): return app.interpretations\n"
    )
    pytester.makepyfile(test_mine=block("suites", TESTS))
    result = pytester.runpytest_subprocess("-p", "vpc_backup_events.plugin", timeout=120)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*TestMyProducer: conforming*", "*TestMyConsumer: conforming*"])


def test_the_hypothesis_example_finds_a_receiver_that_takes_everything():
    names = {"my_receiver": lambda event: False}
    exec(compile(block("hypothesis", TESTS), "<example>", "exec"), names)
    names["test_my_receiver_refuses"]()
    names["my_receiver"] = lambda event: True
    with pytest.raises(AssertionError, match="P01-"):
        names["test_my_receiver_refuses"]()


def test_the_pages_on_tests_and_the_corpus_select_cases_that_there_are():
    page = (ROOT / "docs" / "corpus.md").read_text("utf-8")
    for text in (TESTS, page):
        (asked,) = re.findall(r"@pytest\.mark\.backup_event_corpus\((.*?)\)", text)
        assert corpus.select(**eval(f"dict({asked})"))
    assert len(corpus.cases()) > 600
    folders = {case.file.partition("/")[0] for case in corpus.cases()}
    assert all(f"`{folder}/" in page for folder in folders)


def test_the_generate_examples_run(tmp_path):
    commands = [line for line in TESTS.splitlines() if line.startswith("vpc-backup-events generate")]
    assert len(commands) == 2
    for command in commands:
        shell = command.replace("vpc-backup-events", f"{sys.executable} -m vpc_backup_events")
        done = subprocess.run(shell.replace("1000000", "1000"), shell=True, capture_output=True, cwd=tmp_path)
        assert done.returncode == (1 if "--invalid" in command else 0), done.stderr
