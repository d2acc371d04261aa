"""The code blocks of the documentation, and how each is run.

A block with a title is a file, and is written to a folder of the page's own. The comment above any other says what it
is: `session` is command lines and what they print; `python` is run, and a `prints` block below it has what it prints;
`pytest: NAME` has lines of the output of pytest on a file, where `...` stands for the rest of a line. Blocks of `sh`
without a comment are command lines of which each is read by the command line's own parser, as they need servers or
programs of the reader.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "examples").glob("*/README.md")),
]
# marks of blocks that a test of their own runs
ELSEWHERE = {
    ("audit.md", "sql"),
    ("audit.md", "rows"),
    ("README.md", "ci: first"),
    ("README.md", "ci: second"),
    ("your-tests.md", "pytest"),
    *(("README.md", f"mine: {part}") for part in ("install", "test_mine.py", "run", "prints")),
    ("your-tests.md", "suites"),
    ("your-tests.md", "hypothesis"),
    ("ci.md", "workflow"),
    ("emails.md", "pytest"),
    ("receivers.md", "pytest"),
    ("harness.md", "subject"),
    ("harness.md", "conversation"),
    ("harness.md", "message: scenario"),
    ("harness.md", "message: delivery"),
    ("corpus.md", "pytest"),
    *(("types.md", f"types: {part}") for part in ("python", "details", "typescript", "go")),
    ("registration.md", "lint"),
    *(
        ("reports.md", mark)
        for mark in ("text", "json", "junit", "sarif", "github", "markdown", "html", "badge", "pytest")
    ),
}
_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^>]+?) -->\n)?"
    r"^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_PIPE = re.compile(r"\s+[|>]\s+")


class Block(NamedTuple):
    """One block of a page."""

    page: str
    mark: str
    language: str
    text: str
    # name of the file that it is
    title: str = ""


def blocks(path: Path) -> list[Block]:
    """Every fenced block of a page."""
    text = path.read_text("utf-8")
    name = path.name if path.parent in (ROOT, ROOT / "docs") else f"{path.parent.name}/{path.name}"
    return [Block(name, m["mark"] or "", m["language"], m["text"], m["title"] or "") for m in _BLOCK.finditer(text)]


def sessions(text: str) -> Iterator[tuple[list[str], str]]:
    """The words of each command of a session, and what it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield shlex.split(command), printed


def command_lines(text: str) -> Iterator[list[str]]:
    """The words of each command of the kit in a shell block."""
    for line in text.replace("\\\n", " ").splitlines():
        for part in _PIPE.split(line.split("  #")[0]):
            words = shlex.split(part)
            while words and "=" in words[0]:
                words.pop(0)
            if words[:1] == ["vpc-backup-events"]:
                yield words[1:]
