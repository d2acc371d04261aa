"""`filter` answers with a table, findings and a status."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from vpc_backup_events.values.data import data_root

TYPE = '$.type == "com.ibm.cloud.is.backup-policy.backup-volume-creation"'
REPORT = Draft202012Validator(json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes()))


def test_a_filter_that_works_is_a_table_and_status_0(run):
    done = run("filter", TYPE)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"filter  {TYPE}"
    assert sum(line.startswith("  yes") for line in lines) == 7
    assert sum(line.startswith("  no") for line in lines) == 13
    assert "severity: makes no difference" in lines
    assert lines[-1] == "7 of 20 reasons pass, 0 in part (documented profile): 0 errors, 0 warnings, 0 notes"


def test_a_trap_is_explained_with_the_filter_that_works_and_status_1(run):
    done = run("filter", '$.ibmendefaultlong.job_type == "creation"')
    assert done.returncode == 1
    assert "error    P11-filter-long-text" in done.stdout
    fixed = done.stdout.partition("The filter that works: ")[2].partition("\n")[0]
    assert run("filter", fixed).returncode == 0


def test_what_passes_in_part_says_in_which_form(run):
    done = run("filter", '$.ibmendefaultlong =~ "source_volume_busy"')
    assert done.returncode == 0
    assert "only: spelled source_volume_busy" in done.stdout
    assert "warning  P16-filter-spelling" in done.stdout
    assert run("filter", '$.ibmendefaultlong =~ "source_volume_busy"', "--profile", "strict").returncode == 1


def test_severities_are_named_where_they_matter(run):
    assert "severity: passes with medium\n" in run("filter", '$.ibmenseverity == "medium"').stdout


@pytest.mark.parametrize(("expression", "caret"), [('$.type = "x"', 7), ("", 0), ("$.type &&", 9)])
def test_what_is_no_filter_is_status_2_with_a_caret(run, expression, caret):
    done = run("filter", expression)
    assert (done.returncode, done.stdout) == (2, "")
    shown, pointed, error, hint = done.stderr.splitlines()
    assert pointed.index("^") - len("vpc-backup-events: ") == caret
    assert shown == f"vpc-backup-events: {expression}"
    assert "error: " in error
    assert "hint: " in hint


def test_events_are_tried(run, write, event):
    write("a.json", event)
    write("b.json", [event, {**event, "type": "other"}, 1])
    done = run("filter", TYPE, "a.json", "b.json")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-5:] == [
        "a.json: passes",
        "b.json: passes",
        "b.json:1: does not pass",
        "b.json:2: is no event",
        "2 of 4 events pass",
    ]
    assert run("filter", '$.id == "x"', "a.json").returncode == 1
    assert run("filter", TYPE, "-", stdin=json.dumps(event).encode()).returncode == 0


def test_a_path_that_can_not_be_read_is_status_2(run):
    done = run("filter", TYPE, "nothing.json")
    assert done.returncode == 2
    assert "nothing.json" in done.stderr


@pytest.mark.parametrize("expression", [TYPE, "$.*", '$.data.x == "y"', '$.ibmendefaultlong =~ "r006-1"'])
def test_json_is_one_document_of_the_schema(run, write, event, expression):
    write("a.json", event)
    done = run("filter", expression, "a.json", "--format", "json")
    document = json.loads(done.stdout)
    REPORT.validate(document)
    assert document["summary"]["events"] == 1
    assert document["ok"] is not any(f["level"] == "error" for f in document["findings"])
    assert document["filter"]["expression"] == expression
    assert len(document["filter"]["pairs"]) == 20
    assert document["filter"]["events"][0]["source"]["file"] == "a.json"


def test_nothing_of_an_expression_steers_the_terminal(run):
    for expression in ('$.type == "\x1b[31m"', "\x1b[31m$.type", '$.type =~ "\u202e("'):
        done = run("filter", expression)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr


def test_colour_is_there_when_asked_for(run):
    assert "\x1b[32m" in run("filter", TYPE, "--color", "always").stdout


def test_help_tells_the_statuses(run):
    assert "exit status:" in run("filter", "--help").stdout
