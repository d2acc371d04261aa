"""Digests are equal where the JSON is, in whatever spelling, and nowhere else."""

from __future__ import annotations

import json
import random

import pytest

from helpers.archives import changed, conforming
from vpc_backup_events.audit.digests import digest_of, gaps
from vpc_backup_events.checking.uniqueness import content
from vpc_backup_events.reading import read

IDS = ["0717-8dc5ef3e-5c0e-4f6c-9a43-7f8f0a3f1c5a", "8dc5ef3e-5c0e-4f6c-9a43-7f8f0a3f1c5a", "8dc5ef3e-5c0e-4f6c-9a43"]
# what other contents differ in: places that gaps of the digest begin, end, follow each other or are missing in
PIECES = [
    *IDS,
    *(id[::-1] for id in IDS),
    ":a/" + "0a" * 16 + ":",
    '"time":"2026-11-24T12:00:00Z"',
    "\\",
    '"',
    "\0",
    "",
]


def spelled(value, rng):
    """The value as JSON, in one of its many spellings."""
    if isinstance(value, dict):
        members = [f"{spelled(name, rng)}{space(rng)}:{spelled(member, rng)}" for name, member in value.items()]
        rng.shuffle(members)
        return space(rng) + "{" + ",".join(members) + space(rng) + "}"
    if isinstance(value, list):
        return "[" + ",".join(spelled(item, rng) for item in value) + space(rng) + "]"
    if isinstance(value, str):
        escaped = rng.random() * 0.3
        return '"' + "".join(character(c, rng.random() < escaped) for c in value) + '"'
    return space(rng) + json.dumps(value) + space(rng)


def character(character, is_escaped):
    if not is_escaped:
        return json.dumps(character, ensure_ascii=character == "\ufffd")[1:-1]
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def space(rng):
    return rng.choice(["", "", " ", "\t", "\r", "  "])


def plain(value):
    """The value with nothing of JSON in it: two are equal where what they say is."""
    if isinstance(value, dict):
        return frozenset((name, plain(member)) for name, member in value.items() if name != "notification_id")
    if isinstance(value, list):
        return tuple(plain(item) for item in value)
    return type(value), value


def contents(rng):
    """Events that are alike, and some that say the same."""
    for line in [*conforming(6), *changed(40)]:
        event = json.loads(line)
        if not isinstance(event, dict):
            continue
        yield event
        yield {**event, "notification_id": str(rng.random())}
        yield {**event, "id": rng.choice(PIECES)}
        yield {**event, "data": {"a": rng.choice(PIECES) + rng.choice(PIECES), "b": rng.choice(PIECES)}}
        yield {**event, "data": {"b": [1, 1.0, True, "1", None], "a": rng.choice(PIECES)}}
        yield {**event, "subject": rng.choice(PIECES), "time": rng.choice(PIECES)}


@pytest.mark.representatives("0")
@pytest.mark.parametrize("seed", range(4))
def test_digests_are_equal_where_the_json_is(seed):
    rng = random.Random(seed)
    digests = {}
    for event in contents(rng):
        for _ in range(3):
            reading = read(spelled(event, rng))
            if isinstance(reading.event, dict):
                digests.setdefault(plain(event), set()).add((digest_of(reading.event), content(reading.event)))
    assert len(digests) > 100
    assert {len(ways) for ways in digests.values()} == {1}
    assert len({digest for ways in digests.values() for digest, _ in ways}) == len(digests)


def test_what_stands_in_gaps_is_a_part_of_the_digest():
    first, second = (f'{{"a":"{IDS[1]}","b":"{IDS[1][:-1]}{digit}"}}' for digit in "01")
    assert len(gaps(first.encode())) == len(gaps(second.encode())) == 2
    assert digest_of(json.loads(first)) != digest_of(json.loads(second))
    a, b = json.loads(second).values()
    assert digest_of({"a": a, "b": b}) != digest_of({"a": b, "b": a})
