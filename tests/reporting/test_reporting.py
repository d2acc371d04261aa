"""Reports as text and JSON."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.reporting import render
from vpc_backup_events.values.data import data_root

INPUTS = [("a.json", b'{"id":"\\u001b[31mred"}'), ("b.ndjson", b'{"type":1}\n{"type":2}\n')]


def test_the_json_report_is_valid_under_its_schema():
    schema = json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes())
    report = check_inputs(INPUTS)
    assert list(Draft202012Validator(schema).iter_errors(report.as_json())) == []
    assert json.loads(render(report, "json"))["summary"]["events"] == 3


def test_text_names_each_finding_once_and_lets_no_escape_through():
    text = render(check_inputs(INPUTS), "text")
    assert "\x1b" not in text
    assert "b.ndjson" in text
    assert text.rstrip().splitlines()[-1].startswith("3 events: 3 do not conform (documented profile)")
