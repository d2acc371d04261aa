"""Ratios within one run: what is compared takes turns, so that a busy machine slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time, sleep

ROOT = Path(__file__).parents[1]
KIT = (sys.executable, "-m", "vpc_backup_events")
# of the programs that are measured: modules are compiled once, as they are where the kit is installed
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Row:
    """One figure: seconds for one of something, and how that compares with others in the same run."""

    subject: str
    # what is counted: event, run
    unit: str
    # seconds for one
    seconds: float
    # how many times as fast as something else, and what that is
    ratio: float | None = None
    than: str = ""
    # what was to be reached, and whether it was
    goal: str = ""
    met: bool | None = None
    # what a goal that is missed is missed for
    why: str = ""


def once(work: Callable[[], object], calls: int) -> float:
    """Seconds of one call, of this process alone: what else the machine does counts as little as it can."""
    start = process_time()
    for _ in range(calls):
        work()
    return (process_time() - start) / calls


def in_turns(works: dict[str, tuple[Callable[[], object], int]], rounds: int = 15) -> dict[str, list[float]]:
    """Seconds of one call of each work, given with how often it is called in a round, for each round."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, calls) in works.items():
            seconds[name].append(once(work, calls))
    return seconds


def times_as_fast(seconds: dict[str, list[float]], one: str, other: str) -> float:
    """How many times as fast the one is as the other: the median of the rounds."""
    return statistics.median(b / a for a, b in zip(seconds[one], seconds[other], strict=True))


def program(command: Iterable[object], status: int | None = 0) -> tuple[float, float]:
    """Seconds that a program ran, and the most memory of all its processes together, in MB (Linux; elsewhere 0).

    `status` is what it must exit with; None stands for any.
    """
    start = perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(resident, family(process.pid))))
        sleep(0.02)
    assert status in (None, process.returncode), process.args
    return perf_counter() - start, peak


def family(pid: int) -> list[int]:
    """A process and all that it started, and these."""
    processes = [pid]
    for process in processes:
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                processes += map(int, task.read_text().split())
            except OSError:
                continue
    return processes


def resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
