"""The engine on Apache Spark: the same functions on the same parts, wherever the cluster runs them.

Each worker reads the files itself, so their paths must mean the same on all of them: a shared or mounted folder. The
kit has to be installed in the Python of the workers.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from vpc_backup_events.audit.engines import Result, Task, do
from vpc_backup_events.values.errors import KitError, UsageError
from vpc_backup_events.values.extras import install

_SCHEMA = "number long, results array<binary>"
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
        try:
            import pyarrow  # noqa: F401
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise UsageError(f"The engine spark needs {error.name}.", install("spark")) from None
        builder: Any = SparkSession.builder
        builder = builder.appName("vpc-backup-events audit").config("spark.ui.showConsoleProgress", "false")
        try:
            active = SparkSession.getActiveSession()
            self._session: Any = active or _on(builder, jobs).getOrCreate()
        except Exception as error:
            raise SparkError(
                f"Spark can't be started: {_first(error)}.", "It needs Java 17 or newer: set JAVA_HOME, and try again."
            ) from None

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[int, Result]]:
        """The number and result of each task, as they come; the driver holds few results at a time."""
        jobs = self._jobs(iter(tasks))
        with ThreadPoolExecutor(_JOBS) as pool:
            waiting = deque(pool.submit(self._results, job) for job in islice(jobs, _JOBS))
            while waiting:
                try:
                    rows = waiting.popleft().result()
                except Exception as error:
                    hint = "What is done is kept where --work says."
                    raise SparkError(f"Spark gave up: {_first(error)}.", hint) from None
                waiting.extend(pool.submit(self._results, job) for job in islice(jobs, 1))
                for row in rows:
                    yield row.number, tuple(map(bytes, row.results))

    def _jobs(self, tasks: Iterator[Task]) -> Iterator[list[tuple[bytes]]]:
        while True:
            # a cluster may grow meanwhile
            cores = self._session.sparkContext.defaultParallelism
            job = [(pickle.dumps(task),) for task in islice(tasks, min(_A_CORE * cores, _MOST))]
            if not job:
                return
            yield job

    def _results(self, job: list[tuple[bytes]]) -> list[Any]:
        """The results of some tasks, each of them a task of Spark's."""
        one_each = self._session.sparkContext.parallelize(job, len(job))
        rows: list[Any] = self._session.createDataFrame(one_each, "task binary").mapInArrow(_do, _SCHEMA).collect()
        return rows


def _on(builder: Any, jobs: int) -> Any:
    """The builder, for this machine where nothing says another."""
    from pyspark import SparkConf

    # spark-submit and its files of settings name the master themselves
    return builder if SparkConf().contains("spark.master") else builder.master(f"local[{jobs}]")


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _do(batches: Iterator[Any]) -> Iterator[Any]:
    """The tasks of some record batches, in a worker of Spark's."""
    import pyarrow as pa

    schema = pa.schema([("number", pa.int64()), ("results", pa.list_(pa.binary()))])
    for batch in batches:
        for pickled in batch.column(0).to_pylist():
            number, results = do(pickle.loads(pickled))
            yield pa.RecordBatch.from_pylist([{"number": number, "results": list(results)}], schema)
