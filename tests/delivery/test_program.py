"""Programs that are run to their end: bounded output, and no child that is left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import pytest

from vpc_backup_events.delivery import Job, Request, TransportError
from vpc_backup_events.delivery.program import PART, PARTS, OverdueError, run_program

# starts a child that would live for a minute, writes its id, and goes on as it is told
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(str(child.pid))
exec(sys.argv[2])
"""


def run(code, timeout=10.0, *arguments):
    return run_program([sys.executable, "-c", code, *arguments], os.environ, timeout)


def alive(path):
    """Whether the child whose id stands in the file runs, once it had time to end."""
    child = int(path.read_text())
    for _ in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return False
        with open(f"/proc/{child}/stat") as stat:
            # of no parent any more, and not yet taken away
            if stat.read().split()[2] == "Z":
                return False
        time.sleep(0.05)
    return True


def test_status_and_both_streams():
    made = run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (made.status, made.output, made.errors) == (3, b"out\n", b"err\n")


def test_of_a_flood_the_last_is_kept():
    made = run("import sys; [sys.stdout.write('x' * 65536) for _ in range(400)]; sys.stdout.write('END')", 60.0)
    assert made.status == 0
    assert len(made.output) <= PART * PARTS
    assert made.output.endswith(b"xEND")


def test_a_flood_without_end_ends_in_time():
    started = time.monotonic()
    with pytest.raises(OverdueError, match="did not end"):
        run("while True: print('x' * 65536)", 0.5)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("then", ["sys.exit(0)", "sys.exit(1)", "time.sleep(60)"])
def test_children_end_with_the_program(then, tmp_path):
    pid = tmp_path / "pid"
    try:
        run(PARENT, 2.0, str(pid), then)
    except OverdueError:
        assert "sleep" in then
    assert not alive(pid)


def test_children_end_where_the_wait_is_interrupted(tmp_path):
    pid = tmp_path / "pid"

    def interrupt():
        while not pid.exists() or not pid.read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            run(PARENT, 30.0, str(pid), "time.sleep(60)")
    finally:
        signal.signal(signal.SIGINT, before)
    assert not alive(pid)


@pytest.mark.exhaustive
def test_a_job_that_goes_on_is_ended_with_its_children(tmp_path):
    pid = tmp_path / "pid"
    job = Job([sys.executable, "-c", PARENT, str(pid), "time.sleep(60)"])
    with pytest.raises(TransportError, match="did not end"):
        job.send(Request("POST", {}, b"{}"), 2.0)
    assert not alive(pid)
