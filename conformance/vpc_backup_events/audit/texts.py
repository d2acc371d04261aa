"""The texts of single events, which a report shows: they are read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vpc_backup_events.audit.contents import Batch, read_part
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.checking.check import report
from vpc_backup_events.reading import read
from vpc_backup_events.reporting.display import SECRET, Block
from vpc_backup_events.reporting.specimens import blocks_of
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.levels import Level
from vpc_backup_events.values.report import Finding, Profile

# ordinal of an event in its part -> places to mark in it
Marks = Mapping[int, Sequence[tuple[str, Level]]]


def texts(
    profile: Profile, marks: Mapping[int, Marks], number: int, part: Part
) -> tuple[int, dict[int, tuple[Block, ...]]]:
    """The number of the part, and of each event with marks its text as a report shows it."""
    wanted = marks[number]
    shown: dict[int, tuple[Block, ...]] = {}
    for ordinal, thing in enumerate(_things(part)):
        # nothing can be shown of what is not there
        if ordinal not in wanted or isinstance(thing, Breach) or (isinstance(thing, bytes) and not thing.strip()):
            continue
        marked = [Finding("", level, place, "", "", "") for place, level in wanted[ordinal]]
        # secrets are hidden, whether they are among the examples or not
        marked += [finding for finding in report(read(thing), profile).findings if finding.requirement == SECRET]
        shown[ordinal] = blocks_of(thing, marked)
        if len(shown) == len(wanted):
            break
    return number, shown


def _things(part: Part) -> Iterator[Any]:
    for content in read_part(part):
        if isinstance(content, Batch):
            yield from content.texts
        else:
            yield content[0]
