"""A progress bar on standard error, for work that takes long and where somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

# seconds that pass before a bar appears
PATIENCE = 1.0


@contextmanager
def bar(what: str, total: int, silent: bool = False) -> Iterator[Callable[[int], None]]:
    """Gives a function that takes how many more are done; shows a bar where standard error is a terminal.

    `silent` says that the terminal is taken. Without rich there is no bar.
    """
    if silent or not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(what, total=total)
    started = monotonic()

    def advance(more: int) -> None:
        progress.advance(task, more)
        if not progress.live.is_started and monotonic() - started > PATIENCE:
            progress.start()

    try:
        yield advance
    finally:
        if progress.live.is_started:
            progress.stop()
