"""Every code block of the documentation is run, or read by what it is for."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from itertools import pairwise

import pytest

from helpers.pages import ELSEWHERE, PAGES, ROOT, blocks, command_lines, sessions
from helpers.pytest_runs import alone, run_pytest
from vpc_backup_events import cli

GENERIC = ("session", "python", "prints", "pytest: ")


def name_of(path):
    """The page, below the root of the project."""
    return path.relative_to(ROOT).as_posix()


def folder_of(path, tmp_path):
    """Where the commands of a page run: an example, a folder with the page's own files, or the root of the project."""
    if path.parent.parent == ROOT / "examples":
        return path.parent
    files = [block for block in blocks(path) if block.title]
    for block in files:
        (tmp_path / block.title).write_text(block.text)
    return tmp_path if files else ROOT


def suites_of(path):
    """The blocks with what pytest prints."""
    return [block for block in blocks(path) if block.mark.startswith("pytest: ")]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_block_says_how_it_is_run(path):
    for block in blocks(path):
        known = block.title or block.mark.startswith(GENERIC) or (block.page, block.mark) in ELSEWHERE
        assert known or (not block.mark and block.language == "sh"), block


# those of the examples are run with the wheel that a user would have: tools/run_examples.py, by `nox -s examples`
OWN = [path for path in PAGES if path.parent.parent != ROOT / "examples"]


@pytest.mark.parametrize("path", OWN, ids=name_of)
def test_sessions_print_what_they_print(path, tmp_path):
    folder = folder_of(path, tmp_path)
    for block in blocks(path):
        if block.mark == "session":
            for words, printed in sessions(block.text):
                program = words[words.index("--command") + 1].split()[0] if "--command" in words else sys.executable
                if shutil.which(program) is None:
                    pytest.skip(f"{program} is not installed")
                command = [sys.executable, "-m", "vpc_backup_events", *words[1:]]
                done = subprocess.run(command, capture_output=True, cwd=folder, timeout=60)
                shown = done.stdout.decode()
                if printed.endswith("...\n"):
                    assert shown.startswith(printed.removesuffix("...\n")), words
                else:
                    assert shown == printed, words


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_python_prints_what_it_prints(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(folder_of(path, tmp_path))
    for block, following in pairwise([*blocks(path), None]):
        if block.mark == "python":
            exec(compile(block.text, block.page, "exec"), {})
            assert following is not None
            assert following.mark == "prints", block
            assert capsys.readouterr().out == following.text


@pytest.mark.representatives("docs/start-client.md")
@pytest.mark.parametrize("path", [path for path in OWN if suites_of(path)], ids=name_of)
def test_suites_of_a_page_come_out_as_it_says(path, tmp_path, monkeypatch):
    folder = folder_of(path, tmp_path)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for block in suites_of(path):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        if folder == tmp_path:
            # the settings that a page shows are for the reader's own repository
            command += ["-c", "/dev/null", "--rootdir", str(folder)]
        command += shlex.split(block.mark.removeprefix("pytest: "))
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300)
        lines = done.stdout.splitlines()
        for wanted in block.text.splitlines():
            start, _, rest = wanted.partition("...")
            assert not rest
            assert any(line.startswith(start.rstrip()) for line in lines), (wanted, done.stdout[-3_000:])


@pytest.mark.exhaustive
def test_the_page_on_producers_conforms_with_all_its_files(tmp_path, monkeypatch):
    folder = folder_of(ROOT / "docs" / "start-producer.md", tmp_path)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_producer.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300)
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "conforming (strict profile)" in done.stdout


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_command_lines_are_understood(path):
    for block in blocks(path):
        if not block.mark and block.language == "sh":
            for words in command_lines(block.text):
                cli._parser(words).parse_args(words)


def test_the_corpus_selects_what_the_page_says(pytester, monkeypatch):
    alone(monkeypatch)
    (block,) = [block for block in blocks(ROOT / "docs" / "corpus.md") if block.mark == "pytest"]
    pytester.makeconftest(
        """
        import builtins
        from types import SimpleNamespace
        from vpc_backup_events.checking.interpretation import interpret

        builtins.my_consumer = lambda event: SimpleNamespace(reason=interpret(event)["reason"])
        """
    )
    pytester.makepyfile(block.text)
    ran = run_pytest(pytester, "-q", "-p", "no:cacheprovider")
    assert ran.ret == 0
    assert ran.parseoutcomes()["passed"] > 10
