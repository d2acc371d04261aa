"""The engine on Apache Spark: parts are its tasks, their rows a table of its own, and the sums its SQL.

Each worker reads the files itself, so their paths must mean the same on all of them: a shared or mounted folder, which
the folder of the work has to be as well. The kit has to be installed in the Python of the workers.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from typing import Any

from vpc_backup_events.audit.engines import Numbered, Result, judge_to_file
from vpc_backup_events.audit.parts import Part
from vpc_backup_events.audit.work import Work
from vpc_backup_events.values.errors import KitError, UsageError
from vpc_backup_events.values.report import Profile

# of a session for this machine alone: what it does for a few sums costs more to compile and to plan than to do
_SMALL = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "{jobs}",
}
# what a worker says that can't import what it is to do
_NO_KIT = "No module named 'vpc_backup_events'"
# tasks of a job: for each core, and at the most; their results are in the driver's memory together, and kept together
_A_CORE, _MOST = 2, 1_000
# jobs at a time: when one has no task left to start, the next has
_JOBS = 2


class SparkError(KitError):
    """Spark could not be started, or gave up."""

    code = "spark"


class Spark:
    """The session that is there, as `spark-submit` makes it, or a new one on this machine's cores."""

    def __init__(self, jobs: int) -> None:
        from pyspark.sql import SparkSession

        builder: Any = SparkSession.builder
        builder = builder.appName("vpc-backup-events audit").config("spark.ui.showConsoleProgress", "false")
        try:
            active = SparkSession.getActiveSession()
            self._session: Any = active or _on(builder, jobs).getOrCreate()
        except Exception as error:
            raise SparkError(
                f"Spark can't be started: {_first(error)}.", "It needs Java 17 or newer: set JAVA_HOME, and try again."
            ) from None

        # the table, where it is in no folder
        self._rows: Any = None

    def judge(self, parts: Iterable[Numbered], profile: Profile, most: int, work: Work) -> Iterator[int]:
        """Judges parts to files of the work, or where workers have no such folder, to a table of Spark's."""
        if work.kept or self._is_local:
            yield from self.run(partial(judge_to_file, work, profile, most), parts)
            return
        from pyspark import StorageLevel

        tasks = self._tasks([(pickle.dumps(part),) for part in parts])
        rows = self._session.createDataFrame(tasks, "part binary").mapInArrow(
            partial(_judge, profile, most), _columns()
        )
        self._rows = rows.persist(StorageLevel.DISK_ONLY)
        ends = _asked(self._rows.where("kind = 'end'").select("part").collect)
        yield from (number for (number,) in ends)

    def tables(self, work: Work, end: int) -> Tables:
        """The table of the parts before `end`."""
        rows = self._rows
        if rows is None:
            files = (str(work.rows(number).absolute()) for number in range(end))
            rows = self._session.read.schema(_columns()).parquet(*files)
        return Tables(self._session, rows)

    def run(self, do: Callable[[int, Part], Result], parts: Iterable[Numbered]) -> Iterator[Result]:
        """What a function says of each part, as it comes; the driver holds few results at a time."""
        with ThreadPoolExecutor(_JOBS) as pool:
            jobs = (self._tasks(job).map(partial(_do, do)).collect for job in self._jobs(iter(parts)))
            waiting = deque(pool.submit(_asked, job) for job in islice(jobs, _JOBS))
            while waiting:
                results = waiting.popleft().result()
                waiting.extend(pool.submit(_asked, job) for job in islice(jobs, 1))
                yield from results

    def _jobs(self, parts: Iterator[Numbered]) -> Iterator[list[Numbered]]:
        # a cluster may grow meanwhile
        while job := list(islice(parts, min(_A_CORE * self._cores, _MOST))):
            yield job

    @property
    def _is_local(self) -> bool:
        """Whether all workers are on this machine, and share its folders."""
        return str(self._session.sparkContext.master).startswith("local")

    @property
    def _cores(self) -> int:
        return int(self._session.sparkContext.defaultParallelism)

    def _tasks(self, parts: list[Any]) -> Any:
        """Parts of which each is a task of Spark's."""
        return self._session.sparkContext.parallelize(parts, len(parts))


class Tables(AbstractContextManager["Tables"]):
    """The table of an archive as Spark has it."""

    def __init__(self, session: Any, rows: Any) -> None:
        self._session = session
        # what Spark keeps for it
        self._frames = [rows]
        rows.createOrReplaceTempView("rows")

    def define(self, name: str, sql: str, *, stored: bool = False) -> None:
        """Gives a relation a name. Raises `SparkError`."""
        frame = self._session.sql(sql)
        if stored:
            self._frames.append(frame.persist())
        frame.createOrReplaceTempView(name)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a relation. Raises `SparkError`."""
        return [tuple(row) for row in _asked(self._session.sql(sql).collect)]

    def keep(self, profile: Profile) -> None:
        """Is not there: no worker writes one file."""
        raise UsageError("The table is kept by the engine local alone.", "Leave out --keep, or --engine.")

    def __exit__(self, *_: object) -> None:
        # a session that was there before may keep other frames
        for frame in self._frames:
            frame.unpersist()


def _columns() -> str:
    """The columns of the table, as Spark writes them."""
    from vpc_backup_events.audit.table import SCHEMA

    kinds = {"int64": "bigint", "string": "string", "binary": "binary"}
    return ", ".join(f"{field.name} {kinds[str(field.type)]}" for field in SCHEMA)


def _on(builder: Any, jobs: int) -> Any:
    """The builder, for this machine where nothing says another."""
    from pyspark import SparkConf

    settings = SparkConf()
    # spark-submit and its files of settings name the master themselves
    if settings.contains("spark.master"):
        return builder
    for name, value in _SMALL.items():
        if not settings.contains(name):
            builder = builder.config(name, value.format(jobs=jobs))
    # the workers of this machine are this Python, whose environment has the kit
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return builder.master(f"local[{jobs}]")


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _asked(action: Callable[[], list[Any]]) -> list[Any]:
    """What Spark says. Raises `SparkError`."""
    try:
        return action()
    except Exception as error:
        if _NO_KIT in str(error):
            hint = "Install the kit there; PYSPARK_PYTHON names that Python."
            raise SparkError("The Python of Spark's workers does not have the kit.", hint) from None
        raise SparkError(f"Spark gave up: {_first(error)}.", "What is done is kept where --work says.") from None


def _judge(profile: Profile, most: int, batches: Iterator[Any]) -> Iterator[Any]:
    """The rows of some parts, in a worker of Spark's."""
    from vpc_backup_events.audit.judging import judge_part

    for batch in batches:
        for number, part in map(pickle.loads, batch.column(0).to_pylist()):
            for piece in judge_part(number, part, profile, most):
                yield from piece.to_batches()


def _do(do: Callable[[int, Part], Result], part: Numbered) -> Result:
    return do(*part)
