"""`check` of many events in one input, and of events in messages, says what the oracle says of each."""

from __future__ import annotations

import gzip
import json
import re
from urllib.parse import quote

import pytest

import vpc_backup_events as vbe
from oracle.cases import cases
from oracle.judge import judge
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.values.report import PROFILES

# what the JSON writer and UTF-8 have a form for, and not much of it
EVENTS = [e for e in cases("runs", 150) if isinstance(e, dict) and "\\ud" not in json.dumps(e) and len(str(e)) < 20_000]
REPEATED = [{**e, **more} for e in EVENTS[:8] for more in ({}, {"notification_id": "x"}, {"subject": "another"})]
TEXTS = [json.dumps(event, separators=(",", ":")) for event in (*EVENTS, *REPEATED)]
SAFE = "!#$&'()*+,-./:;<=>?@[]^_`{|}~"
INPUTS = {
    "array": ("[" + ", \n".join(TEXTS) + "]").encode(),
    "blank-lines": "\n\n".join(TEXTS).encode(),
    "crlf": "\r\n".join(TEXTS).encode(),
    "ndjson": ("\n".join(TEXTS) + "\n").encode(),
}
INPUTS.update({f"{name}.gz": gzip.compress(data) for name, data in tuple(INPUTS.items())})


def said_of(report):
    return {(f.requirement, f.level) for f in report.findings}


def expected_of_run(profile):
    """The findings of each text; the same `source` and `id` with other content is an error (P10)."""
    first = {}
    for text in TEXTS:
        found = judge(text, profile)
        event = json.loads(text)
        pair = event.get("source"), event.get("id")
        if all(isinstance(name, str) and name.strip() for name in pair):
            content = json.dumps({n: v for n, v in event.items() if n != "notification_id"}, sort_keys=True)
            if first.setdefault(pair, content) != content:
                found = found | {("P10-id-unique", "error")}
        yield found


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", sorted(INPUTS))
def test_a_run_of_events(form, profile):
    report = check_inputs([(form, INPUTS[form])], profile)
    said = [set() for _ in TEXTS]
    for finding in report.findings:
        said[finding.source.index].add((finding.requirement, finding.level))
    assert said == list(expected_of_run(profile))
    assert sum(("P10-id-unique", "error") in found for found in said) >= 4


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "media", ["application/cloudevents+json", "application/cloudevents+json; charset=UTF-8", "APPLICATION/JSON", None]
)
def test_a_message_says_what_its_body_says(media, profile):
    headers = {"content-type": media} if media else {}
    for text in TEXTS:
        assert said_of(vbe.check((headers, text.encode()), profile)) == judge(text, profile), text


@pytest.mark.parametrize("profile", PROFILES)
def test_a_message_in_binary_mode_says_what_the_event_says(profile):
    judged = 0
    for event in EVENTS:
        attributes = {n: v for n, v in event.items() if n not in ("data", "datacontenttype", "data_base64")}
        if not all(re.fullmatch("[a-z0-9_]+", n) and isinstance(v, str | bool | int) for n, v in attributes.items()):
            continue
        # a header is text, whatever the value was
        same = {n: v if isinstance(v, str) else json.dumps(v) for n, v in attributes.items()}
        headers, body = {f"ce-{n}": quote(v, safe=SAFE) for n, v in same.items()}, b""
        if "data" in event:
            headers["Content-Type"], body = "application/json", json.dumps(event["data"]).encode()
            same |= {"data": event["data"], "datacontenttype": "application/json"}
        assert said_of(vbe.check((headers, body), profile)) == judge(same, profile), event
        judged += 1
    assert judged > 20
