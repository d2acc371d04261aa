"""`generate` as a process."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time

import pytest


def test_one_event_is_a_document_that_is_ok_in_strict(run):
    done = run("generate")
    assert done.returncode == 0
    assert json.loads(done.stdout)["specversion"] == "1.0"
    assert run("check", "--profile", "strict", stdin=done.stdout.encode()).returncode == 0


@pytest.mark.representatives("documented-ndjson")
@pytest.mark.parametrize("format", ["json", "ndjson"])
@pytest.mark.parametrize("profile", ["documented", "strict"])
def test_every_event_is_ok_in_its_profile_and_in_documented(run, format, profile):
    events = run("generate", "--count", 2_500, "--format", format, "--profile", profile).stdout.encode()
    for judged_in in {profile, "documented"}:
        report = json.loads(run("check", "--profile", judged_in, "--format", "json", stdin=events).stdout)
        assert report["ok"]
        assert report["findings"] == []
        assert report["summary"]["events"] == 2_500


@pytest.mark.parametrize("profile", ["documented", "strict"])
def test_every_invalid_event_is_an_error(run, profile):
    events = run("generate", "--invalid", "--count", 1_000, "--profile", profile).stdout.encode()
    report = json.loads(run("check", "--profile", profile, "--format", "json", stdin=events).stdout)
    errors = [f for f in report["findings"] if f["level"] == "error"]
    assert {f["source"]["index"] for f in errors} == set(range(1_000))


def test_what_is_asked_for_is_what_comes(run):
    done = run("generate", "--count", 5, "--type", "backup-instance-retention", "--reason", "snapshot_pending")
    assert {e["type"].rpartition(".")[2] for e in json.loads(done.stdout)} == {"backup-instance-retention"}
    events = run("generate", "--invalid", "P16-code-known", "--count", 3).stdout.encode()
    report = json.loads(run("check", "--format", "json", stdin=events).stdout)
    assert {f["requirement"] for f in report["findings"]} == {"P16-code-known"}
    events = run("generate", "--quirk", "D14", "--count", 4).stdout.encode()
    report = json.loads(run("check", "--format", "json", stdin=events).stdout)
    assert report["ok"]
    assert {f["requirement"] for f in report["findings"]} == {"P05-type-retention", "P15-job-type-retention"}


def test_the_same_seed_gives_the_same_bytes(run):
    first, again, other = (run("generate", "--count", 50, "--seed", seed).stdout for seed in (1, 1, -2))
    assert first == again
    assert first != other


def test_no_event_at_all(run):
    assert json.loads(run("generate", "--count", 0).stdout) == []
    assert run("generate", "--count", 0, "--format", "ndjson").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--type", "backup-moon"), "no event type 'backup-moon'"),
        (("--reason", "bad-luck"), "no reason code 'bad-luck'"),
        (("--invalid", "P99-x"), "no requirement 'P99-x'"),
        (("--invalid", "P10-id-uuid"), "breaks P10-id-uuid alone, as an error in documented"),
        (("--quirk", "D99"), "shows D99"),
        (("--type", "backup-volume-creation", "--quirk", "D16"), "shows D16"),
        (("--count", "-1"), "no whole number"),
        (("--count", "many"), "no whole number"),
        (("--invalid", "--quirk"), "not allowed with"),
        (("--output", "no/such/folder"), "No such file"),
    ],
)
def test_what_can_not_be_had(run, arguments, message):
    done = run("generate", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr


def test_output_is_a_file(run, tmp_path):
    assert run("generate", "--count", 3, "--output", "events.json").stdout == ""
    assert len(json.loads((tmp_path / "events.json").read_bytes())) == 3


def test_a_reader_that_goes_away_is_no_error(command, environment, tmp_path):
    shell = f"{' '.join(command)} generate --count 300000 --format ndjson | head -n 1"
    done = subprocess.run(shell, shell=True, capture_output=True, env=environment, cwd=tmp_path, timeout=60)
    assert json.loads(done.stdout)["specversion"] == "1.0"
    assert done.stderr == b""


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_a_whole_document(command, environment, tmp_path, how, status):
    process = subprocess.Popen(
        [*command, "generate", "--count", "100000000", "--output", "events.json"],
        stderr=subprocess.PIPE,
        env=environment,
        cwd=tmp_path,
    )
    file = tmp_path / "events.json"
    deadline = time.monotonic() + 30
    # written beside its target, and moved over it when whole
    while not any(path.stat().st_size for path in tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(how)
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        # it would fill the disk
        process.kill()
    assert process.returncode == status
    assert len(json.loads(file.read_bytes())) > 0
    assert b"interrupted after" in errors


@pytest.mark.exhaustive
def test_a_terminal_sees_progress_when_it_takes_long(command, environment, tmp_path):
    pytest.importorskip("rich")
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [*command, "generate", "--count", "400000", "--output", "events.json"],
        stderr=child,
        env={**environment, "TERM": "xterm"},
        cwd=tmp_path,
    )
    os.close(child)
    shown = b""
    try:
        while chunk := os.read(parent, 65_536):
            shown += chunk
    except OSError:
        pass
    finally:
        process.wait(timeout=60)
        os.close(parent)
    assert b"400000" in shown


def test_runs_with_other_options_share_no_ids(run):
    options = ([], ["--profile", "documented"], ["--type", "backup-volume-creation"], ["--invalid"], ["--seed", "1"])
    ids = []
    for words in options:
        lines = run("generate", "--count", "50", "--format", "ndjson", *words).stdout.splitlines()
        events = [event for event in map(json.loads, lines) if isinstance(event, dict)]
        ids.append({json.dumps(event["id"]) for event in events if len(str(event.get("id"))) == 36})
    assert sum(map(len, ids)) == len(set.union(*ids)) > 200


def test_events_with_the_id_of_the_example_are_one_event(run):
    made = run("generate", "--quirk", "D32", "--count", "5", "--format", "ndjson").stdout
    done = run("check", "-", stdin=made.encode())
    assert done.returncode == 0
    assert "P10-id-unique" not in done.stdout
