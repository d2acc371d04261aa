"""How fast `check` is, as ratios within one run: against parsing alone, and against jsonschema on the same schemas.

    python benchmarks/bench_check.py

Goals: on a plain event of 1 kB, a quarter or more of the speed of parsing its two JSON layers with orjson, and 30 times
the speed of jsonschema on the same schemas. Each ratio is the median of several rounds that take turns.
"""

from __future__ import annotations

import json
import statistics
from time import perf_counter
from typing import Any

import orjson

from vpc_backup_events import check
from vpc_backup_events.engines.jsonschema_engine import Engine
from vpc_backup_events.schemas import schema, schemas

URI = "urn:vpc-backup-events:schema:event:strict:backup-volume-creation"
EVENT = schema(URI)["examples"][0]
ROUNDS, CALLS = 15, 4_000


def seconds(function: Any, calls: int = CALLS) -> float:
    start = perf_counter()
    for _ in range(calls):
        function()
    return (perf_counter() - start) / calls


def ratio(one: Any, other: Any, calls: int = CALLS) -> tuple[float, float, float]:
    """Seconds of each, and how many times as fast `one` is as `other`."""
    pairs = [(seconds(one, calls), seconds(other, calls)) for _ in range(ROUNDS)]
    times = [statistics.median(p[i] for p in pairs) for i in (0, 1)]
    return times[0], times[1], statistics.median(b / a for a, b in pairs)


def main() -> None:
    engine = Engine(schemas())
    outer, inner = engine.validator(URI), engine.validator(f"{URI}#/$defs/details")
    print(f"{'event':<20}{'bytes':>7}{'check us':>10}{'of parsing':>12}{'of jsonschema':>15}")
    for name, data in (("compact", orjson.dumps(EVENT)), ("with blanks", json.dumps(EVENT).encode())):

        def parse(data: bytes = data) -> None:
            orjson.loads(orjson.loads(data)["ibmendefaultlong"])

        def peer(data: bytes = data) -> None:
            event = json.loads(data)
            outer.is_valid(event)
            inner.is_valid(json.loads(event["ibmendefaultlong"]))

        check_time, _, of_parsing = ratio(lambda data=data: check(data), parse)
        _, _, of_peer = ratio(lambda data=data: check(data), peer, 40)
        print(f"{name:<20}{len(data):>7}{check_time * 1e6:>10.1f}{of_parsing:>12.2f}{of_peer:>15.0f}")
    noted = orjson.dumps({**EVENT, "notification_id": "1"})
    print(f"an event with one finding: {seconds(lambda: check(noted), 300) * 1e6:.0f} us")


if __name__ == "__main__":
    main()
