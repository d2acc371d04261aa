"""A program that is run to its end: never for longer than it was given, never with more output than is kept."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import IO

__all__ = ["Completion", "OverdueError", "end", "run_program"]

# bytes that are read at once, and how many of these parts are kept of each stream: the last 4 MiB
PART = 64 * 1024
PARTS = 64
# seconds that the end of a stream is waited for, once the program and its children are gone
LINGER = 1.0


class OverdueError(Exception):
    """The program did not end in time; it was ended, with its children."""


@dataclass(frozen=True, slots=True)
class Completion:
    """How a program ended, and the last of what it wrote."""

    #: exit status; the negative number of a signal where one ended it
    status: int
    #: of standard output
    output: bytes
    #: of standard error
    errors: bytes


class _Tail:
    """Reads a stream to its end and keeps the last of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._parts: deque[bytes] = deque(maxlen=PARTS)
        self._reader = Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        with suppress(OSError, ValueError):
            while part := os.read(stream.fileno(), PART):
                self._parts.append(part)

    def content(self) -> bytes:
        """What is kept."""
        self._reader.join(LINGER)
        return b"".join(tuple(self._parts))


def run_program(command: Sequence[str], environment: Mapping[str, str], timeout: float) -> Completion:
    """Runs a program without input, for `timeout` seconds at most.

    Its children end with it, also where the wait for it is interrupted. Raises `OverdueError`, and `OSError` or
    `ValueError` where it can't be started.
    """
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a group of its own, so that its children end with it
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        output, errors = _Tail(process.stdout), _Tail(process.stderr)
        status = process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise OverdueError(f"it did not end within {timeout:g} s") from None
    finally:
        end(process)
    completion = Completion(status, output.content(), errors.content())
    process.stdout.close()
    process.stderr.close()
    return completion


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program that leads a group of its own, and its children, at once."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
