"""Emails: every form is read, the facts come back, text and code are compared, and nothing makes the reader raise."""

from __future__ import annotations

import gzip
import json
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import vpc_backup_events as vbe
from email_forms import EMAIL_FORMS
from helpers.emails import mapped, with_payload
from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.checking.interpretation import interpret
from vpc_backup_events.checking.reason_texts import named_by
from vpc_backup_events.making import corpus
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import email_body, email_details, plain_email, scenario_of
from vpc_backup_events.reading.emails import email_of, is_email, read_email
from vpc_backup_events.reference import build_event

PAIRS = list(catalog.pairs.values())
SAMPLE = next(case for case in corpus.cases() if case.file == "documented/email/email.txt")


def scenario(pair):
    return scenario_of(pair, Seeded(int(pair.id[1:])))


def ids(email, profile="documented"):
    return [(f.level, f.requirement, f.pointer) for f in vbe.check(email, profile).findings]


def test_the_sample_of_the_documentation_gets_a_warning_for_the_reason_that_contradicts_its_code():
    text_agrees = ("warning", "P23-text-agrees", "/body#/reasons/0/status")
    assert ids(SAMPLE.data) == [("warning", "P21-body-mapping", "/body"), text_agrees]
    assert ids(SAMPLE.data, "strict") == [text_agrees]
    message = vbe.check(SAMPLE.data, "strict").findings[0].message
    assert '"Snapshot quota per volume reached"' in message
    assert "`source_volume_too_large`" in message


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_from_event_to_email_and_back_the_facts_are_the_same(pair):
    facts = scenario(pair)
    event = build_event(facts)
    told = interpret(event)
    assert told["reason"] == pair.reason
    in_details = {name: told[name] for name in told if name not in ("source", "id", "severity")}
    assert interpret(with_payload(event)) == told
    # the title of the reference producer's events is that of the email
    assert interpret(mapped(event)) == in_details
    for encode in EMAIL_FORMS.values():
        assert interpret(encode(event_type_of(facts).title, email_body(facts))) == in_details
    for email in (mapped(event), with_payload(event)):
        assert ids(email) == []


@pytest.mark.parametrize("form", EMAIL_FORMS)
def test_every_form_reads_as_the_same_title_and_words(form):
    facts = scenario(PAIRS[11])
    body = email_body(facts)
    data = EMAIL_FORMS[form](event_type_of(facts).title, body)
    assert is_email(data)
    email = read_email(data)
    assert email.title == event_type_of(facts).title
    assert email.problems == ()
    assert email.text.split()[: len(body.split())] == body.split()


@pytest.mark.parametrize("blank", [b"\n", b"\r\n\r\n", b" " * 160 + b"\r\n", b"\xef\xbb\xbf \t\n"])
@pytest.mark.parametrize("form", EMAIL_FORMS)
def test_an_email_may_begin_with_blank_lines_as_mail_programs_save_it(form, blank):
    facts = scenario(PAIRS[3])
    data = EMAIL_FORMS[form](event_type_of(facts).title, email_body(facts))
    assert ids(blank + data, "strict") == []
    assert interpret(blank + data) == interpret(data)
    assert check_inputs([("piped", blank + data)], "strict").findings == ()


def test_check_takes_an_email_in_every_shape():
    facts = scenario(PAIRS[0])
    title, body = event_type_of(facts).title, email_body(facts)
    message = EmailMessage()
    message["Subject"] = title
    message.set_content(body)
    shapes = (
        message,
        message.as_string(),
        message.as_bytes(),
        (title, body),
        ({"Subject": title, "Content-Type": "text/plain; charset=utf-8"}, body),
        plain_email(title, body),
    )
    for shape in shapes:
        assert ids(shape, "strict") == []
    assert check_inputs([("a.eml.gz", gzip.compress(message.as_bytes()))], "strict").findings == ()


def test_a_file_named_as_an_email_is_read_as_one_whatever_is_in_it():
    report = check_inputs([("empty.eml", b""), ("other.eml", b"\x00\xff")])
    assert report.events == 2
    assert {f.requirement for f in report.findings} >= {"P22-title"}
    assert not report.ok


def test_json_and_http_messages_are_no_emails():
    event = build_event(scenario(PAIRS[0]))
    for value in (json.dumps(event), event, b"POST /x HTTP/1.1\r\nHost: x\r\n\r\n{}", b"", "Hello: world", None, 5):
        assert email_of(value) is None
    headers = {"Content-Type": "application/json", "Host": "x"}
    assert email_of((headers, json.dumps(event))) is None


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("Nothing of the kind", ("P22-body-details", "there is no `Notification details:`.")),
        ("Notification details: none", ("P22-body-details", "no JSON object follows `Notification details:`.")),
        ("Notification details: []", ("P23-details-json", "a list stands there.")),
        ('{"job_type": ', ("P11-details-json", "line 1, column 13")),
    ],
)
def test_where_an_email_has_no_details_it_is_said_why(text, finding):
    requirement, reason = finding
    (message,) = (f.message for f in vbe.check(("A title", text)).findings if f.requirement == requirement)
    assert reason in message


def test_a_finding_on_the_title_points_to_it():
    assert ("error", "P22-title", "/title") in ids(("", email_body(scenario(PAIRS[0]))))


def test_a_footer_below_the_json_is_nobodys_business():
    facts = scenario(PAIRS[3])
    assert ids((event_type_of(facts).title, email_body(facts) + "\n\n-- \nunsubscribe {here}"), "strict") == []


def test_the_payload_of_the_documentation_below_its_long_text():
    payload = next(case for case in corpus.cases() if case.file == "documented/events/payload.json")
    event = json.loads(payload.data, strict=False)
    text = f"{event['ibmendefaultlong']}\n\nNotification details:\n\n{payload.data.decode()}"
    found = {f.requirement for f in vbe.check((event["ibmendefaultshort"], text)).findings}
    assert found == set(payload.expected["documented"].findings)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_a_text_agrees_with_its_own_code_in_every_spelling_and_with_no_other_of_the_group(pair):
    facts = scenario(pair)
    code = catalog.api_codes.get(pair.api_code.code or "")
    texts = [pair.cause, *pair.texts, *((code.text, code.explanation) if code else ())]
    others = [p for p in PAIRS if p.event_type == pair.event_type and p.reason != pair.reason]

    def agrees(text, status):
        details = email_details(facts)
        details["reasons"][0]["status"] = status
        body = email_body(facts, details).replace(pair.cause.rstrip("."), text.rstrip("."))
        return "P23-text-agrees" not in {f.requirement for f in vbe.check((event_type_of(facts).title, body)).findings}

    for text in texts:
        assert pair.id in named_by(text)
        for spelling in pair.spellings:
            assert agrees(text, spelling.spelling)
        for other in others:
            assert not agrees(text, other.reason), (text, other.reason)


@pytest.mark.parametrize(
    "text",
    [
        "The job failed",
        "Something unheard of",
        "See the console for the volume's snapshots",
        # its own reason, and what came of it
        "The encryption key is invalid, so the volume is unavailable",
    ],
)
def test_a_text_that_no_page_has_is_not_held_against_the_code(text):
    pair = next(p for p in PAIRS if p.id == "R07")
    facts = scenario(pair)
    body = email_body(facts).replace(pair.cause.rstrip("."), text)
    assert ids((event_type_of(facts).title, body), "strict") == []


FIELDS = st.sampled_from(
    [
        b"Subject: =?utf-8?q?=FF=FE?=",
        b"Subject: =?x-unknown?b?!!!?=",
        b"Subject: \xff\xfe",
        b"Content-Type: multipart/mixed; boundary=x",
        b"Content-Type: multipart/alternative",
        b'Content-Type: text/plain; charset="utf-7\x00"',
        b"Content-Type: text/html; charset*0*=''x",
        b"Content-Type: message/rfc822",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Disposition: attachment; filename*=",
        b"From: <<<>>>,,;",
        b"MIME-Version: 1.0",
        b" folded",
    ]
)


@given(st.lists(FIELDS, max_size=6), st.binary(max_size=200) | st.just(b"--x\r\n\r\n--x--\r\n"))
@example(
    [b"Content-Type: multipart/mixed; boundary=x"], b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 500
)
def test_any_message_gives_a_report(fields, body):
    data = b"\r\n".join([b"Subject: x", *fields]) + b"\r\n\r\n" + body
    report = check_inputs([("any.eml", data)])
    assert report.events == 1
    json.dumps(report.as_json()).encode()


@given(st.text(max_size=60), st.text(max_size=200))
@example("x", "Notification details: {" + "[" * 5_000)
@example("x", "Notification details: " * 20_000)
@example("x", "Resource: " * 20_000)
@example("x", '{"ibmendefaultlong": "\ud800"')
@example("x", 'Notification details: {"resource": "\\ud800", "reasons": [1, null, {"status": {}}]}')
def test_any_title_and_text_give_a_report(title, text):
    report = vbe.check((title, text))
    assert report.events == 1
    json.dumps(report.as_json()).encode()


def test_a_secret_in_an_email_is_found_and_not_shown():
    facts = scenario(PAIRS[0])
    body = email_body(facts) + "\n\ntoken: Bearer correct-horse-battery-1"
    report = vbe.check((event_type_of(facts).title, body), "strict")
    assert [f.requirement for f in report.findings] == ["P20-no-secret"]
    assert "correct-horse" not in json.dumps(report.as_json())
