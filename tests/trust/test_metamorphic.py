"""What does not change an event does not change its verdict: order, white space, escapes, forms of headers, engines."""

from __future__ import annotations

import json
import random
import re
import unicodedata

import pytest

import vpc_backup_events as vbe
from vpc_backup_events.making import corpus
from vpc_backup_events.values.report import PROFILES

# events as one JSON object; the reader's own cases are about the text
CASES = [case for case in corpus.cases() if case.kind == "event"]
SAMPLE = random.Random(7).sample(CASES, 150)


def verdict(event, profile):
    return sorted((f.requirement, f.level, f.pointer) for f in vbe.check(event, profile).findings)


def shuffled(value, choices):
    """The same with its members in another order."""
    if isinstance(value, dict):
        names = list(value)
        choices.shuffle(names)
        return {name: shuffled(value[name], choices) for name in names}
    return [shuffled(item, choices) for item in value] if isinstance(value, list) else value


def escaped(text):
    """The same JSON with every letter in its strings written as an escape."""
    pieces = []
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^"]+', text):
        if part.startswith('"'):
            part = re.sub(
                r"\\.[0-9a-fA-F]{0,4}|[a-zA-Z]", lambda m: m[0] if len(m[0]) > 1 else f"\\u{ord(m[0]):04x}", part
            )
        pieces.append(part)
    return "".join(pieces)


def spaced(value, choices):
    """The same JSON with white space wherever it may stand."""
    blank = choices.choice([" ", "\n", "\t", " \r\n "])
    return json.dumps(value, indent=choices.choice([1, 4]), separators=("," + blank, blank + ":" + blank))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", SAMPLE, ids=str)
def test_order_white_space_and_escapes_do_not_change_a_verdict(case, profile):
    choices = random.Random(case.file)
    event = case.event
    expected = verdict(event, profile)
    assert verdict(shuffled(event, choices), profile) == expected
    # the size is judged as received
    if "P09-size" not in {requirement for requirement, _, _ in expected}:
        for text in (
            spaced(event, choices),
            json.dumps(event, ensure_ascii=True),
            json.dumps(event, ensure_ascii=False),
        ):
            try:
                data = text.encode()
            except UnicodeEncodeError:
                continue
            assert verdict(data, profile) == expected
            assert verdict(text, profile) == expected
        rewritten = escaped(json.dumps(event))
        assert json.loads(rewritten) == event
        if len(rewritten) < 60_000:
            assert verdict(rewritten, profile) == expected


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", SAMPLE[:60], ids=str)
def test_a_second_reading_of_the_event_is_the_same_event(case, profile):
    text = json.dumps(case.event)
    assert verdict(json.loads(text), profile) == verdict(case.event, profile)
    assert verdict(bytearray(text.encode()), profile) == verdict(memoryview(text.encode()), profile)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_normal_form_of_a_text_for_people_does_not_change_a_verdict(form):
    event = next(case.event for case in CASES if case.file == "valid/strict/R01.json")
    text = unicodedata.normalize(form, "Größe ﬁnal Å №1: Sicherung fehlgeschlagen ｆｕｌｌ")
    for profile in PROFILES:
        assert verdict({**event, "extra": text}, profile) == verdict({**event, "extra": "plain"}, profile)
        assert verdict({**event, "ibmendefaultshort": text}, profile) == verdict(
            {**event, "ibmendefaultshort": "Another text"}, profile
        )


@pytest.mark.parametrize("number", ["7", "-7", "0", "-0", "9007199254740993", "123456789012345678901234567890"])
def test_integers_of_any_size_are_integers(number):
    event = next(case.data.decode() for case in CASES if case.file == "valid/strict/R01.json")
    changed = event.replace("{", '{"sequence": ' + number + ",", 1)
    assert vbe.check(changed).findings == ()


@pytest.mark.parametrize("number", ["7.0", "7e0", "7E+2", "-0.0", "1e400"])
def test_a_fraction_or_an_exponent_is_no_integer(number):
    event = next(case.data.decode() for case in CASES if case.file == "valid/strict/R01.json")
    changed = event.replace("{", '{"sequence": ' + number + ",", 1)
    assert [f.requirement for f in vbe.check(changed).findings] == ["P03-attribute-value"]


def test_digits_of_other_scripts_are_no_digits():
    """A UUID or a time with Arabic or full-width digits is none."""
    event = next(case.event for case in CASES if case.file == "valid/strict/R01.json")
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    assert "P02-time-format" in {
        f.requirement for f in vbe.check({**event, "time": event["time"].translate(full)}).findings
    }
    assert "P10-id-uuid" in {f.requirement for f in vbe.check({**event, "id": event["id"].translate(full)}).findings}
    details = event["ibmendefaultlong"].replace("r0", "r０", 1)
    assert "P13-id-form" in {f.requirement for f in vbe.check({**event, "ibmendefaultlong": details}).findings}
