"""`render` as people run it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from vpc_backup_events import catalog
from vpc_backup_events.making import corpus
from vpc_backup_events.values.data import data_root

FIXTURES = data_root("fixtures")
EVENT = str(FIXTURES / "valid" / "strict" / "R01.json")
REPORT = Draft202012Validator(json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes()))


def fixture(to):
    """What the destination receives for the event, without a variant."""
    plain = {"table": "B"} if to == "pagerduty" else {}
    return next(
        case
        for case in corpus.cases()
        if case.rendering
        and case.rendering["destination"] == to
        and case.rendering["event"] == "valid/strict/R01.json"
        and case.rendering["options"] == plain
    )


@pytest.mark.parametrize("to", catalog.destinations)
def test_standard_output_is_what_the_destination_receives(run, to):
    done = run("render", EVENT, "--to", to)
    assert done.returncode == 0
    assert done.stdout.rstrip("\n") == fixture(to).data.decode().rstrip("\n")
    for sentence in catalog.destinations[to].left_open:
        assert f"note: {sentence}" in done.stderr


def test_an_email_that_is_rendered_is_checked_again(run, tmp_path):
    assert run("render", EVENT, "--to", "email", "--payload", "--output", "alert.eml").returncode == 0
    done = run("check", "alert.eml")
    assert done.returncode == 0
    assert done.stdout == "alert.eml: ok\n1 event: conforms (documented profile): 0 errors, 0 warnings, 0 notes\n"


def test_several_events_from_standard_input(run):
    events = run("generate", "--count", "3", "--format", "ndjson").stdout.encode()
    done = run("render", "-", "--to", "code-engine", "--format", "json", stdin=events)
    assert done.returncode == 0
    document = json.loads(done.stdout)
    REPORT.validate(document)
    assert document["summary"]["events"] == 3
    made = [json.loads(each["parts"]["environment"]["ibmendata"]) for each in document["renderings"]]
    assert made == [json.loads(line) for line in events.splitlines()]


def test_segments_are_in_the_report_as_a_finding(run):
    document = json.loads(run("render", EVENT, "--to", "sms", "--format", "json").stdout)
    REPORT.validate(document)
    assert [each["requirement"] for each in document["findings"]] == ["P24-sms-segments"]
    assert document["ok"]


def test_the_key_of_an_object_is_told(run):
    done = run("render", EVENT, "--to", "cos", "--destination-name", "archive", "--notification-id", "n-1")
    assert "key: archive/n-1.json" in done.stderr


def test_a_template(run, write):
    write("card.hbs", b'{"text": "{{ibmendefaultshort}}"}')
    done = run("render", EVENT, "--to", "webhook", "--template", "card.hbs")
    assert done.returncode == 0
    assert done.stdout.endswith('\r\n\r\n{"text": "Volume Backup Job Creation Failure"}\n')
    write("trap.hbs", b'{"text": "{{{ibmendefaultlong}}}"}')
    done = run("render", EVENT, "--to", "webhook", "--template", "trap.hbs")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: The template does not work" in done.stderr


def test_an_event_that_can_t_be_rendered_does_not_take_the_others_along(run, write):
    good = json.loads((FIXTURES / "valid" / "strict" / "R02.json").read_text())
    path = write("events.json", [good, {"id": "x"}, good])
    done = run("render", path, "--to", "sms")
    assert done.returncode == 2
    assert done.stdout == f"{good['ibmendefaultlong']}\n\n{good['ibmendefaultlong']}\n"
    assert "error: events.json:1: The event can't be rendered: ibmendefaultlong is missing." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((EVENT, "--to", "fax"), "There is no destination 'fax'."),
        ((EVENT, "--to", "sms", "--payload"), "no use for payload"),
        (("missing.json", "--to", "sms"), "missing.json: No such file"),
        ((EVENT, "--to", "slack", "--template", "missing.hbs"), "missing.hbs: No such file"),
        ((str(FIXTURES / "emails" / "R01.txt"), "--to", "sms"), "this is an email already"),
        ((EVENT,), "--to"),
    ],
)
def test_what_can_t_be_asked_ends_with_2(run, arguments, says):
    done = run("render", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
