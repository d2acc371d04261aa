"""The table of an archive in DuckDB: within a bound of memory, with room on disk for the rest."""

from __future__ import annotations

import glob
import os
from contextlib import AbstractContextManager
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events._version import __version__
from vpc_backup_events.audit.questions import CONFLICT
from vpc_backup_events.audit.work import FULL, Work, no_room
from vpc_backup_events.reporting.overwriting import TABLE_MARK
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.levels import Profile

# for sums; what they need beyond it is on disk
MEMORY = "192MB"
# what systems say where a file can't grow
_NO_ROOM = tuple(map(os.strerror, FULL))

# the table as it is kept: NULL for what is not known, and findings of conflicts among the others
_KEPT = """\

SELECT kind, file, line, index, nullif(source, '') AS source, nullif(id, '') AS id,
  nullif(lower(hex(digest)), '') AS digest,
  nullif(backup_policy, '') AS backup_policy, nullif(type, '') AS type, nullif(reason, '') AS reason,
  nullif(severity, '') AS severity, CAST(nullif(day, '') AS DATE) AS day,
  CASE WHEN differs THEN '{level}' ELSE nullif(level, '') END AS level,
  CASE WHEN differs THEN array_sort(string_split(trim(concat(requirements, ' {requirement}')), ' '))
    WHEN findings > 0 THEN string_split(requirements, ' ') ELSE [] END AS requirements,
  CASE WHEN differs THEN findings + 1 ELSE findings END AS findings
FROM placed LEFT JOIN (SELECT part, ordinal, differs FROM later) USING (part, ordinal)
WHERE kind IN ('event', 'email', 'nothing') ORDER BY part, ordinal
"""


class DatabaseError(KitError):
    """DuckDB gave up for another reason than want of room."""

    code = "database"


class Database(AbstractContextManager["Database"]):
    """The parts of the table before `end`, in a database that reads them where they are."""

    def __init__(self, work: Work, end: int, jobs: int) -> None:
        # while workers judge there is no need of it
        import duckdb

        self._error, self._out_of_memory = duckdb.Error, duckdb.OutOfMemoryException
        self._work = work
        folder = work.folder.absolute()
        self._connection = duckdb.connect(
            config={
                "threads": jobs,
                "memory_limit": MEMORY,
                "temp_directory": str(work.scratch()),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        # nothing outside of the folder is read, and nothing is fetched
        self.ask("SET allowed_directories = [?]", f"{folder}/")
        self.ask("SET enable_external_access = false")
        # the name that Spark has for it
        self.ask("CREATE MACRO xxhash64(a, b) AS hash(a, b)")
        files = glob.escape(str(folder)).replace("'", "''")
        self.define("rows", f"SELECT * FROM read_parquet('{files}/rows-*/*.parquet') WHERE part < {end}")

    def define(self, name: str, sql: str, *, stored: bool = False) -> None:
        """Gives a relation a name. Raises as `ask`."""
        self.ask(f"CREATE TEMP {'TABLE' if stored else 'VIEW'} {name} AS {sql}")

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a relation. Raises `OutputError` where there is no room, and `DatabaseError`."""
        try:
            rows: list[tuple[Any, ...]] = self._connection.execute(sql, list(values)).fetchall()
        except (self._error, RuntimeError) as error:
            text = str(error)
            if "interrupted" in text.lower():
                raise KeyboardInterrupt from None
            reason = text.splitlines()[0]
            if isinstance(error, self._out_of_memory) or any(words in text for words in _NO_ROOM):
                raise no_room(self._work.folder, reason) from None
            raise DatabaseError(
                f"DuckDB gave up: {reason.rstrip('.')}.",
                "Run it again without --work, or with another folder: what is in this one may be damaged.",
            ) from None
        return rows

    def keep(self, profile: Profile) -> None:
        """Makes the table that is kept, a file of the work. Raises as `ask`."""
        sql = _KEPT.format(requirement=CONFLICT, level=catalog.requirements[CONFLICT].profiles[profile])
        file = str(self._work.table.absolute()).replace("'", "''")
        options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{TABLE_MARK}: '{__version__}'}}"
        self.ask(f"COPY ({sql}) TO '{file}' ({options})")

    def __exit__(self, *_: object) -> None:
        self._connection.close()
