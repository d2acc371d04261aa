"""A part's events, still to be read: texts in batches, and single things with their source."""

from __future__ import annotations

import json
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import chain
from typing import IO, NamedTuple

from vpc_backup_events.audit import blocks
from vpc_backup_events.audit.blocks import WHOLE, DamagedError
from vpc_backup_events.audit.files import File
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.reading.inputs import (
    Item,
    after_space,
    is_email_name,
    looks_like_array,
    looks_like_lines,
    nothing,
    split_plain,
)
from vpc_backup_events.reading.objects import READERS
from vpc_backup_events.values.errors import KitError, UnreadableInputError
from vpc_backup_events.values.report import Source

# one event can't be larger; what is larger is not read
LONGEST = 64 * 1024 * 1024


class Batch(NamedTuple):
    """JSON texts of one file that follow each other."""

    file: str
    texts: list[bytes]
    # of lines, the number of the first in the part; of rows there is none
    line: int | None
    # of rows, the number of the first, from 0
    row: int = 0


def read_part(part: Part, problems: list[KitError] | None = None) -> Iterator[Batch | Item]:
    """Everything in the part, in its order. A file that is damaged or gone is a breach, and the rest goes on.

    An object that can't be read any more is one of `problems`. Raises `BucketError`.
    """
    for file, stream in _streams(part):
        name = part.shown(file.path)
        try:
            if part.kind == "lines":
                yield from _lines(blocks.line_blocks(file, part.start, part.end), name)
            elif part.kind == "rows":
                yield from _rows(file, part, name)
            else:
                yield from _file(stream(), name)
        except UnreadableInputError as error:
            if problems is not None:
                problems.append(error)
        except OSError as error:
            yield _unread(name, error.strerror or str(error))


def _streams(part: Part) -> Iterator[tuple[File, Callable[[], IO[bytes]]]]:
    """The files of a part, and what opens each; small objects are fetched ahead, many at a time."""
    small = [file for file in part.files if part.kind == "files" and file.is_object and file.size <= WHOLE]
    pool = ThreadPoolExecutor(READERS)
    try:
        # all of them are no more than a part
        copies = {file: pool.submit(_copy, file.open(), file.size) for file in small}
        for file in part.files:
            yield file, copies.pop(file).result if file in copies else file.open
    finally:
        # who is interrupted does not wait for what is under way
        pool.shutdown(wait=False, cancel_futures=True)


def _copy(stream: IO[bytes], size: int) -> IO[bytes]:
    with stream:
        return BytesIO(stream.read(size))


def _unread(name: str, reason: str) -> Item:
    return nothing(f"The input can't be read: {reason}."), Source(name)


def _rows(file: File, part: Part, name: str) -> Iterator[Batch | Item]:
    try:
        if part.start == part.end:
            # where there is no row group, opening the file says whether it is empty or damaged
            list(blocks.rows(file, part.column, 0, 0))
            yield nothing("There is no event in the input: it has no row."), Source(name)
        for index, texts in blocks.rows(file, part.column, part.start, part.end):
            yield Batch(name, texts, None, index)
    except DamagedError as error:
        yield _unread(name, str(error))


def _file(file: IO[bytes], name: str) -> Iterator[Batch | Item]:
    """A file from end to end: a small one as `check` takes it, a large one as its beginning says."""
    rest = blocks.blocks(file)
    head = bytearray()
    is_small = False
    # how much of it tells what it holds, and the end of its last line, where that is known to be the last
    size, end = blocks.HEAD, b""
    try:
        for block in rest:
            head += block
            if len(head) > WHOLE:
                break
        else:
            is_small, size, end = True, WHOLE, b"\n"
    except DamagedError as error:
        # what came before is judged like the beginning of a large file; its last line is known to be cut
        rest, end = map(_raise, (error,)), b"\n"
    begins = bytes(head[:size]) + end
    stream = chain((bytes(head),), rest)
    try:
        if not is_email_name(name) and looks_like_lines(begins):
            yield from _lines(stream, name)
        elif not is_email_name(name) and not is_small and looks_like_array(begins):
            yield from _array(stream, name)
        else:
            yield from _document(stream, name)
    except DamagedError as error:
        yield _unread(name, str(error))


def _raise(error: DamagedError) -> bytes:
    raise error


def _document(stream: Iterator[bytes], name: str) -> Iterator[Batch | Item]:
    """A file of which nothing is known before its end."""
    data = bytearray()
    for block in stream:
        data += block
        if len(data) > LONGEST:
            reason = f"The input is no lines and no array of events, and larger than {LONGEST} bytes."
            yield nothing(reason), Source(name)
            return
    yield from split_plain(bytes(data), name)


def _lines(stream: Iterator[bytes], name: str) -> Iterator[Batch | Item]:
    """The lines of a stream; where it breaks off, those that are whole."""
    number = 1
    # of a line that is not over yet, unless it is larger than an event can be
    pieces: list[bytes] = []
    is_overlong = False
    for block in stream:
        if is_overlong:
            _, newline, block = block.partition(b"\n")
            is_overlong = not newline
            if is_overlong:
                continue
        pieces.append(block)
        if b"\n" in block:
            lines = b"".join(pieces).split(b"\n")
            pieces = [lines.pop()]
            yield Batch(name, lines, number)
            number += len(lines)
        elif sum(map(len, pieces)) > LONGEST:
            yield nothing(f"The line is larger than {LONGEST} bytes, and was not read."), Source(name, number)
            pieces, is_overlong = [], True
            number += 1
    tail = b"".join(pieces)
    if tail:
        yield Batch(name, [tail], number)


def _array(stream: Iterator[bytes], name: str) -> Iterator[Batch | Item]:
    """The items of a large array, each as the text it is written in; where it is broken, those before."""
    text = _Text(stream)
    index = 0
    try:
        text.skip()
        while text.next() != "]":
            line = text.line
            yield text.value().encode(), Source(name, line, index)
            index += 1
            following = text.next()
            if following == ",":
                text.skip()
                if text.next() == "]":
                    raise _BrokenError("a value is expected")
            elif following != "]":
                raise _BrokenError("a comma is expected" if following else text.trouble or "it breaks off")
        text.skip()
        if text.next() or text.trouble:
            raise _BrokenError("something follows the end of the array")
        if not index:
            yield nothing("There is no event in the input: the array is empty."), Source(name)
    except _BrokenError as error:
        reason = f"The array is broken after {index} events, in line {text.line}: {error}."
        yield nothing(reason), Source(name, text.line)


class _BrokenError(Exception):
    """The array is no JSON; `str()` says why."""


class _Text:
    """Text of a stream, a piece at a time."""

    def __init__(self, stream: Iterator[bytes]) -> None:
        self._stream = stream
        # keeps a character that is cut at the end of a block
        self._decode = getincrementaldecoder("utf-8")().decode
        # why the text ends, where that is not the end of the stream
        self.trouble = ""
        self._text = ""
        self._at = 0
        # number of the line that was reached
        self.line = 1

    def next(self) -> str:
        """The next character that is no space, still to be read; empty at the end."""
        while True:
            start, self._at = self._at, after_space(self._text, self._at)
            self.line += self._text.count("\n", start, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Passes over the next character that is no space."""
        self.next()
        self._at += 1

    def value(self) -> str:
        """The text of the next value. Raises `_BrokenError`."""
        self.next()
        wanted = blocks.BLOCK
        while True:
            problem = ""
            try:
                _, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise _BrokenError("a value is nested too deeply") from None
            except ValueError as error:
                problem = getattr(error, "msg", str(error)).lower()
            else:
                # only a number at the end may go on
                if end < len(self._text) or self._text[end - 1] in '}]"':
                    text = self._text[self._at : end]
                    self.line += text.count("\n")
                    self._at = end
                    return text
            held = len(self._text) - self._at
            if problem and held > LONGEST:
                raise _BrokenError(problem)
            while len(self._text) - self._at < held + wanted and self._more():
                pass
            if len(self._text) - self._at == held:
                # the end: an array has at least its bracket behind a value
                raise _BrokenError(self.trouble or problem or "it breaks off")
            wanted *= 2

    def _more(self) -> bool:
        """Reads on, and drops what was passed; False at the end."""
        if self.trouble:
            return False
        block = next(self._stream, None)
        try:
            text = self._decode(block or b"", final=block is None)
        except UnicodeDecodeError as error:
            self.trouble = "it is not UTF-8"
            text = error.object[: error.start].decode("utf-8")
        if block is None:
            return False
        self._text, self._at = self._text[self._at :] + text, 0
        return True


_DECODER = json.JSONDecoder(parse_int=lambda digits: int(digits[:40]))
