"""How fast bulk generation is: events a second on one core, and how that compares with serialising an event.

    python benchmarks/bench_generate.py

Goal: 50,000 conforming events a second.
"""

from __future__ import annotations

import json
import statistics
from itertools import islice
from time import perf_counter

from vpc_backup_events import catalog
from vpc_backup_events.generation import bulk
from vpc_backup_events.generation.mutations import breaches

ROUNDS, COUNT = 7, 20_000


def main() -> None:
    pairs = tuple(catalog.pairs.values())
    event = json.loads(next(bulk.conforming(pairs)))

    def serialise() -> None:
        for _ in range(COUNT):
            json.dumps(event).encode()

    def conforming() -> None:
        for _ in islice(bulk.conforming(pairs), COUNT):
            pass

    def broken() -> None:
        # the requirement of size makes events of 64 KiB: another question
        mutations = [m for m in breaches("documented") if m.requirement != "P09-size"]
        for _ in islice(bulk.changed(pairs, mutations), COUNT):
            pass

    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for work in (serialise, conforming, broken):
            start = perf_counter()
            work()
            times.setdefault(work.__name__, []).append(perf_counter() - start)
    base = statistics.median(times["serialise"])
    print(f"{'':<12}{'events/s':>12}{'of serialising':>16}")
    for name, taken in times.items():
        print(f"{name:<12}{COUNT / statistics.median(taken):>12,.0f}{base / statistics.median(taken):>16.2f}")


if __name__ == "__main__":
    main()
