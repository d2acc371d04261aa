"""Archives for the tests, and what `check` says of the same files."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import islice

from vpc_backup_events import catalog
from vpc_backup_events.audit.engines import Local
from vpc_backup_events.audit.run import Audit
from vpc_backup_events.audit.work import Work
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.making import bulk
from vpc_backup_events.making.draft import compact
from vpc_backup_events.making.mutations import breaches, quirks

PAIRS = tuple(catalog.pairs.values())


def conforming(count, seed=0):
    return list(islice(bulk.conforming(PAIRS, seed), count))


def changed(count, seed=0):
    """Documented quirks and breaches, each on one line."""
    mutations = [m for m in (*breaches("documented"), *quirks(("object",))) if m.requirement != "P09-size"]
    return [compact(event).encode() for event, _ in islice(bulk.changed(PAIRS, mutations, seed), count)]


def mixed(count, seed=0):
    """Conforming events and others, in no order, and the same in each run."""
    lines = [*conforming(count - count // 2, seed), *changed(count // 2, seed)]
    return sorted(lines, key=lambda line: hashlib.sha256(line).digest())


def begun(*paths, profile="documented", most=1_000_000, jobs=1, work=None, engine=None, **options):
    one = Audit(tuple(map(str, paths)), profile, most, engine or Local(jobs), Work(work and str(work)), **options)
    one.plan()
    return one


def audit(*paths, **options):
    """The report on an archive, and what it holds; problems fail."""
    one = begun(*paths, **options)
    try:
        one.judge(lambda _: None)
        assert not one.inventory.problems
        return one.finish()
    finally:
        one.work.close()


def checked(*paths, profile="documented"):
    return check_inputs(((str(path), path.read_bytes()) for path in paths), profile)


def assert_same(report, expected):
    """A report with all its examples is that of `check`."""
    assert report.events == expected.events
    assert report.by_requirement() == expected.by_requirement()
    assert Counter(report.findings) == Counter(expected.findings)
