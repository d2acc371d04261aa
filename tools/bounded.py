"""Runs a command within bounds of time and memory, and writes what it took: `bounded.py FILE SECONDS BYTES COMMAND...`.

A program of its own and small, since Linux counts the memory of whoever starts a process as that of the process. The
file gets a JSON list: the wait status, seconds, and the peak of resident memory in the unit of getrusage.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time


def main(target: str, seconds: str, space: str, *command: str) -> None:
    started = time.monotonic()
    process = os.fork()
    if not process:
        resource.setrlimit(resource.RLIMIT_AS, (int(space), int(space)))
        os.execv(command[0], command)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(process, signal.SIGKILL))
    signal.alarm(int(seconds))
    _, status, usage = os.wait4(process, 0)
    with open(target, "w", encoding="ascii") as file:
        json.dump([status, time.monotonic() - started, usage.ru_maxrss], file)


if __name__ == "__main__":
    main(*sys.argv[1:])
