"""Archives for the tests, and what `check` says of the same files."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from dataclasses import replace
from itertools import islice

from vpc_backup_events import catalog
from vpc_backup_events.audit.engines import Local
from vpc_backup_events.audit.run import Audit
from vpc_backup_events.audit.work import Work
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.making import bulk
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import compact, scenario_of
from vpc_backup_events.making.mutations import breaches, quirks
from vpc_backup_events.reference import build_event

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


# policy, month and reason of failed jobs -> how many there are of each
_NIGHTLY, _HOURLY = "r006-5d4f1f3e-8f0e-4c3b-9a52-6a1d3c0e7b01", "r006-c2a96b7d-03e4-4d5f-8b61-90f7e2d4a802"
_JOBS = {
    (_NIGHTLY, 2, "snapshot-quota-reached"): 3,
    (_NIGHTLY, 3, "snapshot-quota-reached"): 12,
    (_NIGHTLY, 3, "service-to-service-policy-missing"): 5,
    (_HOURLY, 2, "snapshots-source-volume-busy"): 6,
    (_HOURLY, 3, "snapshots-source-volume-busy"): 7,
}


def two_months():
    """Events of February and March 2026: two policies, two events that came again, and one of another severity."""
    choices = Seeded(1)
    pairs = {pair.reason: pair for pair in PAIRS if pair.event_type.endswith("backup-volume-creation")}
    events = []
    for (policy, month, reason), jobs in _JOBS.items():
        for number in range(jobs):
            time = f"2026-{month:02d}-{1 + number * 2:02d}T02:10:00Z"
            scenario = replace(scenario_of(pairs[reason], choices), backup_policy=policy, time=time)
            events.append({**build_event(scenario), "id": f"{len(events):08d}-0000-4000-8000-5d4f1f3e8f0e"})
    again = {**events[4], "notification_id": "b2198eb8-04b1-48ec-a78c-ee87694dd845"}
    events += [again, {**events[30], "subject": "again"}, {**events[9], "id": "e", "ibmenseverity": "LOW"}]
    return [compact(event).encode() for event in sorted(events, key=lambda event: event["time"])]


def repeated(lines):
    """Some events again: as they were, in other words, under another notification, and with other content."""
    rng = random.Random(4)
    said = []
    for line in rng.sample(lines, 60):
        event = json.loads(line)
        if not isinstance(event, dict):
            continue
        way = rng.randrange(4)
        if way == 1:
            event = dict(reversed(event.items()))
        elif way == 2:
            event["notification_id"] = str(rng.random())
        elif way == 3:
            event["subject"] = str(rng.random())
        said.append(json.dumps(event).encode() if way else line)
    return said


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
