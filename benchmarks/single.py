"""One event at a time: `check` against what else one might do with an event."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import jsonschema_rs
import orjson
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from timing import ROOT, Row, in_turns, times_as_fast

from vpc_backup_events import check
from vpc_backup_events.spec.engines.jsonschema_engine import JsonschemaEngine
from vpc_backup_events.spec.schemas import schema, schemas

URI = "urn:vpc-backup-events:schema:event:strict:backup-volume-creation"
DETAILS = f"{URI}#/$defs/details"
LONG = "ibmendefaultlong"
EVENT = schema(URI)["examples"][0]
AJV = """
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";
const { schemas, uris, event, calls, rounds } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ajv = new Ajv2020.default({ strict: false });
addFormats.default(ajv);
for (const schema of schemas) ajv.addSchema(schema);
const [outer, inner] = uris.map((uri) => ajv.getSchema(uri));
let valid = true;
const check = () => {
  const value = JSON.parse(event);
  valid = outer(value) && inner(JSON.parse(value.ibmendefaultlong)) && valid;
};
for (let n = 0; n < calls; n += 1) check();
const taken = [];
for (let round = 0; round < rounds; round += 1) {
  const start = process.hrtime.bigint();
  for (let n = 0; n < calls; n += 1) check();
  taken.push(Number(process.hrtime.bigint() - start) / 1e9 / calls);
}
if (!valid) throw new Error("ajv does not accept the event");
process.stdout.write(JSON.stringify(taken));
"""


def rows() -> Iterator[Row]:
    compact, noted = orjson.dumps(EVENT), orjson.dumps({**EVENT, "notification_id": "1"})
    slow = JsonschemaEngine(schemas())
    outer, inner = slow.validator(URI), slow.validator(DETAILS)
    registry = jsonschema_rs.Registry(list(schemas().items()))
    outer_rs, inner_rs = (
        jsonschema_rs.validator_for({"$ref": uri}, registry=registry, offline=True) for uri in (URI, DETAILS)
    )

    def parse() -> None:
        orjson.loads(orjson.loads(compact)[LONG])

    def by_jsonschema() -> None:
        event = json.loads(compact)
        assert outer.is_valid(event)
        assert inner.is_valid(json.loads(event[LONG]))

    def by_jsonschema_rs() -> None:
        event = orjson.loads(compact)
        assert outer_rs.is_valid(event)
        assert inner_rs.is_valid(orjson.loads(event[LONG]))

    envelope = JSONFormat()
    text = compact.decode()

    def by_cloudevents() -> None:
        # reads the envelope, and refuses what CloudEvents forbids; knows nothing of what is in it
        envelope.read(CloudEvent, text)

    taken = in_turns(
        {
            "check": (lambda: check(compact), 4_000),
            "parse": (parse, 4_000),
            "jsonschema": (by_jsonschema, 40),
            "jsonschema-rs": (by_jsonschema_rs, 1_000),
            "cloudevents": (by_cloudevents, 500),
            "noted": (lambda: check(noted), 300),
        }
    )
    of_parsing = times_as_fast(taken, "check", "parse")
    of_jsonschema = times_as_fast(taken, "check", "jsonschema")
    took = {name: median(each) for name, each in taken.items()}
    yield Row(
        "check", "event", took["check"], of_parsing, "parsing both layers with orjson", "0.25", of_parsing >= 0.25
    )
    yield Row("check", "event", took["check"], of_jsonschema, "jsonschema, same schemas", "30", of_jsonschema >= 30)
    for name, words in (
        ("jsonschema-rs", "jsonschema-rs, same schemas, no rules"),
        ("cloudevents", "cloudevents (Python SDK), envelope alone"),
    ):
        yield Row("check", "event", took["check"], times_as_fast(taken, "check", name), words)
    ajv = by_ajv(compact.decode())
    if ajv:
        yield Row("check", "event", took["check"], ajv / took["check"], "ajv in Node.js, same schemas, no rules")
    yield Row(
        "check, an event with a finding",
        "event",
        took["noted"],
        times_as_fast(taken, "noted", "jsonschema"),
        "jsonschema, same schemas",
    )


def by_ajv(event: str) -> float | None:
    """Seconds for an event with ajv, or None where npm can't install it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "tools" / "second_opinions" / file, folder)
        question = {
            "schemas": list(schemas().values()),
            "uris": [URI, DETAILS],
            "event": event,
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
