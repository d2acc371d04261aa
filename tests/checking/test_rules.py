"""Where the rules draw the line: the last that is well, and the first that is not."""

from __future__ import annotations

import json

import pytest

import vpc_backup_events as vbe
from helpers.events import details_of, edited, event_of
from vpc_backup_events import catalog

PAIR = next(iter(catalog.pairs.values()))
LONG = "ibmendefaultlong"
TOKEN = "Bearer abcdefghijklmnopqrstuvwxyz"
LINK = "https://cloud.ibm.com/docs/vpc?topic=vpc-none"
CRN = "crn:v1:bluemix:public:is:us-south-1:a/be09dae34250437f96fc8b27ae7d233b::"


def found(event, requirement, profile="strict"):
    return [f for f in vbe.check(event, profile).findings if f.requirement == requirement]


def prose(reason="It failed", **members):
    """The event with the prose of an email as its long text."""
    details = {
        "backup_policy": "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        "backup_policy_plan": "r006-076191ba-49c2-4763-94fd-c70de73ee2e6",
        "match_resource_type": "volume",
        "job_type": "creation",
        **members,
    }
    title = catalog.event_types[PAIR.event_type].title
    facts = f"Resource: {CRN}volume:r006-0000. BackupJobID: r006-0001. Reason: {reason}."
    return event_of(PAIR, **{LONG: f"{title}. {facts} Notification details: {json.dumps(details)}"})


@pytest.mark.parametrize(
    ("time", "is_well"),
    [
        ("2016-12-31T23:59:60Z", True),
        ("2016-12-31t23:59:60.5z", True),
        ("2016-12-31T23:59:60+00:00", True),
        ("2017-01-01T00:59:60+01:00", True),
        ("2017-01-01T05:29:60+05:30", True),
        ("2016-12-31T18:29:60-05:30", True),
        ("2016-12-31T23:58:60Z", False),
        ("2016-12-31T22:59:60Z", False),
        ("2016-12-31t22:59:60z", False),
        ("2017-01-01T00:00:60Z", False),
        ("2016-12-31T23:59:60+01:00", False),
        ("2016-12-31T00:59:60-01:00", False),
        ("2017-01-01T05:30:60+05:30", False),
        ("2017-01-01T05:59:60+05:30", False),
    ],
)
def test_a_leap_second_is_the_last_of_a_day_in_utc(time, is_well):
    assert (not found(event_of(PAIR, time=time), "P02-time-format")) is is_well


@pytest.mark.parametrize(
    ("offset", "is_utc"),
    [("Z", True), ("+00:00", True), ("-00:00", True), ("+00:30", False), ("-01:00", False), ("+01:30", False)],
)
def test_utc_is_an_offset_of_zero(offset, is_utc):
    assert (not found(event_of(PAIR, time=f"2024-04-22T20:59:34{offset}"), "P02-time-utc")) is is_utc


@pytest.mark.parametrize("name", ["data", "attachments"])
def test_a_number_within_what_may_hold_json_is_no_attribute(name):
    assert not found(event_of(PAIR, **{name: {"n": 1.0}}), "P03-attribute-value", "documented")


@pytest.mark.parametrize(
    ("requirement", "event", "more"),
    [
        ("P03-attribute-name-length", lambda more: event_of(PAIR, **{"n" * (20 + more): "x"}), 1),
        ("P09-short-length", lambda more: event_of(PAIR, ibmendefaultshort="s" * (1_000 + more)), 1),
        ("P09-long-length", lambda more: event_of(PAIR, **{LONG: "l" * (3_000 + more)}), 1),
        ("P09-size", lambda more: json.dumps(event_of(PAIR, data={})).ljust(65_536 + more), 1),
    ],
)
def test_as_much_as_may_be_is_well_and_one_more_is_not(requirement, event, more):
    assert not found(event(0), requirement)
    ((finding),) = found(event(more), requirement)
    assert not finding.message.endswith("None")


def test_the_size_that_is_told_is_that_of_the_text():
    (finding,) = found(json.dumps(event_of(PAIR)).ljust(70_001), "P09-size")
    assert "70001" in finding.message.replace(",", "")


def test_a_short_text_of_an_unknown_type_should_be_the_general_one():
    (finding,) = found(event_of(PAIR, type="x", ibmendefaultshort="y"), "P19-short-text")
    assert catalog.examples.short_text in finding.hint + finding.message


@pytest.mark.parametrize(("named", "kind", "agrees"), [("share", "volume", False), ("share", "share", True)])
def test_the_resource_of_a_share_is_a_share(named, kind, agrees):
    event = edited(PAIR, match_resource_type=named, resource=f"{CRN}{kind}:r006-0000")
    assert (not found(event, "P18-resource-agrees")) is agrees


def test_the_resource_agrees_or_not_whatever_its_last_segment_is():
    assert found(edited(PAIR, resource=f"{CRN}instance:"), "P18-resource-agrees")


def test_the_links_in_prose_are_those_of_its_reasons():
    reasons = [{"status": PAIR.reason, "more_info": ""}, {"status": PAIR.reason, "more_info": LINK}]
    (finding,) = found(prose(reasons=reasons), "P17-more-info-topic")
    assert finding.pointer == f"/{LONG}#/reasons/1/more_info"
    assert "`more_info`" in finding.message
    right = f"https://cloud.ibm.com/docs/vpc?topic={PAIR.topics[0]}"
    assert not found(prose(reasons=[{"status": PAIR.reason, "more_info": right}]), "P17-more-info-topic")


def test_a_link_is_about_the_status_beside_it():
    others = [p for p in catalog.pairs.values() if p.event_type == PAIR.event_type and set(p.topics) - set(PAIR.topics)]
    topic = next(iter(set(others[0].topics) - set(PAIR.topics)))
    link = f"https://cloud.ibm.com/docs/vpc?topic={topic}"
    reasons = [{"status": reason, "more_info": link} for reason in (others[0].reason, PAIR.reason)]
    (finding,) = found(prose(reasons=reasons), "P17-more-info-topic")
    assert finding.pointer == f"/{LONG}#/reasons/1/more_info"


def test_the_members_of_the_payload_are_not_judged_in_prose():
    reasons = [{"status": PAIR.reason, "more_info": f"https://cloud.ibm.com/docs/vpc?topic={PAIR.topics[0]}"}]
    assert not found(prose(reasons=reasons, status_reason="nonsense: x"), "P16-code-known")
    assert not found(prose(reasons=reasons, more_info=LINK), "P17-more-info-topic")


def test_a_secret_in_the_prose_is_found_at_the_long_text():
    (finding,) = found(prose(reason=TOKEN, reasons=[]), "P20-no-secret")
    assert finding.pointer == f"/{LONG}"
    assert "bearer token" in finding.message.lower()
    (inside,) = found(edited(PAIR, status=TOKEN), "P20-no-secret")
    assert inside.pointer == f"/{LONG}#/status"


def test_a_secret_is_found_by_its_name_also_in_details_that_had_to_be_recovered():
    id = details_of(PAIR)["backup_policy"]
    text = json.dumps({**details_of(PAIR), "password": "hunter2"}).replace(f'"{id}"', id)
    (finding,) = found(event_of(PAIR, **{LONG: text}), "P20-no-secret", "documented")
    assert finding.pointer == f"/{LONG}#/password"


@pytest.mark.parametrize("name", ["api-key", "API_Key", "apikey", "private-key"])
def test_the_name_of_a_secret_is_written_in_many_ways(name):
    assert found(event_of(PAIR, {**details_of(PAIR), name: "hunter2"}), "P20-no-secret")
