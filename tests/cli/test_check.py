import gzip
import json
import os
import pty
import re
import shlex
import signal
import subprocess

import jsonschema
import pytest

from vpc_backup_events import cli
from vpc_backup_events.cli import VERBS
from vpc_backup_events.values.data import data_root


@pytest.fixture
def broken(event):
    return {**event, "specversion": "urgent"}


@pytest.fixture
def other(event):
    return {**event, "id": "6a1c3f0e-8a3b-4c7e-9f57-0d8e2a41c6b3"}


def test_conforming_event(run, write, event):
    done = run("check", write("event.json", event))
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "event.json: ok",
        "1 event: conforms (documented profile): 0 errors, 0 warnings, 0 notes",
    ]


def test_breach_is_shown_with_place_message_fix_and_link(run, write, broken):
    done = run("check", write("event.json", broken))
    assert done.returncode == 1
    heading, *lines, summary = done.stdout.splitlines()
    assert heading == "event.json: does not conform, 1 error"
    assert lines[0].split() == ["error", "event.json:0:/specversion", "P01-specversion"]
    assert "urgent" in lines[1]
    assert lines[2].startswith("           fix: ")
    assert lines[3].startswith("           doc: https://")
    assert summary == "1 event: 1 does not conform (documented profile): 1 error, 0 warnings, 0 notes"


def test_profile_decides(run, write, event):
    path = write("event.json", {**event, "ibmenseverity": "high"})
    assert run("check", path).returncode == 0
    strict = run("check", path, "--profile", "strict")
    assert strict.returncode == 1
    assert "(strict profile)" in strict.stdout


@pytest.mark.parametrize("arguments", [(), ("-",), ("-", "-")])
def test_standard_input(run, broken, arguments):
    done = run("check", *arguments, stdin=json.dumps(broken).encode())
    assert done.returncode == 1
    assert done.stdout.count("<stdin>:0:/specversion P01-specversion\n") == 1


def test_empty_standard_input_does_not_conform(run):
    done = run("check", "-")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("0 events, 1 input without an event (documented profile): 1 error")


def test_no_input_at_a_terminal_is_a_usage_error(command, environment, tmp_path):
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [*command, "check"], stdin=theirs, capture_output=True, cwd=tmp_path, env=environment, timeout=60
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert b"There is no input" in done.stderr
    assert b"hint: Name files or folders" in done.stderr
    assert done.stdout == b""


def test_several_events_in_a_file_are_told_apart(run, write, event, broken, other):
    path = write("day.ndjson", b"\n".join(json.dumps(each).encode() for each in (event, other, broken)))
    done = run("check", path)
    assert "day.ndjson: 3 events, does not conform" in done.stdout
    assert "  event 2 (line 3): does not conform" in done.stdout
    assert "day.ndjson:2:/specversion P01-specversion\n" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("3 events: 1 does not conform")


def test_folder_is_read_sorted_and_what_is_left_out_is_counted(run, write, event, broken, other):
    write("in/b.ndjson", json.dumps(other).encode() + b"\n")
    write("in/a.json", event)
    write("in/sub/c.json.gz", gzip.compress(json.dumps(broken).encode()))
    write("in/notes.txt", b"hello")
    write("in/archive.tar.gz", b"\x1f\x8b")
    done = run("check", "in")
    headings = [line.split(":")[0] for line in done.stdout.splitlines() if line.startswith("in/")]
    assert headings == ["in/a.json", "in/b.ndjson", "in/sub/c.json.gz"]
    assert "in/a.json: ok" in done.stdout
    assert "left out 2 files" in done.stderr
    assert done.returncode == 1


def test_file_that_is_named_is_read_whatever_its_name(run, write, broken):
    done = run("check", write("event.txt", broken))
    assert done.returncode == 1
    assert "event.txt:0:/specversion" in done.stdout


def test_file_named_twice_is_judged_once(run, write, event):
    write("in/event.json", event)
    assert "1 event: conforms" in run("check", "in", "in/event.json").stdout


def test_folder_without_an_event_file(run, write):
    write("in/notes.txt", b"hello")
    done = run("check", "in")
    assert done.returncode == 2
    assert "in: no event file in this folder." in done.stderr
    assert done.stdout == ""


def test_input_that_cannot_be_read_does_not_hide_the_others(run, write, broken):
    done = run("check", "missing.json", write("event.json", broken))
    assert done.returncode == 2
    assert "error: missing.json: No such file or directory." in done.stderr
    assert "event.json:0:/specversion P01-specversion\n" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_folder_that_cannot_be_read(run, write, event, tmp_path):
    write("in/event.json", event)
    (tmp_path / "in" / "locked").mkdir(mode=0)
    done = run("check", "in")
    assert done.returncode == 2
    assert "in/locked: Permission denied." in done.stderr
    assert "in/event.json: ok" in done.stdout


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\xff\xfe\x80",
        b"[" * 100_000,
        b"",
        b"\x1f\x8b\x08broken",
        b"[]",
        b"{",
        b"NaN",
        b"\n\n\n",
        b"POST / HTTP/1.1",
    ],
    ids=["noise", "brackets", "empty", "gzip", "array", "open", "nan", "lines", "http"],
)
def test_any_bytes_give_a_report(run, write, content):
    done = run("check", write("in.json", content), "--format", "json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["ok"] is False
    assert document["summary"]["error"] >= 1


def test_json_is_valid_under_its_schema(run, write, event, broken):
    schema = json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for example in schema["examples"]:
        validator.validate(example)
    path = write("day.ndjson", json.dumps(event).encode() + b"\n" + json.dumps(broken).encode())
    done = run("check", path, "--format", "json")
    document = json.loads(done.stdout)
    validator.validate(document)
    assert document["summary"]["events"] == 2
    assert document["summary"]["requirements"]["P01-specversion"] == 1
    assert [finding["source"] for finding in document["findings"] if finding["requirement"] == "P01-specversion"] == [
        {"file": path, "line": 2, "index": 1}
    ]
    for wrong in ({**document, "more": 1}, {**document, "ok": "no"}, {"ok": True}):
        assert not validator.is_valid(wrong)


def test_rule_across_inputs(run, write, event):
    changed = {**event, "time": "2024-04-22T21:59:34Z"}
    done = run("check", write("a.json", event), write("b.json", changed))
    assert done.returncode == 1
    assert "P10-id-unique" in done.stdout
    assert run("check", write("a.json", event), write("b.json", event)).returncode == 0


def test_output_file(run, write, broken, tmp_path):
    write("in/event.json", broken)
    for _ in range(2):
        # the second time the report is there already, and is no input
        done = run("check", "in", "--format", "json", "--output", "in/report.json")
        assert done.returncode == 1
        assert done.stdout == ""
        assert "in/report.json" in done.stderr
        assert json.loads((tmp_path / "in" / "report.json").read_text())["summary"]["events"] == 1


def test_output_never_overwrites_an_input(run, write, event, tmp_path):
    done = run("check", write("event.json", event), "--output", "event.json")
    assert done.returncode == 2
    assert json.loads((tmp_path / "event.json").read_bytes()) == event


def test_output_that_cannot_be_written(run, write, event):
    done = run("check", write("event.json", event), "--output", "no/such/folder/report")
    assert done.returncode == 2
    assert "no/such/folder/report: No such file or directory." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "colored"),
    [
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "auto"), {}, False),
        (("--color", "never"), {}, False),
        ((), {}, False),
    ],
)
def test_color_in_a_pipe(run, write, broken, arguments, variables, colored):
    assert ("\x1b[" in run("check", write("event.json", broken), *arguments, **variables).stdout) is colored


@pytest.mark.parametrize(("variables", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_color_on_a_terminal(command, environment, write, broken, tmp_path, variables, colored):
    path = write("event.json", broken)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*command, "check", path], stdout=theirs, cwd=tmp_path, env={**environment, "TERM": "xterm", **variables}
    ) as process:
        assert process.wait(timeout=60) == 1
        os.close(theirs)
        shown = os.read(ours, 65536)
    os.close(ours)
    assert b"P01-specversion" in shown
    assert (b"\x1b[" in shown) is colored


def test_nothing_in_an_event_steers_the_terminal(run, write, event):
    evil = {**event, "ibmenseverity": "\x1b]0;owned\x07\x9b31m‮", "\x1b[2J": "x", "a\ud800b": "y"}
    path = write("e\x1b[31mvil.json", evil)
    for format in ("text", "json"):
        done = run("check", path, "--format", format)
        assert done.returncode == 1
        assert not {"\x1b", "\x07", "\x9b", "‮"} & set(done.stdout)
    missing = run("check", "no\x1b[31m.json")
    assert "\x1b" not in missing.stderr


def test_file_names_that_are_no_utf8(run, event, tmp_path):
    try:
        with open(os.fsencode(tmp_path) + b"/caf\xe9.json", "wb") as file:
            file.write(json.dumps({**event, "specversion": "urgent"}).encode())
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    done = run("check", ".", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["source"]["file"] == "./caf\\xe9.json"


def test_reader_that_goes_away_is_no_error(command, environment, write, broken, tmp_path):
    path = write("day.ndjson", (json.dumps(broken) + "\n").encode() * 2000)
    with subprocess.Popen(
        [*command, "check", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment
    ) as process:
        assert process.stdout.readline().startswith(b"day.ndjson: 2000 events")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupt_reports_what_was_judged(command, environment, write, broken, tmp_path, how, status):
    path = write("event.json", broken)
    with subprocess.Popen(
        [*command, "check", path, "-", "--format", "json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as process:
        # standard input comes second; half of it tells that the process waits for more, with the file judged
        process.stdin.write(b"{" * 200_000)
        process.send_signal(how)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == status
    assert json.loads(stdout)["summary"]["requirements"] == {"P01-specversion": 1}
    assert b"interrupted" in stderr
    assert b"Traceback" not in stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("chekc",), ("check", "--profile", "lax"), ("check", "--format", "xml"), ("check", "--bogus")],
)
def test_usage_errors(run, arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage: vpc-backup-events" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_examples_that_are_understood(run, verb, monkeypatch):
    # wide enough that no usage line is broken
    monkeypatch.setenv("COLUMNS", "200")
    done = run(verb, "--help")
    assert done.returncode == 0
    _, _, after = done.stdout.partition("examples:\n")
    lines = [line.strip() for line in after.split("\n\n")[0].splitlines()]
    assert any(line.startswith(f"vpc-backup-events {verb}") for line in lines)
    for line in lines:
        for part in re.split(r"\s[|>&](?:\s|$)", line):
            words = shlex.split(part)
            if words[:1] == ["vpc-backup-events"]:
                assert cli._parser(words[1:]).parse_args(words[1:]).verb == words[1]


def test_version_names_the_engine(process):
    done = process("--version", VPC_BACKUP_EVENTS_ENGINE="jsonschema")
    assert done.returncode == 0
    assert done.stdout.startswith("vpc-backup-events ")
    assert "(jsonschema, Python " in done.stdout


def test_engine_that_does_not_exist(process, write, event):
    done = process("check", write("event.json", event), VPC_BACKUP_EVENTS_ENGINE="nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr
