"""Second looks at single events of a part: what they say, where they stand, and whether they had findings before."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from vpc_backup_events.audit.contents import Batch, read_part
from vpc_backup_events.audit.judging import facts_of, key_of, written
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.audit.shapes import Facts
from vpc_backup_events.checking.check import report
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.checking.uniqueness import content, identity
from vpc_backup_events.reading import read
from vpc_backup_events.reading.emails import Email
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.report import Finding, Level, Profile, Source

# of an event: who it is, what it says, and its ordinal in the part
IDENTITY, CONTENT, ORDINAL = 16, 16, 8
RECORD = IDENTITY + CONTENT + ORDINAL


def identities(part: Part, keys: bytes) -> bytes:
    """Records of the events that have one of the keys: digests of identity and of content, and the ordinal."""
    wanted = frozenset(array("Q", keys))
    records = []
    for ordinal, _, thing in _things(part):
        if isinstance(thing, bytes) and _is_other(thing, wanted):
            continue
        if isinstance(thing, Email):
            continue
        event = read(thing).event
        names = identity(event)
        if names is not None and key_of(event) in wanted:
            digest = blake2b(written(*names), digest_size=IDENTITY).digest()
            records.append(digest + content(event)[:CONTENT] + ordinal.to_bytes(ORDINAL, "big"))
    return b"".join(records)


def _is_other(text: bytes, wanted: Collection[int]) -> bool:
    """Whether the text is surely none of the events that are wanted; a fast look before it is read."""
    if b"\\ud" in text or b"\\uD" in text:
        # an unpaired surrogate is read as another character
        return False
    try:
        key = key_of(json.loads(text))
    except (ValueError, RecursionError):
        return False
    return key is not None and key not in wanted


def places(part: Part, profile: Profile, conflicts: bytes, shown: Collection[int]) -> bytes:
    """What is left to know of events that are in conflict with one that came before, as JSON.

    `facts` has what they are about, with how many of them had no finding so far, and no error; `sources` has where the
    events of the ordinals in `shown` stand, which may be others.
    """
    others = frozenset(array("Q", conflicts))
    sources: dict[int, Any] = {}
    facts: dict[Facts, list[int]] = {}
    looked_at = others.union(shown)
    for ordinal, source, thing in _things(part):
        if ordinal not in looked_at or isinstance(thing, Email):
            continue
        reading = read(thing)
        if ordinal in shown:
            sources[ordinal] = source.as_json()
        if ordinal in others:
            findings = report(reading, profile).findings
            counts = facts.setdefault(facts_of(interpretation(reading)), [0, 0])
            counts[0] += not findings
            counts[1] += not any(finding.level == "error" for finding in findings)
    for ordinal in shown:
        # the file may have changed since
        sources.setdefault(ordinal, Source(part.shown(part.files[0].path)).as_json())
    return json.dumps({"facts": [[*about, *counts] for about, counts in facts.items()], "sources": sources}).encode()


def texts(part: Part, profile: Profile, marked: Mapping[int, Sequence[tuple[str, Level]]]) -> bytes:
    """The events of these ordinals as a report shows them, with the places marked, as JSON."""
    # what few audits need
    from vpc_backup_events.reporting.display import SECRET
    from vpc_backup_events.reporting.specimens import blocks_as_json, blocks_of

    shown: dict[int, Any] = {}
    for ordinal, _, thing in _things(part):
        if ordinal not in marked:
            continue
        marks = [Finding("", level, place, "", "", "") for place, level in marked[ordinal]]
        # secrets are hidden, whether they are among the examples or not
        marks += [finding for finding in report(read(thing), profile).findings if finding.requirement == SECRET]
        shown[ordinal] = blocks_as_json(blocks_of(thing, marks))
        if len(shown) == len(marked):
            break
    return json.dumps(shown).encode()


def _things(part: Part) -> Iterator[tuple[int, Source, Any]]:
    """The ordinal, the place in the part and the text, message or email, of everything that may be an event."""
    file, index, ordinal = "", 0, 0
    for batch in read_part(part):
        if not isinstance(batch, Batch):
            thing, source = batch
            if not isinstance(thing, Breach):
                yield ordinal, source, thing
            ordinal += 1
            continue
        if batch.file != file:
            file, index = batch.file, 0
        if batch.line is None:
            index = batch.row
        for number, text in enumerate(batch.texts):
            line = None if batch.line is None else batch.line + number
            if text.strip():
                yield ordinal, Source(file, line, index), text
            index += bool(text.strip()) or line is None
            ordinal += 1
