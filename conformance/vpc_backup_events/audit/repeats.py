"""Events that come more than once: exact over the whole archive, in bounded memory.

The first pass leaves the sorted keys of each part. Keys that several events have are found range by range; only the
events behind them are read again, and compared as a whole.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from vpc_backup_events.audit.judging import KEY
from vpc_backup_events.audit.second_pass import CONTENT, IDENTITY, RECORD
from vpc_backup_events.audit.work import Work, place

# keys, or records, that are in memory at a time
AT_ONCE = 500_000
# ranges within these: a set that stays in the processor's cache is filled twice as fast
_FINER = 10

KEYS, WANTED, RECORDS, CONFLICTS = "keys", "wanted", "records", "conflicts"


class Where(NamedTuple):
    """An event: its part, and its ordinal in it."""

    part: int
    ordinal: int


class Repeats(NamedTuple):
    """What came of comparing the events that have the same identity."""

    # events that came before, with the same content
    resent: int = 0
    # events that came before, with other content
    conflicts: int = 0
    # the first conflicts, each with the event that came first
    examples: tuple[tuple[Where, Where], ...] = ()


def find_wanted(work: Work) -> list[int]:
    """Writes for each part the keys that more than one event has, and returns the parts that have some."""
    total = sum(work.size(place(KEYS, part)) for part in range(work.parts)) // KEY
    ranges = max(1, -(-total // AT_ONCE))
    wanted = []
    for first, behind in _ranges(ranges):
        held = [(part, keys) for part in range(work.parts) if (keys := _between(work, part, first, behind))]
        repeated: set[int] = set()
        for low, high in _ranges(_FINER, first, behind):
            repeated |= _repeated(_cut(keys, low, high) for _, keys in held)
        for part, keys in held if repeated else ():
            keys_of_several = repeated.intersection(keys)
            if keys_of_several:
                work.append(place(WANTED, part), array("Q", sorted(keys_of_several)).tobytes())
                wanted.append(part)
    return sorted(set(wanted))


def _ranges(number: int, first: int = 0, behind: int = 1 << 64) -> Iterator[tuple[int, int]]:
    edges = [first + (behind - first) * n // number for n in range(number + 1)]
    yield from pairwise(edges)


def _between(work: Work, part: int, first: int, behind: int) -> array[int]:
    return _cut(array("Q", work.read(place(KEYS, part)) or b""), first, behind)


def _cut(keys: array[int], first: int, behind: int) -> array[int]:
    """Of sorted keys, those from `first` on and before `behind`."""
    return keys[bisect_left(keys, first) : bisect_left(keys, behind)]


def _repeated(parts: Iterable[array[int]]) -> set[int]:
    """The keys that are there more than once."""
    joined = array("Q")
    for keys in parts:
        joined.extend(keys)
    if len(set(joined)) == len(joined):
        return set()
    return {key for key, following in pairwise(sorted(joined)) if key == following}


def compare(work: Work, parts: list[int], most: int) -> Repeats:
    """Compares the records of the parts, and writes for each part the ordinals of its conflicts."""
    total = sum(work.size(place(RECORDS, part)) for part in parts) // RECORD
    ranges = max(1, -(-total // AT_ONCE))
    resent = conflicts = 0
    examples: list[tuple[Where, Where]] = []
    for first, behind in _ranges(ranges):
        held: dict[bytes, list[tuple[Where, bytes]]] = defaultdict(list)
        for part in parts:
            records = work.read(place(RECORDS, part)) or b""
            for at in range(0, len(records), RECORD):
                who = records[at : at + IDENTITY]
                if first <= int.from_bytes(who[:8], "big") < behind:
                    content = records[at + IDENTITY : at + IDENTITY + CONTENT]
                    ordinal = int.from_bytes(records[at + IDENTITY + CONTENT : at + RECORD], "big")
                    held[who].append((Where(part, ordinal), content))
        others: dict[int, list[int]] = defaultdict(list)
        for same in held.values():
            (where, said), *later = sorted(same)
            resent += sum(content == said for _, content in later)
            for other, content in later:
                if content != said:
                    conflicts += 1
                    others[other.part].append(other.ordinal)
                    examples.append((other, where))
            examples = heapq.nsmallest(most, examples)
        for part, ordinals in sorted(others.items()):
            work.append(place(CONFLICTS, part), array("Q", ordinals).tobytes())
    return Repeats(resent, conflicts, tuple(examples))
