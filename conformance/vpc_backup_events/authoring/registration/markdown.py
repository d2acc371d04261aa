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
    lines = enumerate(page.splitlines(), 1)
    for number, line in lines:
        match = _FENCE.match(line)
        if match is None:
            continue
        block = []
        for _, inner in lines:
            closing = inner.strip(" \t>")
            if closing.startswith(match["fence"]) and not closing.strip(match["fence"][0]):
                break
            block.append(inner.removeprefix(match["indent"]))
        text = "\n".join(block) + "\n"
        yield CodeBlock(number, _LANGUAGES.get(match["language"].lower()) or _guess(text), text)


def _guess(text: str) -> str:
    begin = text.lstrip()
    if begin.startswith("{"):
        return "json"
    return "terraform" if begin.startswith("resource") else "shell"
