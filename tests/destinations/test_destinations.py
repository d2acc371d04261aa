"""What each destination receives: member by member, for every pair, from any event."""

from __future__ import annotations

import json
import math
from email import message_from_string
from email.policy import default
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.checking.interpretation import interpret
from vpc_backup_events.destinations import render
from vpc_backup_events.destinations._content import CONTENT
from vpc_backup_events.making import corpus
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import scenario_of
from vpc_backup_events.reading import Message
from vpc_backup_events.reference import build_event
from vpc_backup_events.values.errors import KitError, UnreadableInputError, UsageError

PAIRS = list(catalog.pairs.values())
PAGERDUTY = json.loads((Path(__file__).parent / "pagerduty-events-v2.schema.json").read_bytes())
DATA = {"datacontenttype": "application/json", "data": {"attempt": 3, "of": ["a", "ß"]}}
PAYLOAD = next(case for case in corpus.cases() if case.file == "documented/events/payload.json")


def event_of(pair, **more):
    return {**build_event(scenario_of(pair, Seeded(int(pair.id[1:])))), **more}


@pytest.fixture(params=PAIRS, ids=lambda pair: pair.id)
def event(request):
    return event_of(request.param)


def test_every_destination_of_the_catalog_is_rendered_and_no_other():
    assert list(CONTENT) == list(catalog.destinations)


def test_email(event):
    rendered = render(event, "email")
    message = message_from_string(rendered.content, policy=default)
    assert message["Subject"] == rendered.parts["subject"] == event["ibmendefaultshort"]
    assert message["From"] == "no-reply@cloud.ibm.com"
    assert message.get_content() == event["ibmendefaultlong"] + "\n"
    report = vbe.check(rendered.content)
    assert report.findings == ()
    told = interpret(event)
    assert interpret(rendered.content) == {n: told[n] for n in told if n not in ("source", "id", "severity")}


def test_email_with_the_payload(event):
    rendered = render(event, "email", payload=True)
    body = message_from_string(rendered.content, policy=default).get_content()
    long, _, payload = body.partition("\n\nNotification details:\n\n")
    assert long == event["ibmendefaultlong"]
    assert json.loads(payload) == event
    assert vbe.check(rendered.content).findings == ()
    assert interpret(rendered.content) == interpret(event)


def test_sms(event):
    rendered = render(event, "sms")
    long = event["ibmendefaultlong"]
    assert rendered.content == rendered.parts["text"] == long
    assert "".join(rendered.parts["segments"]) == long
    assert {len(segment) for segment in rendered.parts["segments"][:-1]} == {160}
    (found,) = rendered.findings
    count = math.ceil(len(long) / 160)
    assert len(rendered.parts["segments"]) == count
    assert (found.requirement, found.level) == ("P24-sms-segments", "note")
    assert f"{len(long)} characters, which is {count} segments" in found.message


# what breaks a requirement: the long text
BREACHES = {"P24-sms-segments": "x" * 161}


def test_every_requirement_of_a_rendering_is_found():
    assert {r.id for r in catalog.requirements.values() if r.check == "render"} == set(BREACHES)
    for requirement, long in BREACHES.items():
        found = [f.requirement for f in render({**event_of(PAIRS[0]), "ibmendefaultlong": long}, "sms").findings]
        assert found == [requirement]


@pytest.mark.parametrize(("length", "count"), [(1, 1), (160, 1), (161, 2), (320, 2), (321, 3), (3_000, 19)])
def test_the_segments_of_an_sms(length, count):
    (found,) = render({**event_of(PAIRS[0]), "ibmendefaultlong": "x" * length}, "sms").findings
    assert f"{length} characters, which is {count} segments" in found.message


def test_slack_and_teams(event):
    for to in ("slack", "teams"):
        rendered = render(event, to)
        assert rendered.parts == {"short": event["ibmendefaultshort"], "long": event["ibmendefaultlong"]}
        assert rendered.content == f"{event['ibmendefaultshort']}\n\n{event['ibmendefaultlong']}"
        marked = render({**event, "ibmenmarkdown": "*failed*"}, to)
        assert (marked.parts, marked.content) == ({"markdown": "*failed*"}, "*failed*")
    assert "data" not in render({**event, **DATA}, "slack").parts
    assert json.loads(render({**event, **DATA}, "teams").parts["data"]) == DATA["data"]


def test_slack_takes_a_template_before_anything_else(event):
    rendered = render(
        {**event, "ibmenmarkdown": "*x*"}, "slack", template='{"text": "{{ibmenseverity}}: {{ibmendefaultshort}}"}'
    )
    assert json.loads(rendered.content) == {"text": f"medium: {event['ibmendefaultshort']}"}


@pytest.mark.parametrize("table", ["A", "B"])
def test_pagerduty(event, table):
    rendered = render({**event, **DATA}, "pagerduty", table=table, routing_key="0" * 32)
    alert = json.loads(rendered.content)
    jsonschema.Draft202012Validator(PAGERDUTY).validate(alert)
    assert alert == rendered.parts
    assert alert == {
        "routing_key": "0" * 32,
        "event_action": "trigger",
        "payload": {
            "summary": event["ibmendefaultlong"],
            "source": event["source"],
            "severity": {"A": "error", "B": "warning"}[table],
            "timestamp": event["time"],
            "custom_details": DATA["data"],
        },
    }
    assert "routing_key" not in render(event, "pagerduty", table=table).parts
    assert "custom_details" not in render(event, "pagerduty", table=table).parts["payload"]


# notification-envelope.md, section 5; None where table A has no row
SEVERITIES = {
    "critical": ("critical", None, (1, 1, 1)),
    "High": ("error", "critical", (1, 2, 2)),
    "MEDIUM": ("warning", "error", (2, 2, 3)),
    "low": ("info", "warning", (2, 3, 4)),
    "info": ("info", "info", (3, 3, 4)),
    "sev1": ("info", None, (3, 3, 4)),
}


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_tables_of_severities(severity):
    b, a, numbers = SEVERITIES[severity]
    event = event_of(PAIRS[0], ibmenseverity=severity)
    assert render(event, "pagerduty").parts["payload"]["severity"] == b
    by_a = render(event, "pagerduty", table="A")
    assert by_a.parts["payload"].get("severity") == a
    assert any("Table A has no row" in note for note in by_a.notes) is (a is None)
    incident = render(event, "servicenow").parts
    assert (incident["impact"], incident["urgency"], incident["priority"]) == numbers


def test_servicenow(event):
    incident = render(event, "servicenow").parts
    assert incident["short_description"] == event["ibmendefaultshort"]
    assert incident["description"] == event["ibmendefaultlong"]
    assert json.loads(render({**event, **DATA}, "servicenow").parts["description"]) == DATA["data"]


def test_webhook(event):
    rendered = render(event, "webhook", notification_id="n-1")
    message = Message.parse(rendered.as_bytes())
    assert message is not None
    assert message.header("content-type") == "application/json"
    assert message.header("content-length") == str(len(message.body))
    assert json.loads(message.body) == rendered.parts["body"] == {**event, "notification_id": "n-1"}
    assert vbe.check(message).ok
    assert "notification_id" in render(event, "webhook").parts["body"]
    assert render(event, "webhook").content == render(event, "webhook").content


def test_a_webhook_with_a_template(event):
    template = '{"title": "{{ibmendefaultshort}}", "id": "{{notification_id}}", "details": {{{ibmendefaultlong}}} }'
    body = render(event, "webhook", template=template, notification_id="n-1").parts["body"]
    assert body == {"title": event["ibmendefaultshort"], "id": "n-1", "details": json.loads(event["ibmendefaultlong"])}


def test_a_template_that_makes_no_json_is_explained():
    with pytest.raises(UsageError, match="The template does not work"):
        render(event_of(PAIRS[0]), "webhook", template='{"text": "{{{ibmendefaultlong}}}"}')


def test_event_streams_cos_and_code_engine(event):
    assert json.loads(render(event, "event-streams").parts["value"]) == event
    rendered = render(event, "cos", destination_name="archive", notification_id="n-1")
    assert rendered.parts["key"] == "archive/n-1.json"
    assert json.loads(rendered.parts["object"]) == event
    environment = json.loads(render(event, "code-engine").content)
    assert list(environment) == ["ibmendata"]
    assert json.loads(environment["ibmendata"]) == event


@pytest.mark.parametrize("to", catalog.destinations)
def test_the_fixtures_are_what_is_rendered(to):
    made = [case for case in corpus.cases() if case.rendering and case.rendering["destination"] == to]
    types = {case.scenario.event_type for case in made}
    assert types == set(catalog.event_types)
    for case in made:
        event = next(c for c in corpus.cases() if c.file == case.rendering["event"]).event
        rendered = render(event, to, **case.rendering["options"])
        assert case.data == rendered.as_bytes()
        assert case.file.endswith(f".{rendered.suffix}")
        assert case.rendering.get("key") == rendered.parts.get("key")


@pytest.mark.parametrize("to", catalog.destinations)
def test_the_payload_of_the_documentation_is_rendered_as_it_is(to):
    rendered = render(PAYLOAD.data, to)
    assert "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178" in rendered.content.replace("=\n", "")
    assert rendered.notes
    assert ("can't be routed" in rendered.notes[0]) is (to in ("email", "sms"))


def test_a_text_beyond_the_limit_of_the_destination_is_told():
    event = event_of(PAIRS[0], ibmendefaultlong="x" * 3_001)
    assert any("3001 characters, more than 3000" in note for note in render(event, "slack").notes)
    assert any("3001 characters, more than 1024" in note for note in render(event, "pagerduty").notes)
    assert not any("more than" in note for note in render(event_of(PAIRS[0]), "slack").notes)
    assert not any("more than" in note for note in render({**event, "ibmenmarkdown": "short"}, "slack").notes)


def test_the_long_text_of_every_pair_fits_a_summary_of_pagerduty():
    for pair in PAIRS:
        assert not any("1024" in note for note in render(event_of(pair), "pagerduty").notes)


def test_a_short_text_begins_no_header_field():
    rendered = render(event_of(PAIRS[0], ibmendefaultshort="a\r\nBcc: x@example.com\r\n\r\nbody\x1b[2J"), "email")
    message = message_from_string(rendered.content, policy=default)
    assert message["Subject"] == "a Bcc: x@example.com body [2J"
    assert message["Bcc"] is None


def test_a_secret_is_told_of():
    event = event_of(PAIRS[0], extra="Bearer correct-horse-battery-1")
    assert any("P20-no-secret" in note for note in render(event, "webhook").notes)
    assert not any("P20-no-secret" in note for note in render(event, "sms").notes)


@pytest.mark.parametrize(
    ("event", "to", "options", "says"),
    [
        ({}, "sms", {}, "ibmendefaultlong is missing"),
        ({"ibmendefaultlong": 5}, "sms", {}, "ibmendefaultlong is no text"),
        ("[1]", "cos", {}, "It is no JSON object"),
        ("{", "cos", {}, "no JSON"),
        ({}, "fax", {}, "no destination 'fax'"),
        ({}, "cos", {"payload": True}, "no use for payload"),
        ({}, "cos", {"destination_name": "../x"}, "can't be the name of a destination"),
        ({}, "cos", {"notification_id": "a\nb"}, "can't be the notification id"),
        ({"ibmendefaultlong": "x", "source": "y"}, "pagerduty", {"table": "C"}, "no table 'C'"),
    ],
)
def test_what_can_t_be_rendered_says_why(event, to, options, says):
    with pytest.raises((UsageError, UnreadableInputError), match=says) as error:
        render(event, to, **options)
    assert error.value.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["ibmendefaultshort", "ibmendefaultlong", "ibmenmarkdown", "ibmenseverity", "ibmensourceid", "data", "time"]


EVENTS = st.dictionaries(st.sampled_from([*NAMES, "source", "id", "notification_id"]), JSON)


@given(EVENTS, st.sampled_from(list(CONTENT)))
def test_any_event_is_rendered_or_told_of(event, to):
    try:
        rendered = render(event, to)
    except KitError as error:
        told = error.hint
    else:
        json.dumps(rendered.as_json())
        told = rendered.as_bytes()
    assert told
