"""The engine on Apache Spark: the same functions on the same parts, wherever the cluster runs them.

Each worker reads the files itself, so their paths must mean the same on all of them: a shared or mounted folder. The
kit has to be installed in the Python of the workers.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from typing import Any

from vpc_backup_events.audit.engines import Result, Task, do
from vpc_backup_events.errors import KitError, UsageError

_SCHEMA = "number long, results array<binary>"
# parts that one partition of Spark's takes at least, where there are many
_PARTITIONS = 10_000


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
            raise UsageError(f"The engine spark needs {error.name}.", "Install vpc-backup-events[spark].") from None
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
        rows = [(pickle.dumps(task),) for task in tasks]
        if not rows:
            return
        frame = self._session.createDataFrame(rows, "task binary").repartition(min(len(rows), _PARTITIONS))
        try:
            for row in frame.mapInArrow(_do, _SCHEMA).toLocalIterator(prefetchPartitions=True):
                yield row.number, tuple(map(bytes, row.results))
        except Exception as error:
            raise SparkError(f"Spark gave up: {_first(error)}.", "What is done is kept where --work says.") from None


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
