"""Progress on standard error, for work that takes long and where somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

# seconds that pass before anything appears
PATIENCE = 1.0
# seconds between two looks of the plain line
_PAUSE = 0.2


@contextmanager
def bar(what: str, total: int, silent: bool = False) -> Iterator[Callable[[int], None]]:
    """Gives a function that takes how many more are done; shows them where standard error is a terminal.

    `silent` says that the terminal is taken. Without rich, a line of text does what a bar would.
    """
    if silent or not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        shown: _Bar | _Line = _Bar(what, total)
    except ImportError:
        shown = _Line(what, total)
    started = monotonic()

    def advance(more: int) -> None:
        shown.advance(more, monotonic() - started > PATIENCE)

    try:
        yield advance
    finally:
        shown.stop()


class _Bar:
    """A bar by rich, which redraws itself."""

    def __init__(self, what: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress: Any = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(what, total=total)

    def advance(self, more: int, late: bool) -> None:
        self._progress.advance(self._task, more)
        if late and not self._progress.live.is_started:
            self._progress.start()

    def stop(self) -> None:
        if self._progress.live.is_started:
            self._progress.stop()


class _Line:
    """One line of text, written over itself, and gone in the end."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._done = 0
        self._shown = 0.0
        self._width = 0

    def advance(self, more: int, late: bool) -> None:
        self._done += more
        if late and monotonic() - self._shown > _PAUSE:
            self._shown = monotonic()
            self._write(f"{self._what}: {self._done:,} of {self._total:,}")

    def stop(self) -> None:
        if self._width:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text.ljust(self._width)}" + ("\r" if not text else ""))
        sys.stderr.flush()
        self._width = max(self._width, len(text))
