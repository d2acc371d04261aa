"""Progress on standard error, for work that takes long and where somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from time import monotonic
from typing import Any

# seconds that pass before anything appears
PATIENCE = 1.0


@contextmanager
def bar(what: str, total: int, silent: bool = False) -> Iterator[Callable[[int], None]]:
    """Gives a function that takes how many more are done; shows them where standard error is a terminal.

    `silent` says that the terminal is taken. Without rich nothing is shown.
    """
    if silent or not sys.stderr.isatty() or find_spec("rich") is None:
        yield lambda _: None
        return
    bar = _Bar(what, total)
    started = monotonic()

    def advance(more: int) -> None:
        bar.advance(more, monotonic() - started > PATIENCE)

    try:
        yield advance
    finally:
        bar.stop()


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
