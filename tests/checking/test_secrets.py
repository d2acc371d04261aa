"""Where secrets may hide, beside the values of members with telling names."""

from __future__ import annotations

import json
from itertools import islice

import pytest

import vpc_backup_events as vbe
from vpc_backup_events.checking.rules import Context, secrecy
from vpc_backup_events.checking.rules.details import topic_of
from vpc_backup_events.making import bulk
from vpc_backup_events.reading import read
from vpc_backup_events.spec.schemas import schema
from vpc_backup_events.values.levels import PROFILES

EVENT = schema("urn:vpc-backup-events:schema:event:strict:backup-volume-creation")["examples"][0]
TOKEN = "Bearer abcdefghijklmnopqrstuvwxyz"
LONG = "ibmendefaultlong"


def found(event):
    report = vbe.check(event)
    assert TOKEN not in json.dumps(report.as_json())
    return [(f.pointer, f.message) for f in report.findings if f.requirement == "P20-no-secret"]


@pytest.mark.parametrize(
    "value",
    [
        json.dumps([{"x": TOKEN}]),
        json.dumps({"x": [TOKEN]}),
        "  " + json.dumps([TOKEN]),
        "\t" + json.dumps({"x": TOKEN}),
    ],
)
def test_a_secret_in_json_in_a_string(value):
    ((pointer, _),) = found({**EVENT, "subject": value})
    assert pointer.startswith("/subject#")


@pytest.mark.parametrize(
    ("data", "places"),
    [
        ({"password": ["hunter2"]}, ["/data/password/0"]),
        ({"API-Key": {"values": [{"is": "x"}, "y"]}}, ["/data/API-Key/values/0/is", "/data/API-Key/values/1"]),
        ({"password": [" ", 1, None, {"a": ""}]}, []),
        ({"passwords": ["x"]}, []),
    ],
)
def test_a_list_or_an_object_under_the_name_of_a_secret_hides_nothing(data, places):
    for event in ({**EVENT, "data": data}, {**EVENT, "extra": json.dumps(data)}):
        root = "/data" if "data" in event else "/extra#"
        assert [pointer for pointer, _ in found(event)] == [place.replace("/data", root, 1) for place in places]


def test_a_secret_as_the_name_of_a_member():
    ((pointer, message),) = found({**EVENT, "data": {TOKEN: "x"}})
    assert pointer == "/data/(hidden)"
    assert "as the name of a member" in message


def test_a_secret_is_one_finding_also_where_it_stands_twice_as_deep():
    assert len(found({**EVENT, "subject": json.dumps({"token": json.dumps({"a": TOKEN})})})) == 1


@pytest.mark.parametrize(
    ("link", "topic"),
    [
        ("https://cloud.ibm.com/docs/vpc?topic=vpc-x", "vpc-x"),
        ("https://cloud.ibm.com/docs/vpc?topic=vpc-x&interface=ui", "vpc-x"),
        ("https://cloud.ibm.com/docs/vpc?interface=ui&topic=vpc-x#vpc-y", "vpc-x"),
        ("https://cloud.ibm.com/docs/vpc?topic=vpc%2Dx", "vpc-x"),
        ("https://cloud.ibm.com/docs/vpc?topic=", ""),
        ("https://cloud.ibm.com/docs/other?topic=vpc-x", ""),
        ("https://cloud.ibm.com/docs/vpc", ""),
        ("https://[", ""),
    ],
)
def test_the_topic_of_a_link(link, topic):
    assert topic_of(link) == topic


def test_the_topic_of_an_entry_of_reasons_is_that_of_its_code():
    details = json.loads(EVENT[LONG])
    del details["status_reason"]
    right = next(iter(vbe.catalog.pairs.values()))
    for topic, broken in ((right.topics[0], False), ("vpc-none", True)):
        details["reasons"] = [{"status": right.reason}]
        details["more_info"] = f"https://cloud.ibm.com/docs/vpc?topic={topic}"
        report = vbe.check({**EVENT, LONG: json.dumps(details)}, "strict")
        assert ("P17-more-info-topic" in {f.requirement for f in report.findings}) is broken


# the small letter of the sign for kelvin is that of ASCII
NAMES = ["Api-Key", "pass_word", "_to--Ken_", "to\u212aen", "x\ntoken", "TOKEN", "bearer of news", TOKEN, "subject"]
VALUES = [
    TOKEN,
    f"\n {TOKEN}",
    f"https://user:{TOKEN}@host",
    "https://user:pass@host",
    "a@b and https://host",
    "-----BEGIN PRIVATE KEY-----",
    "no token: [none], {none}",
    " ",
    None,
    5,
    [["x", {"pass-word": "x"}], TOKEN],
    {"a": [{"b": "https://user:pass@host"}]},
    {TOKEN: {"x": None}},
    json.dumps({"token": "x"}),
    " " + json.dumps([TOKEN]).replace("e", "\\u0065"),
    "{" + TOKEN,
]


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_the_look_at_all_strings_at_once_misses_no_secret(name, value, monkeypatch):
    details = json.dumps({**json.loads(EVENT[LONG]), name: value}, ensure_ascii=False)
    events = [{**EVENT, name: value}, {**EVENT, LONG: details}, {**EVENT, LONG: f"{details} {value}"}]
    events += [json.dumps(event) for event in events]
    quick = [found(event) for event in events]
    monkeypatch.setattr(secrecy, "_is_harmless", lambda _: False)
    assert [found(event) for event in events] == quick


@pytest.mark.parametrize("profile", PROFILES)
def test_most_events_are_passed_by_the_look_at_their_text(profile):
    events = islice(bulk.conforming(tuple(vbe.catalog.pairs.values()), profile=profile), 200)
    assert all(secrecy._is_harmless(Context.of(read(event))) for event in events)
