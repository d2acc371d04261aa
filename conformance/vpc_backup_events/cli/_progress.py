"""Progress on standard error, for work that takes long and where somebody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from time import monotonic

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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(what, total=total)
    started = monotonic()

    def advance(more: int) -> None:
        progress.advance(task, more)
        if monotonic() - started > PATIENCE:
            progress.start()

    try:
        yield advance
    finally:
        # one that never appeared leaves no line
        if progress.live.is_started:
            progress.stop()
