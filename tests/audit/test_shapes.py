"""A shape gives the verdict that reading the text gives, for texts that differ in every way that a shape allows."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from functools import cache

import pytest

import vpc_backup_events as vbe
from helpers.archives import PAIRS, changed, conforming
from vpc_backup_events import catalog
from vpc_backup_events.audit import clocks, judging, shapes
from vpc_backup_events.audit.contents import Batch
from vpc_backup_events.audit.digests import ACCOUNT, TIME, digest_of
from vpc_backup_events.audit.files import File
from vpc_backup_events.audit.shapes import Shapes, Subject, example_id, shape_of
from vpc_backup_events.audit.table import Verdict
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.checking.uniqueness import content
from vpc_backup_events.making import bulk
from vpc_backup_events.making.draft import compact
from vpc_backup_events.making.mutations import MUTATIONS
from vpc_backup_events.values.levels import LEVELS, PROFILES

HEX = "0123456789abcdef"
UUID = re.compile(rb"(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])")
TIMES = [
    "2024-02-29T23:59:59",
    "2023-02-29T00:00:00",
    "2026-13-01T00:00:00",
    "2026-00-10T00:00:00",
    "2026-04-31T12:00:00",
    "2026-11-24T24:00:00",
    "2026-11-24T23:59:60",
    "2026-11-24T12:00:60",
    "2026-11-24T12:60:00",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59",
    "aaaa-bb-ccTdd:ee:ff",
    "1969-12-31T23:59:59",
]


def variants(text, rng):
    """Texts that are alike but for hexadecimal digits: in the gaps, of the time, and anywhere."""
    for _ in range(4):
        yield UUID.sub(lambda match: uuid(rng).encode(), text)
        yield ACCOUNT.sub(lambda _: digits(rng, 32).encode(), text)
    yield UUID.sub(example_id(), text)
    yield UUID.sub(example_id(), text, count=1)
    yield UUID.sub(b"00000000-0000-0000-0000-000000000000", text)
    yield UUID.sub(b"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", text)
    yield UUID.sub(b"99999999-9999-9999-9999-999999999999", text)
    for time in TIMES:
        yield TIME.sub(lambda m, t=time: m[0].replace(m[1][: len(t)], t.encode()), text)
    for digit in (b"0", b"9", b"a"):
        yield TIME.sub(lambda m, d=digit: m[0].replace(m[1], m[1][:20] + d * len(m[1][20:])), text)
    places = [n for n, byte in enumerate(text) if chr(byte) in HEX]
    for _ in range(6):
        other = bytearray(text)
        for place in rng.sample(places, min(len(places), rng.choice([1, 1, 2, 5]))):
            other[place] = ord(rng.choice(HEX))
        yield bytes(other)


def digits(rng, count):
    alphabet = rng.choice([HEX, "0123456789", "abcdef", "e0"])
    return "".join(rng.choice(alphabet) for _ in range(count))


def uuid(rng):
    h = digits(rng, 32)
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


# what is in it is given in its place
PART = judging.Part("lines", (File("a", 0, ""),))


def judged(texts, profile, monkeypatch, waiting=1):
    """The rows of a part of these lines in their order, and how many were judged by their shape."""
    monkeypatch.setattr(judging, "WAITING", waiting)
    known = Shapes()
    monkeypatch.setattr(judging, "_shapes", lambda _: known)
    one = judging._Judging(profile, 1)
    monkeypatch.setattr(judging, "read_part", lambda part, problems: iter([Batch("a", texts, 1)]))
    read = Counter()
    monkeypatch.setattr(one, "_thing", lambda *arguments, of=one._thing: (read.update("n"), of(*arguments))[1])
    rows = [row for piece in one.judge(0, PART) for row in piece.to_pylist()]
    events = [row for row in rows if row["kind"] not in ("example", "end")]
    return sorted(events, key=lambda row: row["ordinal"]), len(texts) - read["n"]


@cache
def expected(text, profile):
    """What `check` and `interpret` say of a text as a row, and its content, where it is an event."""
    reading = judging.read(text)
    findings = vbe.check(text, profile).findings
    event = reading.event if isinstance(reading.event, dict) else {}
    said = interpretation(reading)
    row = {
        "requirements": sorted(finding.requirement for finding in findings),
        "findings": len(findings),
        "level": min((finding.level for finding in findings), key=LEVELS.index, default=""),
        "type": known(said.get("event_type"), catalog.event_types),
        "reason": known(said.get("reason"), catalog.reasons),
        "severity": known(said.get("severity"), catalog.severities),
        "backup_policy": said.get("backup_policy", ""),
        "source": named(event, "source"),
        "id": named(event, "id"),
        "day": clocks.day_of(event.get("time")).decode(),
        "digest": digest_of(event) if event else b"",
    }
    return row, content(event) if event else None


def assert_right(texts, profile, monkeypatch, waiting=1):
    """Each row says what `check` and `interpret` say of the text; the same content has the same digest."""
    rows, by_shape = judged(texts, profile, monkeypatch, waiting)
    assert len(rows) == len(texts)
    contents = set()
    for number, (row, text) in enumerate(zip(rows, texts, strict=True)):
        wanted, said = expected(text, profile)
        assert (row["file"], row["line"], row["index"]) == ("a", number + 1, number)
        row["requirements"] = row["requirements"].split()
        assert {name: row[name] for name in wanted} == wanted
        if said is not None:
            contents.add((row["digest"], said))
    digests, others = zip(*contents, strict=True) if contents else ((), ())
    assert len(set(digests)) == len(set(others)) == len(contents)
    return by_shape


def known(word, words):
    return word if word in words else ""


def named(event, name):
    value = event.get(name)
    return value if isinstance(value, str) and value.strip() else ""


@pytest.mark.exhaustive
@pytest.mark.parametrize("profile", PROFILES)
def test_conforming_events(profile, monkeypatch):
    rng = random.Random(3)
    by_shape = 0
    for text in conforming(150, seed=5):
        by_shape += assert_right([text, text, text, *variants(text, rng)], profile, monkeypatch)
    # most of what may be judged by its shape is
    assert by_shape > 150 * 15


def is_line(mutation):
    """Whether the result can stand on one line of ordinary size."""
    sizes = mutation.requirement == "P09-size"
    return mutation.form in ("object", "text") and not sizes and mutation.name != "P11-event-json/empty"


@pytest.mark.representatives(
    "P01-id/null-strict",
    "P03-attribute-name/empty-documented",
    "P05-type/subtype-documented",
    "P08-severity-known/urgent-documented",
    "P11-details-json/encoded-twice-documented",
    "P12-backup-policy-plan/missing-documented",
    "P18-resource-crn/bare-id-documented",
    "P20-no-secret/attribute-bearer-documented",
    "P23-backup-policy-job/number-strict",
)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", [name for name, each in MUTATIONS.items() if is_line(each)])
def test_every_mutation(name, profile, monkeypatch):
    mutation = MUTATIONS[name]
    rng = random.Random(name)
    for event, _ in list(zip(bulk.changed(PAIRS, [mutation], seed=2), range(2), strict=False)):
        made = event[0]
        text = made.encode() if isinstance(made, str) else made if isinstance(made, bytes) else compact(made).encode()
        text = text.replace(b"\n", b" ")
        assert_right([text] * 4 + list(variants(text, rng)), profile, monkeypatch)


@pytest.mark.exhaustive
@pytest.mark.parametrize("waiting", [1, 7, judging.WAITING])
def test_all_together(waiting, monkeypatch):
    rng = random.Random(8)
    texts = [*conforming(200), *changed(300)]
    texts = [each for text in texts for each in (text, *variants(text, rng))]
    rng.shuffle(texts)
    assert assert_right(texts, "documented", monkeypatch, waiting) > len(texts) / 4


def shape(text):
    reading = judging.read(text)
    return shape_of(text, reading, (), Verdict("event"), Subject.of(reading, None))


def test_what_is_never_a_shape():
    (text,) = conforming(1)
    event = json.loads(text)
    assert shape(text) is not None
    refused = {
        "an id in a name": {**event, uuid(random.Random(1)): "x"},
        "what may be a secret": {**event, "subject": "bearer of news"},
        "a link with a name before a host": {**event, "subject": "https://a:b@c", "dataschema": "x"},
        "the example id": {**event, "subject": example_id().decode()},
    }
    assert [why for why, other in refused.items() if shape(compact(other).encode()) is not None] == []


def test_what_is_like_an_attribute_is_none(monkeypatch):
    event = json.loads(conforming(1)[0])
    rng = random.Random(6)
    for data in ({"id": "x", "source": uuid(rng)}, [{"time": "2026-01-01T00:00:00Z"}], {"backup_policy": uuid(rng)}):
        text = compact({**event, "data": data, "datacontenttype": "application/json"}).encode()
        assert assert_right([text] * 4 + list(variants(text, rng)), "documented", monkeypatch) > 3


def test_the_id_is_that_of_the_event(monkeypatch):
    event = json.loads(conforming(1)[0])
    ids = [uuid(random.Random(n)) for n in range(9)]
    # the id of the event is written in another way, and the one in `data` comes from elsewhere
    texts = [compact({**event, "id": ids[0], "data": {"id": id}}).replace('"id"', '"\\u0069d"', 1) for id in ids]
    assert_right([text.encode() for text in texts[:1] * 3 + texts], "documented", monkeypatch)


def test_texts_that_differ_in_more_than_gaps_are_not_kept_without_end(monkeypatch):
    event = json.loads(conforming(1)[0])
    assert_right([compact({**event, "id": f"{n:012d}"}).encode() for n in range(300)], "documented", monkeypatch)
    assert {len(alike) for alike in judging._shapes("documented").known.values()} == {shapes.ALIKE}


def test_large_texts_are_not_kept(monkeypatch):
    monkeypatch.setattr(shapes, "BYTES", 10_000)
    event = json.loads(conforming(1)[0])
    large = compact({**event, "data": {"x": "a" * shapes.MAX_BYTES}, "datacontenttype": "application/json"}).encode()
    assert assert_right([large] * 4, "documented", monkeypatch) == 0
    texts = [compact({**event, "data": {"x": "y" * n}}).encode() for n in range(60) for _ in range(3)]
    assert_right(texts, "documented", monkeypatch)
    known = judging._shapes("documented").known
    assert 0 < sum(map(len, known)) < 13_000


def test_a_part_that_was_broken_off_leaves_nothing_behind(monkeypatch):
    texts = conforming(1) * 5

    def broken_off(part, problems):
        yield Batch("a", texts, 1)
        raise KeyboardInterrupt

    judging._shapes.cache_clear()
    monkeypatch.setattr(judging, "read_part", broken_off)
    with pytest.raises(KeyboardInterrupt):
        list(judging.judge_part(0, PART, "documented", 1))
    monkeypatch.setattr(judging, "read_part", lambda part, problems: iter([Batch("a", texts, 1)]))
    (piece,) = judging.judge_part(0, PART, "documented", 1)
    rows = piece.to_pylist()
    assert [row["kind"] for row in rows] == ["event"] * len(texts) + ["end"]


def test_shapes_are_bounded(monkeypatch):
    monkeypatch.setattr("vpc_backup_events.audit.shapes.SHAPES", 5)
    monkeypatch.setattr("vpc_backup_events.audit.shapes._SEEN", 7)
    texts = [text for text in conforming(60, seed=9) for _ in range(3)]
    assert_right(texts, "documented", monkeypatch)
    assert len(judging._shapes("documented").known) <= 5
    assert len(judging._shapes("documented")._once) <= 7
