"""Corners in which `check` and the second implementation of the positions disagreed."""

from __future__ import annotations

import json

import pytest

import vpc_backup_events as vbe
from helpers.events import edited, event_of
from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import email_body, scenario_of

PAIR = next(iter(catalog.pairs.values()))
PROSE = email_body(scenario_of(PAIR, Plain()))
LONG = "ibmendefaultlong"


def ids(event, profile="documented"):
    return {f.requirement for f in vbe.check(event, profile).findings}


@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize("name", sorted(event_of(PAIR)))
def test_an_unpaired_surrogate_in_any_attribute_of_a_dict_is_a_finding(name, profile):
    event = event_of(PAIR)
    assert "P03-surrogate" in ids({**event, name: event[name] + "\ud800"}, profile)


@pytest.mark.parametrize("text", ["\x1f", "\x1c \x1d", "\x1e\n"])
def test_separators_that_are_no_white_space_are_no_details(text):
    assert ids(event_of(PAIR, ibmendefaultlong=text)) == {"P11-details-json"}


def test_a_code_of_separators_that_are_no_white_space_is_unknown():
    assert "P16-code-known" in ids(edited(PAIR, status_reason="\x1f"))


@pytest.mark.parametrize("character", ["\x00", "\x0c", "\x1b", "\x7f", "\x85"])
def test_a_control_character_in_prose_is_an_error(character):
    event = event_of(PAIR, ibmendefaultlong=PROSE.replace("Reason: ", f"Reason: a{character}"))
    assert ids(event) == {"P11-prose", "P03-control-character"}


@pytest.mark.parametrize("space", ["\t", "\n", "\r\n", "  "])
def test_white_space_in_prose_is_free(space):
    assert ids(event_of(PAIR, ibmendefaultlong=PROSE.replace("Reason: ", f"Reason:{space}"))) == {"P11-prose"}


HIDDEN = '{"token":"kq9","token":""}'


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(event_of(PAIR))[:-1] + "," + HIDDEN[1:],
        json.dumps(event_of(PAIR))[:-1] + f',"data":{HIDDEN}}}',
        json.dumps(event_of(PAIR))[:-1] + f',"data":{{"a":[{HIDDEN}],"a":0}}}}',
        json.dumps({**event_of(PAIR), LONG: event_of(PAIR)[LONG][:-1] + "," + HIDDEN[1:]}),
    ],
    ids=["attribute", "data", "deeper", "details"],
)
def test_a_secret_that_a_later_member_of_its_name_hides_is_found(text):
    report = vbe.check(text)
    assert "P20-no-secret" in {f.requirement for f in report.findings}
    assert "kq9" not in json.dumps(report.as_json())


@pytest.mark.parametrize(
    ("value", "requirement"),
    [(1.5, "attribute-value"), (1.0, "attribute-value"), (1e3, "attribute-value"), (None, "null")],
)
def test_attachments_are_no_fraction_and_not_null(value, requirement):
    assert ids(event_of(PAIR, attachments=value)) == {f"P03-{requirement}"}


def test_raw_line_breaks_are_repaired_in_the_long_text_of_the_event_alone():
    text = json.dumps(event_of(PAIR))[:-1] + ',"data":{"ibmendefaultlong":"a\nb"}}'
    assert ids(text) == {"P11-event-json"}


@pytest.mark.parametrize("slashes", [1, 3])
def test_a_backslash_before_a_raw_line_break_is_an_escape_that_json_does_not_know(slashes):
    text = json.dumps(event_of(PAIR)).replace("{\\", "{" + "\\" * slashes + "\n\\")
    assert ids(text) == {"P11-event-json"}


def test_a_json_web_token_may_begin_with_the_mark_alone():
    assert ids(event_of(PAIR, subject="eyJ.e30.c2ln")) == {"P20-no-secret"}


@pytest.mark.parametrize("text", ['%s{"a": 1, "a": 2}', '{"a": 1, "a": 2}%s', '%s[{"a": 1, "a": 2}]'])
def test_white_space_around_members_that_stand_twice(text):
    assert "P11-event-duplicate-member" in ids(text % " \n")
