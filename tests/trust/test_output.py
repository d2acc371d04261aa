"""Nothing is lost: output is whole or not there, an input is never written over, a full disk is said in a line."""

from __future__ import annotations

import gzip
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and devices are those of Unix")

OLD = b"what was there before"

# attack, what is in the folder, words of the command line: the file `out.json` is to be written and is an input too
OVERWRITING = [
    ("the input itself", "check out.json --output out.json"),
    ("another path of it", "check out.json --output in/../out.json"),
    ("a link to it", "check out.json --output link.json"),
    ("a hard link to it", "check out.json --output hard.json"),
    ("a file of the folder", "check in --output in/event.json"),
    ("a hard link to a file of the folder", "check in --output hard-in.json"),
    ("a second report", "check out.json --report sarif=out.json"),
    ("standard input", "check - --output out.json"),
    ("the registration", "lint out.json --output out.json"),
    ("the report that is merged", "coverage out.json --output out.json"),
    ("the event that is rendered", "render out.json --to sms --output out.json"),
    ("the template", "render out.json --to webhook --template card.hbs --output card.hbs"),
    ("an archive", "audit out.json --output out.json"),
    ("a file of an archive's folder", "audit in --output in/event.json"),
    ("a hard link to a file of an archive", "audit in --output hard-in.json"),
    ("a file that a pattern names", "audit in/*.json --output in/event.json"),
]


@pytest.fixture
def folder(tmp_path, write, event):
    write("out.json", event)
    write("in/event.json", event)
    write("in/other.json", event)
    write("card.hbs", OLD)
    write("topic.tf.json", {"resource": {"ibm_en_topic": {"a": {"instance_guid": "a", "name": "a"}}}})
    (tmp_path / "link.json").symlink_to(tmp_path / "out.json")
    os.link(tmp_path / "out.json", tmp_path / "hard.json")
    os.link(tmp_path / "in" / "event.json", tmp_path / "hard-in.json")
    return tmp_path


@pytest.mark.parametrize(("attack", "words"), OVERWRITING, ids=[attack for attack, _ in OVERWRITING])
def test_output_that_is_an_input_is_refused(process, folder, attack, words):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with (folder / "out.json").open("rb") as stdin:
        done = process(*words.split(), stdin=stdin)
    assert done.returncode == 2
    assert "is an input and would be overwritten" in done.stderr
    assert done.stdout == ""
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("verb", ["check", "audit"])
def test_an_earlier_report_in_the_folder_is_written_over(run, folder, verb):
    for _ in range(2):
        assert run(verb, "in", "--format", "json", "--output", "in/report.json").returncode == 0
    assert '"events": 2' in (folder / "in" / "report.json").read_text()


# where a run fails, the old file stays: words, and the status
FAILING = [
    ("check absent.json --output old", 2),
    ("check in --output old --report html=in", 2),
    ("generate --type nothing --output old", 2),
    ("generate --invalid P99 --output old", 2),
    ("render absent.json --to sms --output old", 2),
    ("lint absent.tf --output old", 2),
    ("coverage in --output old", 2),
    ("audit absent --output old", 2),
    ("test consumer http://127.0.0.1:9 --output old", 2),
]


@pytest.mark.parametrize(("words", "status"), FAILING, ids=[words for words, _ in FAILING])
def test_a_run_that_fails_leaves_the_old_file(run, folder, words, status):
    (folder / "old").write_bytes(OLD)
    names = {path.name for path in folder.iterdir()}
    assert run(*words.split()).returncode == status
    assert (folder / "old").read_bytes() == OLD
    # nothing is left beside it either
    assert {path.name for path in folder.iterdir()} == names


def test_output_keeps_the_permissions_and_the_link_of_the_old_file(run, folder):
    (folder / "old").write_bytes(OLD)
    (folder / "old").chmod(0o640)
    (folder / "to-old").symlink_to("old")
    assert run("check", "in", "--output", "to-old").returncode == 0
    assert (folder / "to-old").is_symlink()
    assert (folder / "old").stat().st_mode & 0o777 == 0o640
    assert b"all conform" in (folder / "old").read_bytes()


def test_output_to_a_device_or_a_pipe_goes_there(process, folder):
    done = process("check", "in", "--output", "/dev/stdout")
    assert "all conform" in done.stdout
    assert process("check", "in", "--output", os.devnull).returncode == 0


FULL = [
    "check in",
    "audit in",
    "explain P20",
    "generate --count 3",
    "render out.json --to sms",
    "schemas",
    "corpus",
    "filter $.x in",
    "lint topic.tf.json",
    "completion bash",
    "--version",
]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("words", FULL)
@pytest.mark.representatives("check in", "generate --count 3", "--version")
def test_a_full_disk_is_no_breach(process, folder, words):
    with open("/dev/full", "wb") as full:
        done = process(*words.split(), stdout=full)
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    # an error and its hint, beside those of what was asked
    assert len(done.stderr.splitlines()) <= 4


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("words", ["check in", "generate --count 3", "render out.json --to sms", "audit in"])
def test_a_file_on_a_full_disk_loses_nothing(run, folder, words):
    done = run(*words.split(), "--output", "/dev/full")
    assert done.returncode == 2
    assert "/dev/full: No space left on device" in done.stderr
    # a report is on standard output then; events can be made again
    assert bool(done.stdout) == (words != "generate --count 3")


@pytest.mark.parametrize("verb", ["check", "audit"])
@pytest.mark.parametrize("how", ["cut", "damaged"])
def test_what_comes_before_the_damage_is_judged_to_the_last_whole_line(run, folder, verb, how):
    run("generate", "--count", "3000", "--format", "ndjson", "--output", "many.ndjson")
    packed = gzip.compress((folder / "many.ndjson").read_bytes())
    half = len(packed) // 2
    (folder / "x.gz").write_bytes(packed[:half] if how == "cut" else packed[:half] + bytes(100) + packed[half + 100 :])
    # damage may be read as something for a while
    examples = ["--examples", "3000"] if verb == "audit" else []
    done = run(verb, "x.gz", "--format", "json", *examples)
    assert done.returncode == 1
    assert '"events": 0' not in done.stdout
    assert "compression is damaged" in done.stdout


def test_what_an_audit_keeps_nobody_else_may_read(run, folder):
    run("audit", "-", "--work", "work", stdin=(folder / "out.json").read_bytes())
    kept = [folder / "work", *(folder / "work").rglob("*")]
    assert len(kept) > 4
    assert [path for path in kept if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{", b"\x00" * 10], ids=["no UTF-8", "no JSON", "zeros"])
def test_a_question_that_is_damaged_is_said(run, folder, content):
    run("audit", "in", "--work", "work")
    (folder / "work" / "question.json").write_bytes(content)
    done = run("audit", "in", "--work", "work")
    assert done.returncode == 2
    assert "holds an audit of other files" in done.stderr


def test_no_more_processes_are_started_than_there_are_parts(monkeypatch, folder):
    from vpc_backup_events.audit import engines

    started = []

    class Pool(ThreadPoolExecutor):
        """Threads in place of processes, since these have the tasks of this test; counts them."""

        def __init__(self, number, mp_context=None, initializer=None):
            started.append(number)
            super().__init__(number)

    monkeypatch.setattr(engines, "ProcessPoolExecutor", Pool)
    parts = [(number, str(number)) for number in range(3)]
    assert sorted(engines.Local(80).run(lambda *part: part, parts)) == parts
    assert started == [3]
