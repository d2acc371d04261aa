"""One event at a time, on events as they are made and received: `check` against what else one might do with them."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import jsonschema_rs
import orjson
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from timing import ROOT, Row, in_turns, times_as_fast

from vpc_backup_events import catalog, check
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.making.bulk import conforming
from vpc_backup_events.spec.engines.jsonschema_engine import JsonschemaEngine
from vpc_backup_events.spec.reduced import reduced
from vpc_backup_events.spec.schemas import PREFIX, schema, schemas
from vpc_backup_events.values.json_text import parse
from vpc_backup_events.values.levels import PROFILES, Profile

EVENT = schema(f"{PREFIX}event:strict:backup-volume-creation")["examples"][0]
AJV = """
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";
const { schemas, uris, events, calls, rounds } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ajv = new Ajv2020.default({ strict: false });
addFormats.default(ajv);
for (const schema of schemas) ajv.addSchema(schema);
const layers = Object.fromEntries(
  Object.entries(uris).map(([type, [outer, inner]]) => [type, [ajv.getSchema(outer), ajv.getSchema(inner)]]),
);
let valid = 0;
let next = 0;
const check = () => {
  const value = JSON.parse(events[next++ % events.length]);
  const [outer, inner] = layers[value.type];
  valid += outer(value);
  valid += inner(JSON.parse(value.ibmendefaultlong));
};
for (let n = 0; n < calls; n += 1) check();
const seconds = [];
for (let round = 0; round < rounds; round += 1) {
  const start = process.cpuUsage();
  for (let n = 0; n < calls; n += 1) check();
  const used = process.cpuUsage(start);
  seconds.push((used.user + used.system) / 1e6 / calls);
}
if (!valid) throw new Error("ajv accepts none of the events");
process.stdout.write(JSON.stringify(seconds));
"""


# events of each kind, in both profiles, made anew from all pairs
COUNT = 250
SEED = 12
TYPES = tuple(catalog.event_types.values())
Judge = Callable[[bytes, Profile], object]


@dataclass(frozen=True)
class Sample:
    """Events of one profile, as they are made, as they are received, and with one error."""

    profile: Profile
    plain: tuple[bytes, ...]
    received: tuple[bytes, ...]
    with_errors: tuple[bytes, ...]


def sample(profile: Profile) -> Sample:
    """What `generate` makes, with `notification_id` added, and with one of its facts wrong."""
    pairs = tuple(catalog.pairs.values())
    plain = tuple(islice(conforming(pairs, SEED, profile), COUNT))
    received = tuple(orjson.dumps({**orjson.loads(data), "notification_id": str(n)}) for n, data in enumerate(plain))
    return Sample(profile, plain, received, tuple(with_an_error(n, data) for n, data in enumerate(plain)))


def with_an_error(number: int, data: bytes) -> bytes:
    """The event with an error, in turns in the envelope and in the details."""
    event = orjson.loads(data)
    details = orjson.loads(event[LONG])
    if number % 4 == 0:
        event["specversion"] = "1.1"
    elif number % 4 == 1:
        del event["id"]
    elif number % 4 == 2:
        details["job_type"] = "repair"
    else:
        details["backup_policy"] = "none"
    return orjson.dumps({**event, LONG: orjson.dumps(details).decode()})


def schemas_alone(compiled: Callable[[str], Any], loads: Callable[[bytes | str], Any]) -> Judge:
    """Both layers by their schemas, each compiled from its URI, and nothing else."""
    validators = {event_type.type: tuple(map(compiled, uris_of(event_type.name))) for event_type in TYPES}

    def judge(data: bytes, _: Profile) -> None:
        event = loads(data)
        outer, inner = validators[event["type"]]
        outer.is_valid(event)
        inner.is_valid(loads(event[LONG]))

    return judge


def by_jsonschema_rs() -> Judge:
    registry = jsonschema_rs.Registry(list(schemas().items()))
    return schemas_alone(
        lambda uri: jsonschema_rs.validator_for({"$ref": uri}, registry=registry, offline=True), orjson.loads
    )


def by_jsonschema() -> Judge:
    return schemas_alone(JsonschemaEngine(schemas()).validator, json.loads)


def by_cloudevents() -> Judge:
    envelope = JSONFormat()

    def judge(data: bytes, _: Profile) -> None:
        # reads the envelope, and refuses what CloudEvents forbids; knows nothing of what is in it
        envelope.read(CloudEvent, data.decode())

    return judge


def by_parsing() -> Judge:
    def judge(data: bytes, _: Profile) -> None:
        orjson.loads(orjson.loads(data)[LONG])

    return judge


def by_the_least() -> Judge:
    """What no check can go without: each layer is parsed so that a member that stands twice is seen, and is valid."""
    judges = {profile: schemas_alone(partial(reduced, profile=profile), strictly) for profile in PROFILES}
    return lambda data, profile: judges[profile](data, profile)


def strictly(text: bytes | str) -> Any:
    return parse(text.decode() if isinstance(text, bytes) else text)


def in_profiles(samples: Iterable[Sample], of: Callable[[Sample], Iterable[bytes]]) -> list[tuple[bytes, Profile]]:
    """Events of each sample, with its profile."""
    events: list[tuple[bytes, Profile]] = []
    for one in samples:
        events += [(data, one.profile) for data in of(one)]
    return events


def again(judge: Judge, events: Iterable[tuple[bytes, Profile]]) -> Callable[[], object]:
    """Judges the next of the events, again and again."""
    following = cycle(events).__next__
    return lambda: judge(*following())


def rows() -> Iterator[Row]:
    samples = [sample(profile) for profile in PROFILES]
    plain = in_profiles(samples, lambda one: one.plain)
    received = in_profiles(samples, lambda one: one.received)
    with_errors = in_profiles(samples, lambda one: one.with_errors)
    best: list[tuple[bytes, Profile]] = [(orjson.dumps(EVENT), "documented")]
    rs = by_jsonschema_rs()
    rounds = in_turns(
        {
            "plain": (again(check, plain), len(plain)),
            "received": (again(check, received), len(received)),
            "with errors": (again(check, with_errors), len(with_errors)),
            "best": (again(check, best), 1_000),
            "parse": (again(by_parsing(), plain), 4 * len(plain)),
            # with `notification_id` the schemas refuse an event at the first look, which is no measure of anything
            "jsonschema-rs": (again(rs, plain), len(plain)),
            "jsonschema": (again(by_jsonschema(), plain), 40),
            "cloudevents": (again(by_cloudevents(), plain), len(plain)),
            "best-rs": (again(rs, best), 1_000),
            "least": (again(by_the_least(), plain), len(plain)),
        }
    )
    rounds["mean"] = [(one + other) / 2 for one, other in zip(rounds["plain"], rounds["received"], strict=True)]
    seconds = {name: median(times) for name, times in rounds.items()}
    alone = "the two schemas alone with jsonschema-rs"

    def row(subject: str, name: str, other: str, than: str, goal: float | None = None, why: str = "") -> Row:
        ratio = times_as_fast(rounds, name, other)
        if goal is None:
            return Row(subject, "event", seconds[name], ratio, than)
        limit = f"{goal:.3g} times as fast as {than} are {seconds[other] / goal * 1e6:.0f} us an event"
        return Row(subject, "event", seconds[name], ratio, than, f"{goal:.3g}", ratio >= goal, f"{limit}; {why}")

    least = (
        f"parsing both layers and one look at each by the schemas take {seconds['least'] * 1e6:.0f} us without any rule"
    )
    yield row("check, mean of all events", "mean", "jsonschema-rs", alone, 1 / 3, least)
    yield row("check, mean of all events", "mean", "jsonschema", "the two schemas alone with jsonschema", 30, least)
    yield row("check, mean of all events", "mean", "parse", "parsing both layers with orjson")
    yield row("check, mean of all events", "mean", "cloudevents", "cloudevents (Python SDK), envelope alone")
    ajv = by_ajv(data for data, _ in plain)
    if ajv:
        ratio = ajv / seconds["mean"]
        yield Row(
            "check, mean of all events", "event", seconds["mean"], ratio, "ajv in Node.js, same schemas, no rules"
        )
    yield row("check, events as they are made", "plain", "jsonschema-rs", alone)
    yield row("check, events as they are received: each has a note", "received", "jsonschema-rs", alone)
    second = "the schemas are asked a second time, for all that is wrong, and the findings are put into words"
    yield row("check, events with one error", "with errors", "jsonschema-rs", alone, 1 / 8, second)
    yield row("check, the example of the documentation: the best case", "best", "best-rs", alone)


def uris_of(name: str) -> tuple[str, str]:
    """The schemas of both layers of an event type."""
    uri = f"{PREFIX}event:strict:{name}"
    return uri, f"{uri}#/$defs/details"


def by_ajv(events: Iterable[bytes]) -> float | None:
    """Seconds for an event with ajv, or None where npm can't install it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "tools" / "second_opinions" / file, folder)
        question = {
            "schemas": list(schemas().values()),
            "uris": {event_type.type: uris_of(event_type.name) for event_type in TYPES},
            "events": [data.decode() for data in events],
            "calls": 4_000,
            "rounds": 15,
        }
        (folder / "question.json").write_text(json.dumps(question), "utf-8")
        (folder / "ajv.mjs").write_text(AJV, "utf-8")
        try:
            subprocess.run(
                ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
                cwd=folder,
                check=True,
                capture_output=True,
            )
            done = subprocess.run(["node", "ajv.mjs", "question.json"], cwd=folder, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"without ajv: {error}")
            return None
    return median(json.loads(done.stdout))
