"""The verb `audit` as a program: exit status, streams, interruption, kill, Spark."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from helpers.archives import changed, conforming, mixed

KIT = (sys.executable, "-m", "vpc_backup_events")


def run(*arguments, status=0, **options):
    done = subprocess.run([*KIT, "audit", *map(str, arguments)], capture_output=True, timeout=300, **options)
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done


def archive_in(folder):
    archive = folder / "archive"
    archive.mkdir()
    lines = mixed(1_000)
    (archive / "a.ndjson").write_bytes(b"\n".join(lines))
    (archive / "b.json.gz").write_bytes(gzip.compress(lines[3]))
    (archive / "c.json").write_bytes(b"[" + b",".join(conforming(10, seed=7)) + b"]")
    return archive


@pytest.fixture
def archive(tmp_path):
    return archive_in(tmp_path)


@pytest.fixture(scope="module")
def with_report(tmp_path_factory):
    """An archive that no test changes, and the report on it."""
    archive = archive_in(tmp_path_factory.mktemp("archives"))
    return archive, run(archive, "--format", "json", status=1).stdout


def test_it_conforms(tmp_path):
    (tmp_path / "a.ndjson").write_bytes(b"\n".join(conforming(50)))
    done = run(tmp_path)
    text = done.stdout.decode()
    assert "events by reason:" in text
    assert text.endswith("1 file, 50 events, 0 with errors (documented profile): 0 errors, 0 warnings, 0 notes\n")
    assert done.stderr == b""


def test_it_does_not_conform(archive, tmp_path):
    done = run(archive, "--examples", 2, "--report", f"json={tmp_path / 'r.json'}", "--jobs", 2, status=1)
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["summary"]["events"] == 1_011
    assert report["archive"]["files"] == 3
    text = done.stdout.decode()
    for requirement, count in report["summary"]["requirements"].items():
        assert f"{requirement}: {count} finding" in text
    assert text.count("P01-id") == 1


def test_standard_input():
    done = run("-", "--format", "json", input=b"\n".join(conforming(20)))
    assert json.loads(done.stdout)["summary"]["events"] == 20
    assert "<stdin>" in run("-", input=b"\n".join(changed(5)), status=1).stdout.decode()


def test_standard_input_goes_on_too(tmp_path):
    events = b"\n".join(conforming(20))
    for said in (b"", b"1 of 1 parts were judged before"):
        assert said in run("-", "--work", tmp_path / "state", input=events).stderr
    assert b"of other files" in run("-", "--work", tmp_path / "state", input=events[:-1], status=2).stderr


def test_what_cannot_be_asked(tmp_path):
    assert b"no file has such a name" in run(tmp_path / "*.x", status=2).stderr
    assert b"No such file" in run(tmp_path / "none", status=2).stderr
    assert b"no archive file" in run(tmp_path, status=2).stderr
    (tmp_path / "a.json").write_bytes(conforming(1)[0])
    done = run(tmp_path / "a.json", tmp_path / "none", "--format", "json", status=2)
    assert json.loads(done.stdout)["summary"]["events"] == 1
    assert b"no whole number" in run(tmp_path, "--jobs", "0", status=2).stderr
    assert b"something else" in run(tmp_path / "a.json", "--work", tmp_path, status=2).stderr
    done = run(tmp_path / "a.json", "--work", tmp_path / "a.json" / "b", status=2)
    assert b"Name a folder that you may write" in done.stderr


def test_nothing_is_left_behind(archive, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    run(archive, status=1, env={**os.environ, "TMPDIR": str(temporary)})
    assert list(temporary.iterdir()) == []


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """An archive of several parts, most of it slow to judge: of each text there is but one."""
    path = tmp_path_factory.mktemp("large") / "large.ndjson"
    slow = [line.replace(b'"specversion"', b'"x":"%d","specversion"' % n, 1) for n, line in enumerate(changed(4_000))]
    lines = b"\n".join([*conforming(24_000), *slow]) + b"\n"
    path.write_bytes(lines * 2)
    return path


@pytest.fixture(scope="module")
def huge_with_report(large):
    """So many parts that some are left, however quickly they are judged, and the report on them."""
    huge = large.with_name("huge.ndjson")
    huge.write_bytes(large.read_bytes() * 3)
    return huge, run(huge, "--format", "json", status=1).stdout


def results(state):
    return {path: path.stat().st_mtime_ns for path in state.glob("rows-*/*.parquet")}


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_and_resumed_it_loses_and_repeats_nothing(huge_with_report, tmp_path, how):
    huge, expected = huge_with_report
    state = tmp_path / "state"
    command = [*KIT, "audit", str(huge), "--format", "json", "--work", str(state), "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    # a report that is cut short begins with the first part
    while not (state / "rows-0" / "0.parquet").exists():
        assert process.poll() is None
        time.sleep(0.02)
    # everything that belongs to it, as a machine that goes down takes it along
    os.killpg(process.pid, how)
    out, err = process.communicate(timeout=60)
    done = results(state)
    assert done
    if how == signal.SIGINT:
        assert process.returncode == 130, err.decode()
        assert b"interrupted" in err
        assert b"to go on: vpc-backup-events audit" in err
        assert json.loads(out)["summary"]["events"] > 0
        assert b"Traceback" not in err
    again = run(huge, "--format", "json", "--work", state, "--jobs", 2, status=1)
    assert again.stdout == expected
    assert f"{len(done)} of ".encode() in again.stderr
    after = results(state)
    assert {path: after[path] for path in done} == done
    assert len(after) > len(done)


@pytest.mark.representatives("sums-0-SIGKILL")
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=lambda how: how.name)
@pytest.mark.parametrize("later", [0, 0.02, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("when", ["judging", "sums"])
def test_whenever_it_is_killed_the_next_run_says_the_same(with_report, tmp_path, when, later, how):
    archive, expected = with_report
    state = tmp_path / "state"
    begun = {"judging": state / "plan.ndjson", "sums": state / "scratch"}[when]
    command = [*KIT, "audit", str(archive), "--format", "json", "--work", str(state), "--jobs", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not begun.exists() and process.poll() is None:
        time.sleep(0.002)
    time.sleep(later)
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    # or it had ended already
    assert process.returncode in (1, 130, -how)
    assert run(archive, "--format", "json", "--work", state, status=1).stdout == expected
    assert not (state / "scratch").exists()


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2][0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_no_process_stays_when_the_first_is_killed(large, tmp_path):
    state = tmp_path / "state"
    process = subprocess.Popen([*KIT, "audit", str(large), "--work", str(state), "--jobs", "2"])
    try:
        while not results(state):
            assert process.poll() is None
            time.sleep(0.02)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
    finally:
        process.kill()
        process.wait()
    assert children
    end = time.monotonic() + 60
    while any(map(is_running, children)):
        assert time.monotonic() < end
        time.sleep(0.1)


spark = [
    pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: nox -s spark"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed"),
]


AUDIT = ["audit", "--engine", "spark"]


@pytest.fixture(params=["audit", pytest.param("submit", marks=pytest.mark.soak)])
def by_spark(request):
    if request.param == "audit":
        return [*KIT, *AUDIT]
    import pyspark

    command = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    return [str(command), "--master", "local[2]", find_spec("vpc_backup_events.__main__").origin, *AUDIT]


@pytest.mark.parametrize("", [pytest.param(marks=spark)])
def test_spark_gives_the_same_report_to_the_byte(archive, by_spark):
    again = [line.replace(b'"specversion"', b'"subject":"s","specversion"', 1) for line in mixed(1_000)[:40]]
    (archive / "d.ndjson").write_bytes(b"\n".join(again))
    (archive / "e.gz").write_bytes(gzip.compress(b"\n".join(again))[:-200])
    expected = run(archive, "--format", "json", status=1).stdout
    assert "P10-id-unique" in json.loads(expected)["summary"]["requirements"]
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    if by_spark[: len(KIT)] == [*KIT]:
        # on this machine workers are the Python of the kit, whatever `python3` is
        del env["PYSPARK_PYTHON"]
    done = subprocess.run([*by_spark, str(archive), "--format", "json"], capture_output=True, timeout=300, env=env)
    assert done.returncode == 1, done.stderr.decode()[-2_000:]
    assert done.stdout == expected


@pytest.mark.exhaustive
@pytest.mark.parametrize("", [pytest.param(marks=spark)])
def test_workers_of_spark_without_the_kit_are_told_of(archive, tmp_path):
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=120)
    env = {**os.environ, "PYSPARK_PYTHON": str(bare / "bin" / "python")}
    command = [*KIT, "audit", str(archive), "--engine", "spark"]
    done = subprocess.run(command, capture_output=True, timeout=300, env=env)
    # what Spark itself logs has the traceback of the worker
    assert done.returncode == 2
    assert b"The Python of Spark's workers does not have the kit." in done.stderr
    assert b"PYSPARK_PYTHON" in done.stderr


ELSEWHERE = """\
import sys
from vpc_backup_events.audit import spark
from vpc_backup_events.cli import main

spark.Spark._is_local = False
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.exhaustive
@pytest.mark.parametrize("way", [pytest.param(way, marks=spark) for way in ("work", "elsewhere")])
def test_spark_keeps_rows_in_a_folder_or_in_a_table_of_its_own(archive, tmp_path, way):
    again = [line.replace(b'"specversion"', b'"subject":"s","specversion"', 1) for line in mixed(1_000)[:40]]
    (archive / "d.ndjson").write_bytes(b"\n".join(again))
    expected = run(archive, "--format", "json", status=1).stdout
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    command = [sys.executable, "-c", ELSEWHERE, *AUDIT, str(archive), "--format", "json", "--jobs", "2"]
    if way == "work":
        command = [*KIT, *AUDIT, str(archive), "--format", "json", "--jobs", "2", "--work", str(tmp_path / "work")]
    for _ in range(2 if way == "work" else 1):
        done = subprocess.run(command, capture_output=True, timeout=300, env=env)
        assert done.returncode == 1, done.stderr.decode()[-2_000:]
        assert done.stdout == expected
    assert (b"parts were judged before" in done.stderr) == (way == "work")


CACHES = """\
import sys
from pyspark.sql import SparkSession
from vpc_backup_events.cli import main

session = SparkSession.builder.master("local[2]").getOrCreate()
session.range(9).createOrReplaceTempView("of_others")
session.catalog.cacheTable("of_others")
assert main(sys.argv[1:]) == 1
print([name for name in ("of_others", "beginnings", "several", "later") if session.catalog.isCached(name)])
"""


@pytest.mark.parametrize("", [pytest.param(marks=spark)])
def test_spark_keeps_what_others_of_its_session_have(archive, tmp_path):
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    command = [sys.executable, "-c", CACHES, *AUDIT, str(archive), "--output", str(tmp_path / "report.txt")]
    done = subprocess.run(command, capture_output=True, timeout=300, env=env)
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    assert done.stdout.decode().strip() == "['of_others']"


def test_the_table_is_kept_on_one_machine(tmp_path):
    (tmp_path / "a.json").write_bytes(conforming(1)[0])
    options = ["--engine", "spark", "--keep", tmp_path / "t.parquet"]
    assert b"by the engine local alone" in run(tmp_path, *options, status=2).stderr


AT_ONCE = """\
import time
from vpc_backup_events.audit import spark

def slow(number, part):
    import time
    start = time.time()
    time.sleep(2)
    return start

starts = sorted(spark.Spark(6).run(slow, [(number, None) for number in range(24)]))
assert len(starts) == 24
print(max(sum(start <= other < start + 2 for other in starts) for start in starts))
"""


@pytest.mark.soak
@pytest.mark.parametrize("", [pytest.param(marks=spark)])
def test_all_cores_of_spark_work_at_once():
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, timeout=300, env=env)
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    assert int(done.stdout) == 6


@pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: nox -s spark")
def test_spark_without_java(archive, tmp_path):
    env = {**os.environ, "PATH": str(tmp_path), "JAVA_HOME": str(tmp_path)}
    done = run(archive, "--engine", "spark", status=2, env=env)
    assert b"Java 17" in done.stderr
    assert done.stdout == b""
