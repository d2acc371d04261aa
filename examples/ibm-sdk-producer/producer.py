"""A producer that sends its events with IBM's client of Event Notifications."""

import json
import uuid

from ibm_cloud_sdk_core.authenticators import BearerTokenAuthenticator
from ibm_eventnotifications.event_notifications_v1 import EventNotificationsV1, NotificationCreate

LINK = "https://cloud.ibm.com/docs/vpc?topic=vpc-baas-troubleshoot"
TITLES = {
    ("volume", "creation"): "Volume Backup Job Creation Failure",
    ("volume", "deletion"): "Volume Backup Job Retention Failure",
    ("instance", "creation"): "Instance Backup Job Creation Failure",
    ("instance", "deletion"): "Instance Backup Job Retention Failure",
}


def build_event(job):
    """The event of a failed job, an object with the facts of it."""
    details = {
        "status": "Backup job failed",
        "backup_policy": job.backup_policy,
        "backup_policy_plan": job.backup_policy_plan,
        "backup_policy_job": job.backup_policy_job,
        "status_reason": f"{job.reason}: see the documentation of the code",
        "match_resource_type": job.resource_type,
        "job_type": job.job_type,
        "resource": job.resource,
        "more_info": LINK,
    }
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "com.ibm.cloud.is.backup-policy",
        "type": job.event_type,
        "time": job.time,
        "ibmensourceid": job.source_id,
        "ibmenseverity": job.severity,
        "ibmendefaultshort": TITLES[job.resource_type, job.job_type],
        "ibmendefaultlong": json.dumps(details, separators=(",", ":")),
    }


def send(job, base_url, token, instance_id):
    """Sends the event of the job, and returns the id of the notification."""
    client = EventNotificationsV1(authenticator=BearerTokenAuthenticator(token))
    client.set_service_url(base_url)
    body = NotificationCreate.from_dict(build_event(job))
    return client.send_notifications(instance_id, body=body).get_result()["notification_id"]
