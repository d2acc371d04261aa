"""What runs the work on parts: this machine's cores, or a Spark cluster. Both give the same results, in any order."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice, starmap
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Protocol, TypeVar

from vpc_backup_events.audit.database import Database
from vpc_backup_events.audit.judging import judge_part
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.audit.questions import Tables
from vpc_backup_events.audit.table import write
from vpc_backup_events.audit.work import Work, written
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.report import Profile

Result = TypeVar("Result")
# a part with its number
Numbered = tuple[int, Part]


class Engine(Protocol):
    """Does the work on parts, and holds the table that comes of it."""

    def judge(self, parts: Iterable[Numbered], profile: Profile, most: int, work: Work) -> Iterator[int]:
        """Judges parts, and yields the number of each that is done; `most` examples of each requirement are kept."""

    def run(self, do: Callable[[int, Part], Result], parts: Iterable[Numbered]) -> Iterator[Result]:
        """What a function says of each part, as it comes."""

    def tables(self, work: Work, end: int) -> AbstractContextManager[Tables]:
        """The table of the parts before `end`."""


class WorkerLostError(KitError):
    """A process that judged was killed from outside."""

    code = "worker-lost"


class Local:
    """The cores of this machine; with one job, this process."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def judge(self, parts: Iterable[Numbered], profile: Profile, most: int, work: Work) -> Iterator[int]:
        """Judges parts to files of the work, and yields the number of each that is done."""
        for number in self.run(partial(judge_to_file, work, profile, most), parts):
            # takes a while to load, which other processes work in
            import duckdb  # noqa: F401

            yield number

    def tables(self, work: Work, end: int) -> Database:
        """The table of the parts before `end`."""
        return Database(work, end, self._jobs)

    def run(self, do: Callable[[int, Part], Result], parts: Iterable[Numbered]) -> Iterator[Result]:
        """What a function says of each part, as it comes; few wait at a time, whatever their number."""
        tasks = iter(parts)
        # processes are not worth their start for a single part, nor more of them than there are parts
        first = list(islice(tasks, max(2, self._jobs)))
        if self._jobs == 1 or len(first) < 2:
            yield from starmap(do, first)
            yield from starmap(do, tasks)
            return
        pool = ProcessPoolExecutor(min(self._jobs, len(first)), mp_context=get_context(_start()), initializer=_quiet)
        waiting: set[Future[Result]] = set()
        try:
            waiting = {pool.submit(do, *task) for task in [*first, *islice(tasks, self._jobs)]}
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                waiting |= {pool.submit(do, *task) for task in islice(tasks, len(done))}
                for future in done:
                    yield future.result()
        except BrokenProcessPool:
            raise WorkerLostError(
                "A process that judged a part was killed, maybe for want of memory.", "Run it with fewer --jobs."
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def judge_to_file(work: Work, profile: Profile, most: int, number: int, part: Part) -> int:
    """Judges a part, and returns its number once its rows are in the work."""
    with written(work.rows(number)) as file:
        write(judge_part(number, part, profile, most), file)
    return number


def _start() -> str:
    """How a process is started: as a copy, which is fast and shares memory, where no other thread can be in its way."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _quiet() -> None:
    # an interrupt is the first process' to handle
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # the first process ends this one by it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    first = parent_process()
    if first is not None:
        threading.Thread(target=_end_with, args=(first,), daemon=True).start()


def _end_with(first: BaseProcess) -> None:
    """Ends this process when the first one is gone, as one that was killed can't tell the others."""
    first.join()
    os._exit(1)


def cores() -> int:
    """Cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
