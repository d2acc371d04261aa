// A consumer that speaks the harness protocol; it needs nothing but Node.
import { createInterface } from "node:readline";

const TYPES = ["application/json", "application/cloudevents+json"];
const identities = new Set();
const interpretations = [];

// raw line breaks in a string are no JSON, but the documentation's own example has them
const withoutBreaks = (text) => text.replace(/[\r\n]/g, " ");

function read(headers, body) {
  const media = (headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  const ce = Object.keys(headers).filter((name) => name.startsWith("ce-"));
  let event;
  if (media !== TYPES[1] && ce.length) {
    const decode = (value) => (value.includes(" ") ? value : decodeURIComponent(value));
    event = Object.fromEntries(ce.map((name) => [name.slice(3), decode(headers[name])]));
  } else if (TYPES.includes(media)) {
    event = JSON.parse(withoutBreaks(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body)));
  } else {
    throw new Error("another media type");
  }
  const isText = (name) => typeof event?.[name] === "string" && event[name];
  if (!["specversion", "id", "source", "type"].every(isText)) throw new Error("no event");
  return event;
}

function detailsOf(event) {
  let text = String(event.ibmendefaultlong ?? "");
  text = withoutBreaks(text.slice(Math.max(text.indexOf("{"), 0)));
  const bareId = /:\s*((?:[0-9a-z]{4}[-_])?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\s*([,}])/g;
  try {
    return JSON.parse(text.replace(bareId, ':"$1"$2')) ?? {};
  } catch {
    return {};
  }
}

function interpret(event) {
  const details = detailsOf(event);
  const said = {
    source: event.source,
    id: event.id,
    event_type: event.type.replace("-deletion", "-retention"),
    severity: event.ibmenseverity,
    resource_type: details.match_resource_type,
    job_type: details.job_type === "retention" ? "deletion" : details.job_type,
    backup_policy: details.backup_policy,
    backup_policy_plan: details.backup_policy_plan,
    backup_policy_job: details.backup_policy_job,
    resource: details.resource,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => typeof value === "string"));
}

function receive(message) {
  if (message.method !== "POST") return 405;
  const body = "body_base64" in message ? Buffer.from(message.body_base64, "base64") : Buffer.from(message.body ?? "");
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), value]));
  let event;
  try {
    event = read(headers, body);
  } catch {
    return 400;
  }
  const identity = JSON.stringify([event.source, event.id]);
  if (!identities.has(identity)) {
    identities.add(identity);
    interpretations.push(interpret(event));
  }
  return 204;
}

function answer(message) {
  switch (message.type) {
    case "start":
      return { type: "started", protocol: 1, name: "example consumer in JavaScript", observe: true };
    case "delivery":
      return { type: "answer", id: message.id, status: receive(message) };
    case "observe":
      return { type: "interpretations", id: message.id, interpretations };
    case "stop":
      process.exit(0);
    default:
      return { type: "skipped", id: message.id, reason: `a consumer does not do ${message.type}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
