"""Code in Markdown: the fenced blocks of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["CodeBlock", "blocks"]

# the word after a fence -> what is in it
_LANGUAGES = {"terraform": "terraform", "hcl": "terraform", "tf": "terraform", "json": "json"}
_LANGUAGES |= dict.fromkeys(("sh", "bash", "shell", "console", "zsh", "pre", "text", "plaintext"), "shell")
_FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w-]*)[^\n`]*$")


class CodeBlock(NamedTuple):
    """One fenced block."""

    #: of its fence; its first line is the one after
    line: int
    #: what is in it, as `lint` names it
    kind: str
    text: str


def blocks(page: str) -> Iterator[CodeBlock]:
    """The fenced blocks of a page, without the indentation of their fence."""
    lines = page.splitlines()
    index = 0
    while index < len(lines):
        match = _FENCE.match(lines[index])
        index += 1
        if match is None:
            continue
        begin, held = index, []
        while index < len(lines):
            closing = lines[index].strip(" \t>")
            if closing.startswith(match["fence"]) and not closing.strip(match["fence"][0]):
                break
            held.append(lines[index].removeprefix(match["indent"]))
            index += 1
        index += 1
        text = "\n".join(held) + "\n"
        yield CodeBlock(begin, _LANGUAGES.get(match["language"].lower()) or _guess(text), text)


def _guess(text: str) -> str:
    begin = text.lstrip()
    if begin.startswith("{"):
        return "json"
    return "terraform" if begin.startswith("resource") else "shell"
