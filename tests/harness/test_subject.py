"""Subjects in other processes: those that speak the protocol, and every way not to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.harness import Subject, SubjectError
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.deliveries import MODES
from vpc_backup_events.making.draft import scenario_of
from vpc_backup_events.reference import build_event
from vpc_backup_events.trials.run import judge_consumer, judge_producer
from vpc_backup_events.values.errors import Declined, UsageError
from vpc_backup_events.values.scenario import Scenario

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node") or ""
needs_node = pytest.mark.skipif(not NODE, reason="Node is not installed")
LANGUAGES = [
    pytest.param([sys.executable, "harness-python"], ".py", id="python"),
    pytest.param([NODE, "harness-javascript"], ".mjs", id="javascript", marks=needs_node),
]
SCENARIO = scenario_of(catalog.pairs["R04"], Seeded(1))
SCHEMAS = {
    name: json.loads((ROOT / f"schemas/harness/{name}.schema.json").read_bytes())
    for name in ("to-subject", "from-subject")
}


def example(command, suffix, role):
    interpreter, folder = command
    return [interpreter, str(ROOT / "examples" / folder / (role + suffix))]


@pytest.mark.parametrize(("command", "suffix"), LANGUAGES)
@pytest.mark.parametrize("profile", ["documented", "strict"])
def test_the_worked_producers_conform(command, suffix, profile):
    with Subject(example(command, suffix, "producer"), role="producer", profile=profile) as subject:
        report = judge_producer(subject.produce, profile)
    assert report.verdict == "conforming", report.lines()


@pytest.mark.representatives("python")
@pytest.mark.parametrize(("command", "suffix"), LANGUAGES)
def test_the_worked_consumers_conform(command, suffix):
    with Subject(example(command, suffix, "consumer"), role="consumer") as subject:
        assert subject.observes
        report = judge_consumer(subject.consume, subject.observe)
    assert report.verdict == "conforming", report.lines()


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_examples_of_the_messages_are_valid_and_every_message_has_one(name):
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for kind, message in schema["$defs"].items():
        assert message["examples"], kind
        for each in message["examples"]:
            assert each["type"] == kind
            assert list(validator.iter_errors(each)) == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        [],
        {"type": "song"},
        {"type": "event", "id": "1"},
        {"type": "event", "id": "1", "event": {}, "text": "{}"},
        {"type": "answer", "id": "1", "status": 99},
        {"type": "answer", "id": "1", "status": "204"},
        {"type": "skipped", "id": "1"},
        {"type": "started", "name": "x"},
        {"type": "answer", "id": "1", "status": 204, "more": 1},
    ],
)
def test_what_is_no_message(message):
    assert not Draft202012Validator(SCHEMAS["from-subject"]).is_valid(message)


# --------------------------------------------------------------------------------------------- misbehaviour

WELL = """
import json, sys, time, os, subprocess, threading
def say(**message): print(json.dumps(message), flush=True)
def lines():
    for line in sys.stdin: yield json.loads(line)
messages = lines()
def start(protocol=1, **more): next(messages); say(type="started", protocol=protocol, name="fake", **more)
"""


@pytest.fixture
def fake(tmp_path):
    """A subject of a few lines of Python."""

    def make(body, role="producer", timeout=0.5):
        path = tmp_path / "fake.py"
        path.write_text(WELL + body)
        return Subject([sys.executable, str(path)], role=role, timeout=timeout)

    return make


def failing(make, *says):
    """The error of the subject's first question; in bounded time."""
    started = time.monotonic()
    with pytest.raises(SubjectError) as caught, make() as subject:
        subject.produce(SCENARIO)
    assert time.monotonic() - started < 8
    for text in says:
        assert text in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("time.sleep(60)", "did not answer within 0.5 s"),
        ("start()\nnext(messages)\ntime.sleep(60)", "did not answer within 0.5 s"),
        ("sys.exit(3)", "exited with status 3"),
        ("start()\nnext(messages)\nos.kill(os.getpid(), 9)", "SIGKILL"),
        ("start()\nnext(messages)\nsys.stderr.write('no luck today')\nsys.exit(1)", "no luck today"),
        ("next(messages)\nprint('Hello', flush=True)", "no message of the protocol in answer to 'start': Hello"),
        ("start()\nnext(messages)\nprint('\\x1b[31mred', flush=True)", "\\x1b[31mred"),
        ("start()\nnext(messages)\nsay(type='event', id='1')", "no message of the protocol"),
        ("start()\nnext(messages)\nsay(type='answer', id='1', status=204)", "answered 'answer' to 'scenario'"),
        ("start()\nnext(messages)\nsay(type='event', id='7', event={})", "answered '7' where '1' was asked"),
        ("start(protocol=2)", "speaks version 2"),
        ("start()\nsys.stdout.close()\nos.close(1)\ntime.sleep(60)", "closed its standard output"),
        ("start()\nnext(messages)\nsys.stdout.write('x' * 9_000_000)\nsys.stdout.flush()\ntime.sleep(60)", "floods"),
        ("start()\nsay(type='answer', id='1', status=204)\ntime.sleep(60)", "answer"),
        ("start()\nfor _ in range(100_000): say(type='answer', id='1', status=204)", "failed. "),
    ],
    ids=[
        "hangs at the start", "hangs later", "exits at once", "is killed", "writes to standard error", "prints noise",
        "prints colours", "an answer that is not valid", "another answer", "another id", "another version",
        "closes its output", "a line without end", "an answer too many", "a flood of lines",
    ],
)  # fmt: skip
def test_a_subject_that_misbehaves_is_an_error_in_bounded_time(fake, body, says):
    failing(lambda: fake(body, timeout=0.5 if "time.sleep(60)" in body else 5), says)


def test_after_a_failure_every_question_is_the_same_error(fake):
    with fake("start()\nnext(messages)\nsys.exit(1)") as subject:
        errors = []
        for _ in range(3):
            with pytest.raises(SubjectError) as caught:
                subject.produce(SCENARIO)
            errors.append(str(caught.value))
    assert len(set(errors)) == 1


def test_a_subject_that_ignores_the_end_is_killed_with_its_children(fake, tmp_path):
    body = """
start()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("PID", "w").write(str(child.pid))
for message in messages: pass
time.sleep(600)
""".replace("PID", str(tmp_path / "pid"))
    started = time.monotonic()
    with fake(body):
        pass
    assert time.monotonic() - started < 8
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child lives on")


def test_a_subject_that_never_starts_is_ended_where_the_wait_for_it_is_interrupted(fake, tmp_path):
    pid = tmp_path / "pid"

    def interrupt():
        while not pid.exists() or not pid.read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            fake(f"open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)", timeout=30)
    finally:
        signal.signal(signal.SIGINT, before)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_subject_that_does_not_read_is_an_error(fake):
    big = SCENARIO.as_json() | {"resource": "x" * 5_000_000}
    with fake("start()\ntime.sleep(60)") as subject, pytest.raises(SubjectError, match="does not read"):
        subject.produce(type(SCENARIO)(**big))


def test_a_command_that_is_not_there():
    with pytest.raises(SubjectError, match="can't be started"):
        Subject("no-such-program-anywhere", role="producer")
    with pytest.raises(UsageError, match="empty"):
        Subject("", role="producer")


def test_what_a_subject_skips_is_declined_and_what_it_reports_is_an_error_of_this_question(fake):
    body = """
start()
question = next(messages)
say(type="skipped", id=question["id"], reason="not on Mondays")
question = next(messages)
say(type="errored", id=question["id"], reason="no database", context={"host": "db"})
question = next(messages)
say(type="event", id=question["id"], text="{}")
"""
    with fake(body) as subject:
        with pytest.raises(Declined, match="not on Mondays"):
            subject.produce(SCENARIO)
        with pytest.raises(SubjectError, match="no database"):
            subject.produce(SCENARIO)
        assert subject.produce(SCENARIO) == "{}"


def test_bodies_that_are_no_text_go_and_come_in_base64(fake):
    body = """
start()
question = next(messages)
assert question["body_base64"] == "//4="
say(type="answer", id=question["id"], status=400)
"""
    with fake(body, role="consumer") as subject:
        assert subject.consume({}, b"\xff\xfe") == 400


def test_an_event_may_be_a_message(fake):
    headers, body = MODES["structured"](build_event(SCENARIO))
    script = (
        f"start()\nquestion = next(messages)\nsay(type='event', id='1', headers={headers!r}, body={body.decode()!r})"
    )
    with fake(script) as subject:
        assert vbe.check(subject.produce(SCENARIO), "strict").findings == ()


def test_a_consumer_whose_program_dies_is_an_error_and_no_breach(fake):
    body = """
start()
for number, message in enumerate(messages):
    if number > 20: sys.exit(1)
    say(type="answer", id=message["id"], status=204)
"""
    with fake(body, role="consumer") as subject:
        report = judge_consumer(subject.consume)
    assert {result.status for result in report.results} >= {"errored"}
    assert report.verdict == "not conforming"


def test_the_page_shows_a_real_conversation(tmp_path):
    page = (ROOT / "docs" / "harness.md").read_text("utf-8")
    subject, conversation = page.partition("<!-- subject -->")[2], page.partition("<!-- conversation -->")[2]
    path = tmp_path / "subject.py"
    path.write_text(subject.partition("```python\n")[2].partition("```")[0])
    lines = conversation.partition("```text\n")[2].partition("```")[0].strip().splitlines()
    import subprocess

    asked = "".join(line[2:] + "\n" for line in lines if line.startswith("> "))
    done = subprocess.run([sys.executable, path], input=asked, capture_output=True, text=True, timeout=30)
    assert done.stdout.splitlines() == [line[2:] for line in lines if line.startswith("< ")]
    for line in lines:
        schema = SCHEMAS["to-subject" if line.startswith("> ") else "from-subject"]
        assert Draft202012Validator(schema).is_valid(json.loads(line[2:])), line


@pytest.mark.parametrize("type", ["scenario", "delivery"])
def test_the_page_shows_whole_messages(type):
    page = (ROOT / "docs" / "harness.md").read_text("utf-8")
    text = page.partition(f"<!-- message: {type} -->\n```json\n")[2].partition("```")[0]
    message = json.loads(text)
    assert message["type"] == type
    Draft202012Validator(SCHEMAS["to-subject"]).validate(message)
    if type == "delivery":
        assert vbe.check((message["headers"], message["body"].encode()), "strict").findings == ()
    else:
        assert set(message["scenario"]) == set(Scenario.__dataclass_fields__)
