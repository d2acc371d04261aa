"""What is asked of the table of an archive, SQL that DuckDB and Spark run as it stands here, and the report made of it.

`rows` is the whole table, as `table` describes it.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple, Protocol

from vpc_backup_events.audit.parts import Inventory
from vpc_backup_events.audit.table import EMAIL, EVENT, EXAMPLE, PROBLEM
from vpc_backup_events.checking.findings import finding, gravity
from vpc_backup_events.checking.uniqueness import conflict
from vpc_backup_events.reporting.archive import Archive
from vpc_backup_events.values.errors import KitError, UnreadableInputError
from vpc_backup_events.values.report import Finding, Profile, Report, Source

# the requirement of an event whose source and id came before with other content
CONFLICT = conflict(Source()).requirement

# part and ordinal of an event, and a finding of it
Example = tuple[int, int, Finding]

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


def examples(answers: Answers, profile: Profile) -> list[Example]:
    """The findings that a report shows, in the order of the archive."""
    shown: list[Example] = []
    for kind, part, ordinal, *place, text in answers.examples:
        if kind == EXAMPLE:
            shown.append((part, ordinal, Finding(**{**json.loads(text), "source": Source(*place)})))
    for part, ordinal, file, line, index, *first in answers.conflicts:
        breach = finding(conflict(Source(*first)), profile, Source(file, line, index))
        assert breach is not None
        shown.append((part, ordinal, breach))
    return sorted(shown, key=lambda example: (*example[:2], gravity(example[2])))


def problems(answers: Answers) -> list[KitError]:
    """What could not be read, each once: a large object has many parts."""
    texts = dict.fromkeys(text for kind, *_, text in answers.examples if kind == PROBLEM)
    return [UnreadableInputError(*json.loads(text)) for text in texts]


def report(answers: Answers, profile: Profile, shown: list[Example]) -> Report:
    """The report, which shows some of the findings."""
    kinds: Counter[str] = Counter()
    requirements: Counter[str] = Counter()
    for kind, _, _, _, _, broken, _, count in answers.counts:
        kinds[kind] += count
        for requirement in broken.split():
            requirements[requirement] += count
    # what is not in the table, as it is known of all events together
    requirements[CONFLICT] += sum(count for *_, differs, count in answers.repeats if differs)
    totals = dict(sorted((+requirements).items()))
    events = kinds[EVENT] + kinds[EMAIL]
    return Report(profile, tuple(breach for _, _, breach in shown), events, kinds[EMAIL], totals)


def archive(answers: Answers, inventory: Inventory, most: int) -> Archive:
    """What the archive holds."""
    types: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    events: Counter[tuple[str, str]] = Counter()
    with_finding: Counter[tuple[str, str]] = Counter()
    days: dict[str, int] = {}
    broken = resent = 0
    for kind, event_type, reason, severity, level, _, day, count in answers.counts:
        if not kind:
            days[day] = count
        if kind not in (EVENT, EMAIL):
            continue
        types[event_type] += count
        reasons[reason] += count
        severities[severity] += count
        events[event_type, reason] += count
        with_finding[event_type, reason] += count * bool(level)
        broken += count * (level == "error")
    for event_type, reason, level, differs, count in answers.repeats:
        if differs:
            with_finding[event_type, reason] += count * (not level)
            broken += count * (level != "error")
        else:
            resent += count
    pairs = {pair: (count, with_finding[pair]) for pair, count in events.items()}
    return Archive(inventory.files, inventory.bytes, broken, resent, most, types, reasons, severities, days, pairs)
