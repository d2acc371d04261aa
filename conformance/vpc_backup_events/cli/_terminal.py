"""The three streams: answers to standard output, diagnostics to standard error, and no traceback from either."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import IO, TextIO

from vpc_backup_events.values.errors import KitError, OutputError
from vpc_backup_events.values.visible import visible

PROGRAM = "vpc-backup-events"
# seconds that pass before progress appears
PATIENCE = 1.0


def prepare() -> None:
    """Lets both output streams spell out what their encoding does not have."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def write(text: str) -> None:
    """Writes an answer; a reader that went away early (`| head`) is no error. Raises `OutputError`."""
    try:
        _to(sys.stdout, text)
    except OSError as error:
        raise _full(error) from None


def write_bytes(data: bytes, file: IO[bytes] | None) -> None:
    """Writes to a file or, as `write` does, to standard output's bytes, which may not be there."""
    if file is None:
        return
    try:
        file.write(data)
        file.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
        raise SystemExit(0) from None
    except OSError as error:
        if file is not getattr(sys.stdout, "buffer", None):
            raise
        raise _full(error) from None


@contextmanager
def whole() -> Iterator[None]:
    """Lets no interrupt in between, where the platform can hold one back; it comes at the end of the block."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def safe(text: str) -> str:
    """One line from outside, made harmless: no secret is in it, and nothing that steers a terminal."""
    # the help is there without it
    from vpc_backup_events.catalog.masking import masked

    return visible(masked(text))


def diagnose(message: str) -> None:
    """Writes one line about the run itself, without what is secret in it."""
    _note(safe(message))


def hand_over(message: str) -> None:
    """Writes one line with a secret that this run made up, and that nobody else could tell."""
    _note(visible(message))


def _note(line: str) -> None:
    # where diagnostics can't be written there is nowhere to say so
    with suppress(OSError):
        _to(sys.stderr, f"{PROGRAM}: {line}\n")


def complain(*errors: KitError) -> None:
    """Tells what stood in the way and the way out."""
    for error in errors:
        diagnose(f"error: {error.message}")
        if error.hint:
            diagnose(f"hint: {error.hint}")


def flush() -> None:
    """Sends out what is still buffered, so that the interpreter has nothing to fail on at exit."""
    with suppress(OSError):
        _to(sys.stderr, "")
    write("")


@contextmanager
def progress(what: str, total: int, silent: bool = False) -> Iterator[Callable[[int], None]]:
    """Gives a function that takes how many more are done; shows them where standard error is a terminal.

    `silent` says that the terminal is taken. Without rich nothing is shown.
    """
    from importlib.util import find_spec

    if silent or not sys.stderr.isatty() or find_spec("rich") is None:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=total)
    started = monotonic()

    def advance(more: int) -> None:
        bar.advance(task, more)
        if monotonic() - started > PATIENCE:
            bar.start()

    try:
        yield advance
    finally:
        # one that never appeared leaves no line
        if bar.live.is_started:
            bar.stop()


def wants_color(choice: str) -> bool:
    """Whether to colour: as `choice` says, and for `auto` on a terminal, unless NO_COLOR or a dumb terminal forbids."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


def _to(stream: TextIO | None, text: str) -> None:
    if stream is None or stream.closed:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError:
        _silence(stream)
        raise


def _full(error: OSError) -> OutputError:
    _silence(sys.stdout)
    return OutputError.at("standard output", error, "Make room, or write to another place.")


def _silence(stream: TextIO) -> None:
    # https://docs.python.org/3/library/signal.html#note-on-sigpipe
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
