"""What runs the work on parts: this machine's cores, or a Spark cluster. Both give the same results, in any order."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, Protocol

from vpc_backup_events.audit.judging import judge_part
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.audit.second_pass import identities, places, texts
from vpc_backup_events.values.errors import KitError


class Task(NamedTuple):
    """One function of `TASKS` on one part."""

    # number of the part
    number: int
    kind: str
    part: Part
    # what else the function takes
    arguments: tuple[Any, ...]


Result = tuple[bytes, ...]


def _judge(part: Part, profile: Any, most: int) -> Result:
    return judge_part(part, profile, most)


def _identities(part: Part, keys: bytes) -> Result:
    return (identities(part, keys),)


def _places(part: Part, profile: Any, conflicts: bytes, shown: Any) -> Result:
    return (places(part, profile, conflicts, shown),)


def _texts(part: Part, profile: Any, marked: Any) -> Result:
    return (texts(part, profile, marked),)


TASKS: dict[str, Callable[..., Result]] = {
    "judge": _judge,
    "identities": _identities,
    "places": _places,
    "texts": _texts,
}


def do(task: Task) -> tuple[int, Result]:
    """Does a task, wherever it is."""
    return task.number, TASKS[task.kind](task.part, *task.arguments)


class Engine(Protocol):
    """Runs tasks."""

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """The number and result of each task, as they come."""


class WorkerLostError(KitError):
    """A process that judged was killed from outside."""

    code = "worker-lost"


class Local:
    """The cores of this machine; with one job, this process."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """The number and result of each task, as they come; few wait at a time, whatever their number."""
        tasks = iter(tasks)
        # processes are not worth their start for a single part, nor more of them than there are parts
        first = list(islice(tasks, max(2, self._jobs)))
        if self._jobs == 1 or len(first) < 2:
            yield from map(do, first)
            yield from map(do, tasks)
            return
        pool = ProcessPoolExecutor(min(self._jobs, len(first)), mp_context=get_context(_start()), initializer=_quiet)
        waiting: set[Future[tuple[int, Result]]] = set()
        try:
            waiting = {pool.submit(do, task) for task in [*first, *islice(tasks, self._jobs)]}
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                waiting |= {pool.submit(do, task) for task in islice(tasks, len(done))}
                for future in done:
                    yield future.result()
        except BrokenProcessPool:
            raise WorkerLostError(
                "A process that judged a part was killed, maybe for want of memory.", "Run it with fewer --jobs."
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


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
