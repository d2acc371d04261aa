"""What is asked of the table of an archive: SQL that DuckDB and Spark run as it stands here.

`rows` is the whole table, as `table` describes it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from vpc_backup_events.values.levels import Profile

# how many lines and events of a file stand before a part of it
_BEGINNINGS = """
SELECT part, coalesce(sum(line) OVER earlier, 0) AS lines, coalesce(sum(index) OVER earlier, 0) AS events
FROM rows WHERE kind = 'end'
WINDOW earlier AS (PARTITION BY file ORDER BY part ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""


def _from_beginning(place: str, before: str) -> str:
    """SQL for a line or an index, counted from the beginning of the file where it is known."""
    return f"CASE WHEN {place} >= 0 THEN CAST({place} + {before} AS BIGINT) END"


# the rows with their places
_PLACED = f"""
SELECT part, ordinal, kind, file,
  {_from_beginning("line", "lines")} AS line, {_from_beginning("index", "events")} AS index,
  source, id, digest, backup_policy, type, reason, severity, day, level, requirements, findings, example
FROM rows JOIN beginnings USING (part)
"""

# what seems to come twice; only this is compared as a whole
_SEVERAL = """
SELECT xxhash64(source, id) AS hash FROM rows WHERE source <> '' AND id <> ''
GROUP BY xxhash64(source, id) HAVING count(*) > 1
"""

# events whose source and id came before, each beside the one that came first
_LATER = """
SELECT * FROM (
  SELECT part, ordinal, file, line, index, type, reason, level, digest <> first_value(digest) OVER same AS differs,
    first_value(part) OVER same AS first_part, first_value(file) OVER same AS first_file,
    first_value(line) OVER same AS first_line, first_value(index) OVER same AS first_index,
    row_number() OVER same AS number
  FROM rows WHERE source <> '' AND id <> '' AND xxhash64(source, id) IN (SELECT hash FROM several)
  WINDOW same AS (PARTITION BY source, id ORDER BY part, ordinal)
) AS numbered WHERE number > 1
"""

# events by what they are about and by their findings, and events by day
_COUNTS = """
SELECT kind, type, reason, severity, level, requirements, '' AS day, count(*) FROM rows
WHERE kind IN ('event', 'email', 'nothing') GROUP BY kind, type, reason, severity, level, requirements
UNION ALL
SELECT '', '', '', '', '', '', day, count(*) FROM rows WHERE kind IN ('event', 'email') GROUP BY day
"""

_REPEATS = "SELECT type, reason, level, differs, count(*) FROM later GROUP BY type, reason, level, differs"

# the first of each requirement, and all problems
_EXAMPLES = """
SELECT kind, part, ordinal, file, line, index, example FROM (
  SELECT *, row_number() OVER (PARTITION BY kind, requirements ORDER BY part, ordinal, findings) AS number
  FROM placed WHERE kind IN ('example', 'problem')
) AS numbered WHERE kind = 'problem' OR number <= {most} ORDER BY part, number
"""

_CONFLICTS = f"""
SELECT later.part, ordinal, file, {_from_beginning("line", "b.lines")}, {_from_beginning("index", "b.events")},
  first_file, {_from_beginning("first_line", "f.lines")}, {_from_beginning("first_index", "f.events")}
FROM later JOIN beginnings AS b ON later.part = b.part JOIN beginnings AS f ON first_part = f.part
WHERE differs ORDER BY later.part, ordinal LIMIT {{most}}
"""

# rows of a relation
Rows = list[tuple[Any, ...]]


class Tables(Protocol):
    """The table in a database."""

    def define(self, name: str, sql: str, *, stored: bool = False) -> None:
        """Gives the relation that the SQL describes a name; what is `stored` is worked out once."""

    def ask(self, sql: str) -> Rows:
        """The rows of a relation."""

    def keep(self, profile: Profile) -> None:
        """Makes the table that is kept, a file of the work."""


class Answers(NamedTuple):
    """All that a report says, as rows of the relations of these names."""

    counts: Rows
    examples: Rows
    repeats: Rows
    conflicts: Rows


# where there is no part
NO_ANSWERS = Answers([], [], [], [])


def answers(tables: Tables, most: int, *, compare: bool) -> Answers:
    """What a report says, with `most` examples of each requirement; `compare` looks for events that come twice."""
    tables.define("beginnings", _BEGINNINGS, stored=True)
    tables.define("placed", _PLACED)
    sums = NO_ANSWERS._replace(counts=tables.ask(_COUNTS), examples=tables.ask(_EXAMPLES.format(most=most)))
    if not compare:
        return sums
    tables.define("several", _SEVERAL, stored=True)
    tables.define("later", _LATER, stored=True)
    return sums._replace(repeats=tables.ask(_REPEATS), conflicts=tables.ask(_CONFLICTS.format(most=most)))
