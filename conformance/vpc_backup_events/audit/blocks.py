"""Bytes of files, however they are kept: plain, gzip, zstd, ranges of lines, rows of Parquet; never a whole file."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import IO, Any

from vpc_backup_events.errors import UnreadableInputError, UsageError
from vpc_backup_events.report import file_name

# what is read at a time: so little that the lines of it are still in the processor's cache when they are judged
BLOCK = 128 * 1024
# what tells of what kind a large file is
HEAD = 1024 * 1024
# files up to here are taken as a whole, as `check` takes them
WHOLE = 4 * 1024 * 1024

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_PARQUET = b"PAR1"
# bytes that tell these apart
SIGNATURE = 4
_SIP = 1024
# names of a column that holds events, the likeliest first
_COLUMNS = ("event", "value", "body", "payload", "message", "data", "json")


class DamagedError(Exception):
    """A file ends or breaks off where it should not; `str()` says how."""


def is_compressed(head: bytes) -> bool:
    """Whether a file that begins so is compressed, by gzip or zstd."""
    return head.startswith((_GZIP, _ZSTD))


def is_parquet(head: bytes) -> bool:
    """Whether a file that begins so is a Parquet file."""
    return head.startswith(_PARQUET)


def blocks(path: str) -> Iterator[bytes]:
    """The bytes of a file, decompressed. Raises `DamagedError`, also after some blocks, and `OSError`."""
    with open(path, "rb") as file:
        head = file.read(SIGNATURE)
        file.seek(0)
        opened: Any = file
        damaged: tuple[type[Exception], ...] = ()
        if head.startswith(_GZIP):
            opened, damaged = gzip.GzipFile(fileobj=file), (EOFError, gzip.BadGzipFile, zlib.error)
        elif head == _ZSTD:
            opened, damaged = _zstd(file)
        try:
            while block := opened.read(BLOCK):
                yield block
        except damaged as error:
            raise DamagedError(f"its compression is damaged ({error})") from None


def _zstd(file: IO[bytes]) -> tuple[Any, tuple[type[Exception], ...]]:
    try:
        library: Any = import_module("compression.zstd")
    except ImportError:
        try:
            library = import_module("zstandard")
        except ImportError:
            raise UsageError("Files of zstd need zstandard.", "Install vpc-backup-events[zstd].") from None
        # the library takes a file that breaks off for one that ends
        return _Whole(library.ZstdDecompressor(max_window_size=2**27), file, library.ZstdError), (
            library.ZstdError,
            EOFError,
        )
    options = {library.DecompressionParameter.window_log_max: 27}
    return library.ZstdFile(file, options=options), (library.ZstdError, EOFError)


class _Whole:
    """A reader of zstd frames that raises `EOFError` where the last one has no end."""

    def __init__(self, decompressor: Any, file: IO[bytes], error: type[Exception]) -> None:
        self._new = decompressor.decompressobj
        self._file = file
        self._frame: Any = None
        self._error = error

    def read(self, _: int) -> bytes:
        # so little that even a bomb of it stays small
        while data := self._file.read(_SIP):
            out = b""
            while data:
                if self._frame is None:
                    self._frame = self._new()
                out += self._frame.decompress(data)
                data = self._frame.unused_data if self._frame.eof else b""
                if self._frame.eof:
                    self._frame = None
            if out:
                return out
        if self._frame is not None:
            raise EOFError("it breaks off")
        return b""


def line_blocks(path: str, start: int, end: int) -> Iterator[bytes]:
    """The bytes of the lines that begin at `start` or later and before `end`."""
    with open(path, "rb") as file:
        position = start
        if start:
            # the line that began before is another part's
            file.seek(start - 1)
            position = start - 1
            at = -1
            # a line that begins behind `end` is another part's too
            while at < 0 and position < end:
                block = file.read(BLOCK)
                if not block:
                    return
                at = block.find(b"\n")
                position += len(block) if at < 0 else at + 1
            file.seek(position)
        last = b""
        while position < end:
            last = file.read(min(BLOCK, end - position))
            if not last:
                return
            position += len(last)
            yield last
        if not last or last.endswith(b"\n"):
            return
        while block := file.read(BLOCK):
            at = block.find(b"\n")
            if at >= 0:
                yield block[: at + 1]
                return
            yield block


def row_groups(path: str, column: str) -> tuple[str, int]:
    """The column of a Parquet file that holds events, and how many row groups there are.

    Raises `UnreadableInputError` where no column can be told to be it, `UsageError` where the library is missing. A
    damaged file has no row group: judging it says what is wrong.
    """
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(path) as file:
            schema, groups = file.schema_arrow, int(file.num_row_groups)
    except (arrow.ArrowException, OSError):
        return column, 0
    is_text = (arrow.types.is_string, arrow.types.is_large_string, arrow.types.is_binary, arrow.types.is_large_binary)
    texts = [field.name for field in schema if any(is_one(field.type) for is_one in is_text)]
    likely = [column] if column else [name for name in _COLUMNS if name in texts] if len(texts) > 1 else texts
    if not likely or likely[0] not in texts:
        named = ", ".join(texts) or "none"
        raise UnreadableInputError(
            f"{file_name(path)}: which column holds the events is not known; of text there are: {named}.",
            "Name it with --column.",
        )
    return likely[0], groups


def rows(path: str, column: str, start: int, end: int) -> Iterator[tuple[int, list[bytes]]]:
    """The texts of a column in the row groups, with the number of the first; raises `DamagedError`."""
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(path) as file:
            number = sum(file.metadata.row_group(group).num_rows for group in range(start))
            for batch in file.iter_batches(batch_size=1024, row_groups=list(range(start, end)), columns=[column]):
                texts = batch.column(0).to_pylist()
                yield number, [text.encode() if isinstance(text, str) else text or b"" for text in texts]
                number += len(texts)
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DamagedError(f"it is no whole Parquet file ({str(error).splitlines()[0]})") from None


def _arrow() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise UsageError("Parquet files need pyarrow.", "Install vpc-backup-events[parquet].") from None
