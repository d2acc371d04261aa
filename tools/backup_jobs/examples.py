"""What the examples of the description are about."""

from __future__ import annotations

from api_parts import LATER, TIME, Node
from vpc_backup_events import catalog

POLICY = "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178"
PLAN = "r006-076191ba-49c2-4763-94fd-c70de73ee2e6"
JOB = "r006-899ab8fb-3b71-4fc8-bca5-1544cb425e4f"
VOLUME = "r006-f6583aac-8ba9-4d04-ab7a-acfe7b420016"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
HELP = "https://cloud.ibm.com/apidocs/vpc"
ROOT = "https://us-south.iaas.cloud.ibm.com/v1"
STATUSES = ["failed", "running", "succeeded"]
VOLUME_REFERENCE = {
    "id": VOLUME,
    "crn": f"crn:v1:bluemix:public:is:us-south-1:a/{ACCOUNT}::volume:{VOLUME}",
    "href": f"{ROOT}/volumes/{VOLUME}",
    "name": "data-volume",
    "resource_type": "volume",
}


def example() -> Node:
    code = catalog.api_codes["snapshot_volume_limit"]
    return {
        "id": JOB,
        "href": f"{ROOT}/backup_policies/{POLICY}/jobs/{JOB}",
        "resource_type": "backup_policy_job",
        "job_type": "creation",
        "status": "failed",
        "status_reasons": [
            {
                "code": code.code,
                "message": code.text,
                "more_info": "https://cloud.ibm.com/docs/vpc?topic=vpc-troubleshooting-backup-for-vpc",
            }
        ],
        "backup_policy_plan": {
            "id": PLAN,
            "href": f"{ROOT}/backup_policies/{POLICY}/plans/{PLAN}",
            "name": "nightly",
            "resource_type": "backup_policy_plan",
        },
        "source": VOLUME_REFERENCE,
        "target_snapshots": [],
        "auto_delete": True,
        "auto_delete_after": 30,
        "created_at": TIME,
        "completed_at": LATER,
    }
