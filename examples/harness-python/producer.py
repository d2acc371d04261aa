"""A producer that speaks the harness protocol; it needs nothing but Python."""

import json
import sys
import uuid


def build_event(job):
    """The event of a failed backup job."""
    details = {
        "status": f"{job['resource_type'].capitalize()} backup job failed",
        "backup_policy": job["backup_policy"],
        "backup_policy_plan": job["backup_policy_plan"],
        "backup_policy_job": job["backup_policy_job"],
        "status_reason": f"{job['reason']}: see the documentation",
        "match_resource_type": job["resource_type"],
        "job_type": job["job_type"],
        "resource": job["resource"],
        "more_info": "https://cloud.ibm.com/docs/vpc?topic=vpc-baas-troubleshoot",
    }
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "com.ibm.cloud.is.backup-policy",
        "type": job["event_type"],
        "time": job["time"],
        "ibmensourceid": job["source_id"],
        "ibmenseverity": job["severity"],
        "ibmendefaultshort": "Backup Job creation / retention failed",
        "ibmendefaultlong": json.dumps(details),
    }


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "start":
        answer = {"type": "started", "protocol": 1, "name": "example producer in Python", "version": "1"}
    elif message["type"] == "scenario":
        answer = {"type": "event", "id": message["id"], "event": build_event(message["scenario"])}
    elif message["type"] == "stop":
        break
    else:
        answer = {"type": "skipped", "id": message["id"], "reason": f"a producer does not do {message['type']}"}
    print(json.dumps(answer), flush=True)
