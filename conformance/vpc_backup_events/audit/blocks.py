"""Bytes of files, however they are kept: plain, gzip, zstd, ranges of lines, rows of Parquet; never a whole file."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import IO, Any

from vpc_backup_events.audit.arrow import pa, pq
from vpc_backup_events.audit.files import File
from vpc_backup_events.values.errors import UnreadableInputError, UsageError
from vpc_backup_events.values.extras import install
from vpc_backup_events.values.report import file_name

# what is read at a time: so little that the lines of it are still in the processor's cache when they are judged
BLOCK = 128 * 1024
# what tells of what kind a large file is
HEAD = 1024 * 1024
# files up to here are taken as a whole, as `check` takes them
WHOLE = 4 * 1024 * 1024

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
# a frame of zstd that is passed over; parallel compressors begin with one
_SKIPPED = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
# the second begins one whose footer is encrypted
_PARQUET = (b"PAR1", b"PARE")
# bytes that tell these apart
SIGNATURE = 4
_SIP = 1024
# the logarithm of the largest window of zstd that is read
_WINDOW = 27
# names of a column that holds events, the likeliest first
_COLUMNS = ("event", "value", "body", "payload", "message", "data", "json")


class DamagedError(Exception):
    """A file ends or breaks off where it should not; `str()` says how."""


def is_compressed(head: bytes) -> bool:
    """Whether a file that begins so is compressed, by gzip or zstd."""
    return head.startswith(_GZIP) or _is_zstd(head)


def _is_zstd(head: bytes) -> bool:
    return head.startswith(_ZSTD) or _SKIPPED.match(head) is not None


def is_parquet(head: bytes) -> bool:
    """Whether a file that begins so is a Parquet file."""
    return head.startswith(_PARQUET)


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of an open file, decompressed. Raises `DamagedError`, also after some blocks, and `OSError`."""
    with stream as file:
        head = file.read(SIGNATURE)
        file.seek(0)
        pieces: Iterator[bytes] = iter(partial(file.read, BLOCK), b"")
        damaged: tuple[type[Exception], ...] = ()
        if head.startswith(_GZIP):
            # by one look at the file at a time, so that all that comes before damage is read
            pieces = iter(partial(gzip.GzipFile(fileobj=file).read1, BLOCK), b"")
            damaged = (EOFError, gzip.BadGzipFile, zlib.error)
        elif _is_zstd(head):
            pieces, damaged = _zstd(file)
        try:
            yield from pieces
        except damaged as error:
            raise DamagedError(f"its compression is damaged ({error})") from None


def _zstd(file: IO[bytes]) -> tuple[Iterator[bytes], tuple[type[Exception], ...]]:
    library: Any
    try:
        library = import_module("compression.zstd")
    except ImportError:
        try:
            library = import_module("zstandard")
        except ImportError:
            raise UsageError("Files of zstd need zstandard.", install("zstd")) from None
        decompressor = library.ZstdDecompressor(max_window_size=2**_WINDOW)
        return _frames(decompressor, file), (library.ZstdError, EOFError)
    options = {library.DecompressionParameter.window_log_max: _WINDOW}
    return iter(partial(library.ZstdFile(file, options=options).read, BLOCK), b""), (library.ZstdError, EOFError)


def _frames(decompressor: Any, file: IO[bytes]) -> Iterator[bytes]:
    """What frames of zstd hold. Raises `EOFError` where the last has no end: the library takes that for one."""
    frame: Any = None
    # so little that even a bomb of it stays small
    while data := file.read(_SIP):
        while data:
            frame = frame or decompressor.decompressobj()
            if block := frame.decompress(data):
                yield block
            data = b""
            if frame.eof:
                data, frame = frame.unused_data, None
    if frame is not None:
        raise EOFError("it breaks off")


def line_blocks(file: File, start: int, end: int) -> Iterator[bytes]:
    """The bytes of the lines that begin at `start` or later and before `end`."""
    # the line that began before is another part's; one that begins at `start` has the end of another before it
    is_within = not start
    position = max(start - 1, 0)
    block = b""
    with file.open(position, end) as stream:
        while position < end and (block := stream.read(min(BLOCK, end - position))):
            position += len(block)
            if not is_within:
                _, newline, block = block.partition(b"\n")
                is_within = bool(newline)
            if block:
                yield block
        # the last line ends behind `end`
        while block and not block.endswith(b"\n"):
            line, newline, _ = stream.read(BLOCK).partition(b"\n")
            block = line + newline
            yield block


def row_groups(file: File, column: str) -> tuple[str, int]:
    """The column of a Parquet file that holds events, and how many row groups there are.

    Raises `UnreadableInputError` where no column can be told to be it. A damaged file has no row group: judging it says
    what is wrong.
    """
    try:
        with pq.ParquetFile(file.for_arrow()) as table:
            schema, groups = table.schema_arrow, int(table.num_row_groups) if table.metadata.num_rows else 0
    except (pa.ArrowException, OSError):
        return column, 0
    texts = [field.name for field in schema if _is_text(field.type)]
    if not texts:
        raise UnreadableInputError(
            f"{file_name(file.path)}: no column holds text.", "Write each event as JSON into a column of strings."
        )
    likely = [column] if column else [name for name in _COLUMNS if name in texts] if len(texts) > 1 else texts
    if not likely or likely[0] not in texts:
        wrong = f"no column of text is named {column}" if column else "which column holds the events is not known"
        raise UnreadableInputError(
            f"{file_name(file.path)}: {wrong}; of text there are: {', '.join(texts)}.", "Name one with --column."
        )
    return likely[0], groups


def rows(file: File, column: str, start: int, end: int) -> Iterator[tuple[int, list[bytes]]]:
    """The texts of a column in the row groups, with the number of the first; raises `DamagedError`."""
    try:
        with pq.ParquetFile(file.for_arrow()) as table:
            if start == end:
                # older libraries take no row group for one that is not there
                return
            number = sum(table.metadata.row_group(group).num_rows for group in range(start))
            for batch in table.iter_batches(batch_size=1024, row_groups=list(range(start, end)), columns=[column]):
                texts = _bytes(batch.column(0))
                yield number, texts
                number += len(texts)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DamagedError(f"it is no whole Parquet file ({reason.rstrip('.')})") from None


def _is_text(kind: Any) -> bool:
    """Whether a column of this type holds text: as such, as a dictionary, or as what the file declares to be JSON."""
    kind = getattr(kind, "storage_type", kind)
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    likes = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view")
    return any(getattr(pa.types, f"is_{like}")(kind) for like in likes)


def _bytes(column: Any) -> list[bytes]:
    column = getattr(column, "storage", column)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    # as bytes, so that one text that is not UTF-8 does not take the others along
    if pa.types.is_string(column.type):
        column = column.cast(pa.binary())
    elif pa.types.is_large_string(column.type):
        column = column.cast(pa.large_binary())
    return [text.encode() if isinstance(text, str) else text or b"" for text in column.to_pylist()]
