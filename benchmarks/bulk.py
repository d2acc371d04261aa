"""Events by the thousand and the million: `generate` and `audit`."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median
from uuid import UUID

import orjson
from timing import KIT, Row, in_turns, program, times_as_fast

from vpc_backup_events import catalog
from vpc_backup_events.audit import judging
from vpc_backup_events.audit.parts import Inventory, Part, parts
from vpc_backup_events.making import bulk
from vpc_backup_events.making.draft import compact
from vpc_backup_events.making.mutations import breaches, quirks

PARSING = "parsing both layers with orjson"
PAIRS = tuple(catalog.pairs.values())
# why a goal of events by the second may be missed
FULL_WAY = "an event whose form is not known takes the way of `check`, as each does that is broken in a way of its own"


# takes all that an iterator gives, and keeps nothing
consume = deque(maxlen=0).extend


def generate_rows() -> Iterator[Row]:
    count = 10_000
    event = json.loads(next(bulk.conforming(PAIRS)))
    mutations = [m for m in breaches("documented") if m.requirement != "P09-size"]
    taken = in_turns(
        {
            "serialise": (lambda: [json.dumps(event).encode() for _ in range(count)], 1),
            "conforming": (lambda: list(islice(bulk.conforming(PAIRS), count)), 1),
            "broken": (lambda: list(islice(bulk.changed(PAIRS, mutations), count)), 1),
        },
        rounds=7,
    )
    took = {name: median(each) / count for name, each in taken.items()}
    for name, words in (("conforming", "generate"), ("broken", "generate, events that break a requirement")):
        ratio = times_as_fast(taken, name, "serialise")
        met = took[name] < 1 / 50_000 if name == "conforming" else None
        yield Row(
            words,
            "event",
            took[name],
            ratio,
            "serialising an event with json",
            "50,000/s" if met is not None else "",
            met,
        )


def judging_rows() -> Iterator[Row]:
    """One core, in a process that has begun: events of forms that come again, and others among them."""
    conforming = list(islice(bulk.conforming(PAIRS), 60_000))
    mutations = [m for m in (*breaches("documented"), *quirks(("object",))) if m.requirement != "P09-size"]
    changed = [compact(event).encode() for event, _ in islice(bulk.changed(PAIRS, mutations), 600)]
    kinds = {
        "audit, conforming events of 960 forms": conforming,
        "audit, the same as received: each has a finding": [
            b'%s,"notification_id":"%s"}' % (line[:-1], str(UUID(int=number)).encode())
            for number, line in enumerate(conforming)
        ],
        "audit, every hundredth event broken in a way of its own": [
            changed[number // 100] if number % 100 == 0 else line for number, line in enumerate(conforming)
        ],
    }

    def parse() -> None:
        for line in conforming[:10_000]:
            orjson.loads(orjson.loads(line)["ibmendefaultlong"])

    for words, lines in kinds.items():
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "a.ndjson"
            path.write_bytes(b"\n".join(lines))
            first, second, *_ = parts([str(path)], Inventory())
            # a process learns the forms in its first part
            consume(judging.judge_part(0, first, "documented", 10))
            pieces = judging.judge_part(1, second, "documented", 10)
            events = sum(piece["kind"].to_pylist().count("event") for piece in pieces)

            def audit(part: Part = second) -> None:
                consume(judging.judge_part(1, part, "documented", 10))

            taken = in_turns({"audit": (audit, 1), "parse": (parse, 1)}, rounds=9)
        seconds = median(taken["audit"]) / events
        ratio = times_as_fast(taken, "audit", "parse") * events / 10_000
        yield Row(words, "event", seconds, ratio, PARSING, "150,000/s", seconds <= 1 / 150_000, why=FULL_WAY)


def audit_rows(count: int) -> Iterator[Row]:
    """The program on one and on two cores, and on Spark: events as received, of which every hundredth is broken."""
    with tempfile.TemporaryDirectory() as name:
        path = received(Path(name), count)
        few = received(Path(name), 100)
        # not counted: the first run compiles the modules and brings the archive into memory
        audited(path)
        one, two = [], []
        for _ in range(3):
            one.append(audited(path, "--jobs", 1))
            two.append(audited(path, "--jobs", 2))
        each = median(one) / count
        yield Row(
            f"audit of {count:,} events, one process",
            "event",
            each,
            goal="120,000/s",
            met=each <= 1 / 120_000,
            why=FULL_WAY,
        )
        ratio = times_as_fast({"one": one, "two": two}, "two", "one")
        yield Row(
            f"audit of {count:,} events, two processes",
            "event",
            median(two) / count,
            ratio,
            "one process",
            "1.85",
            ratio >= 1.85,
            why="two processes do not share the start, the sums and learning the forms, which weigh the more, the less"
            " time the rest takes",
        )
        if find_spec("pyspark") and shutil.which("java"):
            options = ("--engine", "spark", "--jobs", 2)
            # of an archive of some events, nearly all is the start
            spark = audited(path, *options) - audited(few, *options)
            ratio = median(two) / spark
            yield Row(
                f"audit of {count:,} events, Spark on two cores, without its start",
                "event",
                spark / count,
                ratio,
                "two processes without Spark",
                "0.6",
                ratio >= 0.6,
                why="what Spark sums with is compiled while it runs, which takes as long for few events as for many",
            )


def audited(path: Path, *options: object) -> float:
    """Seconds that the program takes for an archive that has findings."""
    return program([*KIT, "audit", path, *options], status=1)[0]


def received(folder: Path, count: int) -> Path:
    """An archive of events as a webhook receives them; every hundredth is one that breaks a requirement or a quirk."""
    mutations = [m for m in (*breaches("documented"), *quirks(("object",))) if m.requirement != "P09-size"]
    changed = bulk.changed(PAIRS, mutations)
    path = folder / f"received-{count}.ndjson"
    with path.open("wb") as file:
        for number, line in enumerate(islice(bulk.conforming(PAIRS), count)):
            if number % 100 == 0:
                # a breach of the text itself may have line breaks
                file.write(compact(next(changed)[0]).encode().replace(b"\n", b" ") + b"\n")
            else:
                file.write(b'%s,"notification_id":"%s"}\n' % (line[:-1], str(UUID(int=number)).encode()))
    return path


def archive(folder: Path, count: int) -> Path:
    path = folder / f"{count}.ndjson"
    subprocess.run([*KIT, "generate", "--count", str(count), "--format", "ndjson", "--output", path], check=True)
    return path


def growth(largest: int) -> Iterator[tuple[int, float, float]]:
    """Events, seconds and MB of `audit` on all cores, from a thousand events up to ten to the power of `largest`."""
    for power in range(3, largest + 1):
        with tempfile.TemporaryDirectory() as name:
            path = archive(Path(name), 10**power)
            yield 10**power, *program([*KIT, "audit", path])
