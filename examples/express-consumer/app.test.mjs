// The consumer against the corpus: takes what conforms, and reads the facts that it was made from.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { cases, read } from "vpc-backup-events";

import { consumer } from "./app.mjs";

const KINDS = ["event", "text", "message"];
const BLANK = Buffer.from("\r\n\r\n");
const corpus = cases().filter((entry) => KINDS.includes(entry.kind));
const { app, alerts } = consumer();
let server;

before(async () => {
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
});
after(() => server.close());

/** Headers and body with which a case is delivered: of a message its own, of an event those of a structured one. */
function deliveryOf(entry) {
  const bytes = read(entry);
  if (entry.kind !== "message") return [{ "content-type": "application/cloudevents+json" }, bytes];
  const end = bytes.indexOf(BLANK);
  const lines = bytes.subarray(0, end).toString("latin1").split("\r\n").slice(1);
  const headers = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
  return [Object.fromEntries(headers), bytes.subarray(end + BLANK.length)];
}

/** The status of the answer. */
async function deliver(headers, body) {
  const sent = request({ port: server.address().port, host: "127.0.0.1", method: "POST", headers });
  sent.end(body);
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode;
}

test("every case that conforms is taken", async () => {
  const conforming = corpus.filter((entry) => entry.expected.documented.ok);
  assert.ok(conforming.length > 200);
  for (const entry of conforming) {
    assert.equal(await deliver(...deliveryOf(entry)), 204, entry.file);
  }
});

test("the facts of the job are read", async () => {
  // a quirk may state a fact in another form, and any event its ids in either case
  const same = (value) => value.toLowerCase();
  const canonical = corpus.filter((entry) => entry.file.startsWith("valid/") && entry.expected.strict.ok);
  assert.ok(canonical.length > 50);
  for (const entry of canonical) {
    await deliver(...deliveryOf(entry));
    const event = JSON.parse(read(entry));
    const facts = alerts.get(JSON.stringify([event.source, event.id]));
    for (const [name, value] of Object.entries(entry.scenario)) {
      // what an event need not say, such as its severity, may be missing
      if (facts[name] !== undefined) assert.equal(same(facts[name]), same(value), `${entry.file}: ${name}`);
    }
    assert.equal(same(facts.backup_policy), entry.scenario.backup_policy, entry.file);
  }
});

test("a repeat is no second alert", async () => {
  const entry = corpus.find((each) => each.file.startsWith("valid/strict/"));
  await deliver(...deliveryOf(entry));
  const known = alerts.size;
  assert.equal(await deliver(...deliveryOf(entry)), 204);
  assert.equal(alerts.size, known);
});

test("what is no event is refused", async () => {
  assert.equal(await deliver({ "content-type": "application/cloudevents+json" }, "[]"), 400);
  assert.equal(await deliver({ "content-type": "text/plain" }, "hello"), 400);
});
