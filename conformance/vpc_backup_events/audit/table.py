"""The table of an archive, in parts: one row an event, and rows of other kinds that the sums need.

Kinds of rows: `event`; `email`; `nothing`, where something was read that holds neither; `example`, a finding as a
report shows it; `problem`, where an object could not be read; and one `end` a part, which says how many lines and
events of a file it has, where the next part goes on with that file. What is not known is an empty text, or `NONE`.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable
from itertools import accumulate
from typing import IO, Any, NamedTuple

from vpc_backup_events.audit.arrow import pa, pq

EVENT, EMAIL, NOTHING, EXAMPLE, PROBLEM, END = "event", "email", "nothing", "example", "problem", "end"
# a number that is not known
NONE = -1


class Verdict(NamedTuple):
    """What may be the same for many events: what they are about in the catalog's words, and their findings."""

    kind: str
    type: str = ""
    reason: str = ""
    severity: str = ""
    # the worst of the findings
    level: str = ""
    # of each finding, in the order of the alphabet, with a space between
    requirements: str = ""
    # how many there are; of an example, its number among those of its event; of a problem, among those of the part
    findings: int = 0
    # of an example, the finding as JSON, and of a problem what its error is made of
    example: str = ""


# what is known of one event beside its verdict, texts in UTF-8: the ordinal counts what was read in the part, line and
# index count from where the part begins in its file, the digest is that of the content, the day as the time names it
ROW = ("ordinal", "file", "line", "index", "source", "id", "backup_policy", "digest", "day")
_NUMBERS = ("part", "ordinal", "line", "index", "findings")
# columns that have many different values
_MANY = ("ordinal", "line", "index", "id", "digest")


def _type(name: str) -> Any:
    if name in _NUMBERS:
        return pa.int64()
    return pa.binary() if name == "digest" else pa.string()


NAMES = ("part", *ROW, *Verdict._fields)
SCHEMA = pa.schema([(name, _type(name)) for name in NAMES])


def table(part: int, cells: list[Any]) -> Any:
    """The table of a part: of cells row after row, in each `ROW` with a verdict behind; of rows there are some."""
    width = len(ROW) + 1
    columns = [cells[place::width] for place in range(width)]
    verdicts = columns.pop()
    # a verdict that many events have is one object
    by_id = {id(verdict): verdict for verdict in verdicts}
    which = _array(pa.int64(), map(id, verdicts)).dictionary_encode()
    few = zip(*(by_id[key] for key in which.dictionary.to_pylist()), strict=True)
    arrays = [_array(pa.int64(), [part] * len(verdicts))]
    arrays += (_array(_type(name), column) for name, column in zip(ROW, columns, strict=True))
    for name, column in zip(Verdict._fields, few, strict=True):
        values = column if name in _NUMBERS else [text.encode() for text in column]
        arrays.append(_array(_type(name), values).take(which.indices))
    return pa.table(arrays, schema=SCHEMA)


def _array(kind: Any, values: Iterable[Any]) -> Any:
    """An array of numbers, or of texts; made of buffers, as `pyarrow.array` looks for pandas, and loads it."""
    if kind == pa.int64():
        numbers = array("q", values)
        return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
    texts = list(values)
    ends = array("i", accumulate(map(len, texts), initial=0))
    return pa.Array.from_buffers(kind, len(texts), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))])


def write(pieces: Iterable[Any], file: IO[bytes]) -> None:
    """Writes a table as its pieces come. Raises `OSError`."""
    few = [name for name in NAMES if name not in _MANY]
    with pq.ParquetWriter(
        file, SCHEMA, use_dictionary=few, compression="zstd", write_statistics=False, store_schema=False
    ) as writer:
        for piece in pieces:
            writer.write_table(piece)


def is_whole(path: str | os.PathLike[str]) -> bool:
    """Whether there is a table: one that was cut off, as when the machine went down, is none."""
    try:
        pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return False
    return True
