// A consumer with Express: takes every documented form of an event, each event once, and refuses what is none.
import express from "express";

/** @typedef {import("vpc-backup-events").BackupEvent} BackupEvent */
/** @typedef {import("vpc-backup-events").Details} Details */

const MEDIA = ["application/json", "application/cloudevents+json"];
const REQUIRED = ["specversion", "id", "source", "type"];

// raw line breaks in a string are no JSON, but the documentation's own example has them
const withoutBreaks = (text) => text.replace(/[\r\n]/g, " ");

/**
 * The event of a request; throws where there is none.
 * @returns {BackupEvent}
 */
function eventOf(headers, body) {
  const media = (headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  const attributes = Object.keys(headers).filter((name) => name.startsWith("ce-"));
  let event;
  if (media !== MEDIA[1] && attributes.length) {
    // values are percent-encoded, or raw as the documentation shows them
    const decode = (value) => (value.includes(" ") ? value : decodeURIComponent(value));
    event = Object.fromEntries(attributes.map((name) => [name.slice("ce-".length), decode(headers[name])]));
  } else if (MEDIA.includes(media)) {
    event = JSON.parse(withoutBreaks(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body)));
  } else {
    throw new Error("another media type");
  }
  if (!REQUIRED.every((name) => typeof event?.[name] === "string" && event[name])) throw new Error("no event");
  return event;
}

/**
 * The details of an event, as far as they can be read: a page shows an id without quotation marks.
 * @returns {Partial<Details>}
 */
function detailsOf(event) {
  const text = withoutBreaks(String(event.ibmendefaultlong ?? ""));
  const bareId = /:\s*((?:[0-9a-z]{4}[-_])?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\s*([,}])/g;
  try {
    return JSON.parse(text.slice(Math.max(text.indexOf("{"), 0)).replace(bareId, ':"$1"$2')) ?? {};
  } catch {
    return {};
  }
}

/** What an event says of the failed job; an application would do something here. */
export function factsOf(event) {
  const details = detailsOf(event);
  return {
    source: event.source,
    id: event.id,
    event_type: event.type.replace(/-deletion$/, "-retention"),
    severity: event.ibmenseverity,
    resource_type: details.match_resource_type,
    job_type: details.job_type === "retention" ? "deletion" : details.job_type,
    backup_policy: details.backup_policy,
    backup_policy_plan: details.backup_policy_plan,
    backup_policy_job: details.backup_policy_job,
    resource: details.resource,
  };
}

/** An application, and the alerts that it has made, by source and id of their events. */
export function consumer() {
  const alerts = new Map();
  const app = express();
  app.use(express.raw({ type: () => true }));
  app.post(/.*/, (request, response) => {
    let event;
    try {
      event = eventOf(request.headers, request.body ?? Buffer.alloc(0));
    } catch {
      response.status(400).end();
      return;
    }
    const identity = JSON.stringify([event.source, event.id]);
    if (!alerts.has(identity)) alerts.set(identity, factsOf(event));
    response.status(204).end();
  });
  return { app, alerts };
}
