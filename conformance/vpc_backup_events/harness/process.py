"""A process that is spoken to in lines: never waited for longer than it was given, always ended."""

from __future__ import annotations

import signal
import subprocess
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import IO

from vpc_backup_events.delivery.program import end

__all__ = ["LineError", "LineProcess"]

# bytes of a line, and lines that nobody asked for
LONGEST_LINE = 4 * 1024 * 1024
MOST_LINES = 1_000
# lines of standard error that are kept
KEPT = 20


class LineError(Exception):
    """The process ended, did not read or answer in time, or wrote more than anybody asked for; `str()` says which."""


class LineProcess:
    """A program whose lines are read and written with time limits."""

    def __init__(self, command: Sequence[str]) -> None:
        """Starts the program. Raises `OSError` where it can't be started."""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # a group of its own, so that its children end with it
            start_new_session=True,
        )
        self._lines: Queue[bytes | LineError] = Queue(MOST_LINES)
        self._errors: deque[bytes] = deque(maxlen=KEPT)
        self._errors_reader = Thread(target=self._read_errors, args=(self._process.stderr,), daemon=True)
        for reader in (Thread(target=self._read_lines, args=(self._process.stdout,), daemon=True), self._errors_reader):
            reader.start()

    def _read_lines(self, stream: IO[bytes]) -> None:
        while line := stream.readline(LONGEST_LINE):
            if len(line) >= LONGEST_LINE or self._lines.qsize() >= MOST_LINES - 2:
                self._lines.put(LineError("it floods its standard output"))
                return
            self._lines.put(line)
        self._lines.put(LineError(self._end()))

    def _read_errors(self, stream: IO[bytes]) -> None:
        while line := stream.readline(65_536):
            self._errors.append(line)

    def _end(self) -> str:
        try:
            status = self._process.wait(0.2)
        except subprocess.TimeoutExpired:
            return "it closed its standard output"
        if status < 0:
            return f"it was ended by {signal.Signals(-status).name}"
        return f"it exited with status {status}"

    @property
    def errors(self) -> str:
        """The last lines of standard error; all that a program wrote before it ended."""
        if self._process.poll() is not None:
            # a child may hold it open
            self._errors_reader.join(1)
        return b"".join(self._errors).decode("utf-8", "backslashreplace")

    def write(self, line: bytes, timeout: float) -> None:
        """Writes a line. Raises `LineError`."""
        # a pipe that nobody reads is full one day
        outcome: Queue[bool] = Queue()
        Thread(target=self._write, args=(line, outcome), daemon=True).start()
        try:
            is_written = outcome.get(timeout=timeout)
        except Empty:
            raise LineError("it does not read its standard input") from None
        if not is_written:
            raise LineError(self._end())

    def _write(self, line: bytes, outcome: Queue[bool]) -> None:
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (OSError, ValueError):
            outcome.put(False)
        else:
            outcome.put(True)

    def read(self, timeout: float) -> bytes:
        """The next line. Raises `LineError`."""
        try:
            line = self._lines.get(timeout=timeout)
        except Empty:
            raise LineError(f"it did not answer within {timeout:g} s") from None
        if isinstance(line, LineError):
            raise line
        return line

    @property
    def waiting(self) -> bool:
        """A line was written that nobody asked for."""
        return not self._lines.empty()

    def stop(self, timeout: float) -> None:
        """Waits for the end; a program that goes on is killed, with its children."""
        # a daemon, since closing waits for a write that nobody reads
        Thread(target=self._close, daemon=True).start()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        self.kill()

    def _close(self) -> None:
        with suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.close()

    def kill(self) -> None:
        """Ends the program and its children at once."""
        end(self._process)
