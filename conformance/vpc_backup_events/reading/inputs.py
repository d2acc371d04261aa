"""An input's bytes to what is in it: one JSON document, an array, NDJSON, an HTTP request, an email; also gzipped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import inf
from typing import Any

from vpc_backup_events.reading.emails import is_email, read_email
from vpc_backup_events.reading.messages import DamagedError, Message, gunzip
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.json_text import NotJsonError, decode, parse
from vpc_backup_events.values.report import Source

__all__ = [
    "COMPRESSED",
    "MAX_INPUT",
    "Item",
    "after_space",
    "is_email_name",
    "is_ndjson",
    "looks_like_array",
    "looks_like_lines",
    "nothing",
    "split",
    "split_plain",
]

# what a compressed input may grow to; larger archives are streamed by `audit`
MAX_INPUT = 256 * 1024 * 1024
# ends of the names of compressed files
COMPRESSED = (".gz", ".zst", ".zstd")

_SPACE = re.compile(r"[ \t\r\n]*")
# asked only where a value ends; the interpreter would refuse to convert a very long integer
_DECODER = json.JSONDecoder(parse_int=len)

Item = tuple[Any, Source]


def split(data: bytes, file: str | None) -> Iterator[Item]:
    """Every event of the input, still to be read, with its source; a breach in place of one that is not there."""
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gunzip(data, MAX_INPUT)
        except NotJsonError as error:
            before = error.before if isinstance(error, DamagedError) else b""
            # to the last whole line
            before = before[: before.rfind(b"\n") + 1]
            if looks_like_lines(before) or _is_json(before.decode("utf-8", "replace")):
                yield from split_plain(before, file)
            yield nothing(f"The input can't be read: {error}"), Source(file)
            return
    yield from split_plain(data, file)


def split_plain(data: bytes, file: str | None) -> Iterator[Item]:
    """As `split`, of bytes that are not compressed."""
    message = Message.parse(data)
    if message:
        yield message, Source(file)
        return
    if is_email(data) or is_email_name(file or ""):
        yield read_email(data), Source(file)
        return
    if not data.strip():
        yield nothing("There is no event in the input: it is empty."), Source(file)
        return
    try:
        text = decode(data)
    except NotJsonError:
        # one line that is not UTF-8 must not take the others along
        if is_ndjson(data.decode("utf-8", "replace").split("\n")):
            yield from _lines(data, file)
        else:
            yield data, Source(file)
        return
    start = after_space(text, 0)
    if text.startswith("[", start):
        yield from _array(text, start + 1, file)
    elif is_ndjson(text.split("\n")):
        yield from _lines(data, file)
    else:
        yield data, Source(file)


def looks_like_lines(head: bytes) -> bool:
    """Whether a large file that begins so holds an event on each line."""
    if Message.parse(head) or is_email(head):
        return False
    text = head.decode("utf-8", "replace")
    # the last line may be cut
    return not text.lstrip(" \t\r\n").startswith("[") and is_ndjson(text.split("\n")[:-1])


def looks_like_array(head: bytes) -> bool:
    """Whether a large file that begins so is a JSON array."""
    return head.lstrip(b" \t\r\n").startswith(b"[")


def is_email_name(name: str) -> bool:
    """Whether a file of this name holds an email."""
    stem, dot, end = name.lower().rpartition(".")
    return (stem if f"{dot}{end}" in COMPRESSED else name.lower()).endswith(".eml")


def nothing(reason: str) -> Breach:
    """What stands in place of an event that is not there."""
    return Breach("P11-event-json", (), {"reason": reason})


def is_ndjson(lines: list[str]) -> bool:
    """Several lines of which most begin an object, and not the lines of one document."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2 or sum(line.lstrip().startswith("{") for line in filled) * 2 < len(filled):
        return False
    return any(_is_json(line) for line in filled[:100])


def _is_json(line: str) -> bool:
    try:
        parse(line)
    except NotJsonError:
        return False
    return True


def _lines(data: bytes, file: str | None) -> Iterator[Item]:
    index = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield line, Source(file, number, index)
            index += 1


def _array(text: str, position: int, file: str | None) -> Iterator[Item]:
    """The items of an array, each as the text it is written in; one that is broken takes the rest along."""
    whole = text, Source(file)
    try:
        # how many there may be in each item is told when it is read
        parse(text, inf)
    except NotJsonError:
        yield whole
        return
    line, counted, index = 1, 0, 0
    while True:
        position = after_space(text, position)
        if text[position] == "]":
            break
        _, end = _DECODER.raw_decode(text, position)
        line += text.count("\n", counted, position)
        counted = position
        yield text[position:end], Source(file, line, index)
        index += 1
        position = after_space(text, end)
        if text[position] == ",":
            position += 1
    if not index:
        yield nothing("There is no event in the input: the array is empty."), Source(file)


def after_space(text: str, position: int) -> int:
    """Where the white space of JSON ends that begins at the position."""
    match = _SPACE.match(text, position)
    return match.end() if match else position
