// A producer that speaks the harness protocol; it needs nothing but Node.
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";

function buildEvent(job) {
  const details = {
    status: `${job.resource_type} backup failed`,
    backup_policy: job.backup_policy,
    backup_policy_plan: job.backup_policy_plan,
    backup_policy_job: job.backup_policy_job,
    status_reason: `${job.reason}: see the documentation`,
    match_resource_type: job.resource_type,
    job_type: job.job_type,
    resource: job.resource,
    more_info: "https://cloud.ibm.com/docs/vpc?topic=vpc-baas-troubleshoot",
  };
  return {
    specversion: "1.0",
    id: randomUUID(),
    source: "com.ibm.cloud.is.backup-policy",
    type: job.event_type,
    time: job.time,
    ibmensourceid: job.source_id,
    ibmenseverity: job.severity,
    ibmendefaultshort: "Backup Job creation / retention failed",
    ibmendefaultlong: JSON.stringify(details),
  };
}

function answer(message) {
  switch (message.type) {
    case "start":
      return { type: "started", protocol: 1, name: "example producer in JavaScript", version: "1" };
    case "scenario":
      return { type: "event", id: message.id, event: buildEvent(message.scenario) };
    case "stop":
      process.exit(0);
    default:
      return { type: "skipped", id: message.id, reason: `a producer does not do ${message.type}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
