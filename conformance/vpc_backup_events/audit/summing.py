"""From the answers about a table to what a report says: counts of all, and the first findings of each requirement."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from vpc_backup_events.audit.parts import Inventory
from vpc_backup_events.audit.questions import Answers
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


def examples(answers: Answers, profile: Profile) -> list[Example]:
    """The findings that a report shows, in the order of the archive."""
    every = [*_as_kept(answers), *_conflicts(answers, profile)]
    return sorted(every, key=lambda example: (*example[:2], gravity(example[2])))


def _as_kept(answers: Answers) -> Iterator[Example]:
    for kind, part, ordinal, *place, text in answers.examples:
        if kind == EXAMPLE:
            yield part, ordinal, Finding(**{**json.loads(text), "source": Source(*place)})


def problems(answers: Answers) -> list[KitError]:
    """What could not be read, each once: a large object has many parts."""
    texts = dict.fromkeys(text for kind, *_, text in answers.examples if kind == PROBLEM)
    return [UnreadableInputError(*json.loads(text)) for text in texts]


def _conflicts(answers: Answers, profile: Profile) -> Iterator[Example]:
    for part, ordinal, file, line, index, *first in answers.conflicts:
        breach = finding(conflict(Source(*first)), profile, Source(file, line, index))
        assert breach is not None
        yield part, ordinal, breach


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
