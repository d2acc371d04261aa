"""`--format`, `--output` and `--report` of the verbs that report."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from vpc_backup_events.reporting import FORMATS
from vpc_backup_events.reporting.command import CommandLine


@pytest.fixture
def broken(event):
    return {**event, "specversion": "urgent"}


@pytest.mark.parametrize("format", FORMATS)
def test_check_knows_every_format(run, write, broken, format):
    done = run("check", write("event.json", broken), "--format", format)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "P01-specversion" in done.stdout or format == "badge"


@pytest.mark.parametrize("format", FORMATS)
def test_lint_knows_every_format(run, write, format):
    done = run("lint", write("main.sh", SHELL), "--format", format)
    assert done.returncode == 1
    assert "P37-" in done.stdout or format == "badge"


SHELL = b'#!/bin/sh\nibmcloud event-notifications source-create --instance-id x --name s --source "crn:nonsense"\n'


def test_test_knows_every_format(run, tmp_path):
    program = Path(__file__).parents[2] / "examples" / "harness-python" / "producer.py"
    asked = [each for format in FORMATS for each in ("--report", f"{format}=report.{format}")]
    done = run("test", "producer", "--command", shlex.join([sys.executable, str(program)]), *asked)
    assert done.returncode == 0
    assert (tmp_path / "report.text").read_text("utf-8") == done.stdout
    assert (tmp_path / "report.github").read_text("utf-8").startswith("test producer: conforms: ")
    for format in FORMATS:
        if format not in ("text", "github", "badge", "markdown"):
            assert "P01-id" in (tmp_path / f"report.{format}").read_text("utf-8"), format


def test_several_reports_come_from_one_run(run, write, broken, tmp_path):
    asked = [each for format in FORMATS for each in ("--report", f"{format}=report.{format}")]
    done = run("check", write("event.json", broken), *asked)
    assert done.returncode == 1
    assert done.stdout.startswith("event.json: does not conform, 1 error\n")
    assert (tmp_path / "report.text").read_text("utf-8") == done.stdout
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["ok"] is False
    assert json.loads((tmp_path / "report.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert ET.parse(tmp_path / "report.junit").getroot().get("failures") == "1"
    assert ET.parse(tmp_path / "report.badge").getroot().tag.endswith("svg")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "vpc-backup-events check event.json --report text=report.text" in page
    assert "2 events" not in page


def test_reports_in_a_folder_that_is_judged_are_no_inputs(run, write, broken, tmp_path):
    write("events/a.json", broken)
    for _ in range(2):
        done = run("check", "events", "--report", "json=events/report.json", "--report", "sarif=events/other.json")
        assert done.stdout.count("does not conform") == 2
    assert json.loads((tmp_path / "events" / "report.json").read_text("utf-8"))["summary"]["events"] == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--report", "xml=a.xml"), "'xml' is no format"),
        (("--report", "json"), "names no file"),
        (("--report", "json="), "names no file"),
        (("--report", "json=a", "--report", "html=./a"), "named for two reports"),
        (("--report", "json=event.json"), "would be overwritten"),
        (("--report", "json=nowhere/a.json"), "No such file"),
    ],
)
def test_reports_that_can_not_be(run, write, event, arguments, why):
    path = write("event.json", event)
    done = run("check", path, *arguments)
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stdout == ""
    assert "hint: " in done.stderr


def test_github_adds_to_the_summary_of_the_job(run, write, broken, tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_text("# before\n", "utf-8")
    path = write("event.json", broken)
    run("check", path, "--format", "text", GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text("utf-8") == "# before\n"
    done = run("check", path, "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert done.stdout.startswith("::error file=event.json,line=1,title=P01-specversion::/specversion: ")
    assert summary.read_text("utf-8").startswith("# before\n## check: does not conform\n")
    done = run("check", path, "--format", "github", GITHUB_STEP_SUMMARY=str(tmp_path / "no" / "folder"))
    assert done.returncode == 1
    assert "the summary of the job was not written" in done.stderr


def test_the_html_report_of_a_folder_has_its_events_and_its_matrix(run, write, event, broken, tmp_path):
    write("events/a.json", event)
    write("events/b.ndjson", "\n".join(json.dumps({**broken, "id": str(n)}) for n in range(3)).encode())
    run("check", "events", "--report", "html=out.html")
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "4 events, 3 with findings" in page
    assert len(re.findall(r'<span class="error">  &#34;specversion&#34;', page)) == 3


HIDDEN = [
    (["test", "service", "http://x", "--token", "s3cret"], "test service http://x --token HIDDEN"),
    (["--forbidden-token=s4cret"], "--forbidden-token=HIDDEN"),
    (["--tok", "s3cret"], "--tok HIDDEN"),
    (["--command", "python x.py --password 'a b'"], "--command 'python x.py --password HIDDEN'"),
    (["--command=x --token T"], "'--command=x --token HIDDEN'"),
    (["--comm", "x --token=T"], "--comm 'x --token=HIDDEN'"),
    (["--job", "API_KEY=abc python job.py"], "--job 'API_KEY=HIDDEN python job.py'"),
    (["--command", "unbalanced 'quote"], "--command HIDDEN"),
    (
        ["--command", "curl -u me:s3cret -H 'Authorization: x' http://h"],
        "--command 'curl -u HIDDEN -H HIDDEN http://h'",
    ),
    (["deliver", "e.json", "http://me:s3cret@h/x?token=abc"], "deliver e.json 'http://HIDDEN@h/x?token=HIDDEN'"),
    (
        ["pytest", "--service-token=abc", "--db-password", "abc", "-x"],
        "pytest --service-token=HIDDEN --db-password HIDDEN -x",
    ),
    (["check", "a b.json", "--format", "json"], "check 'a b.json' --format json"),
    (["audit", "token", "--jobs", "4"], "audit token --jobs 4"),
]


@pytest.mark.parametrize(("words", "text"), HIDDEN, ids=[" ".join(words) for words, _ in HIDDEN])
def test_a_command_line_is_told_without_its_secrets(words, text):
    assert str(CommandLine(words)) == text


@pytest.mark.parametrize(("before", "after", "first"), [("", "", 0), ("[\n", "\n]", 1)])
def test_findings_have_the_line_of_what_is_wrong(run, event, tmp_path, before, after, first):
    text = json.dumps({**event, "ibmenseverity": "HIGH"}, indent=1)
    (tmp_path / "event.json").write_text(before + text + after)
    line = first + next(n for n, written in enumerate(text.splitlines(), 1) if "ibmenseverity" in written)
    assert f"/ibmenseverity P08-severity-medium, line {line}\n" in run("check", "event.json").stdout
    assert f"file=event.json,line={line},title=P08" in run("check", "event.json", "--format", "github").stdout
    (found,) = json.loads(run("check", "event.json", "--format", "sarif").stdout)["runs"][0]["results"]
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": line}
