"""An event that conforms: what hostile files and the tests of the command line are made of."""

from __future__ import annotations

import json


def event(**members: object) -> dict[str, object]:
    """An event that conforms, with other members."""
    details = {
        "status": "Backup job creation failed",
        "backup_policy": "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        "backup_policy_plan": "r006-076191ba-49c2-4763-94fd-c70de73ee2e6",
        "status_reason": "source_volume_busy: The source volume has busy set (after multiple retries)",
        "match_resource_type": "volume",
        "job_type": "creation",
        "more_info": "https://cloud.ibm.com/docs/vpc?topic=vpc-baas-troubleshoot",
    }
    return {
        "specversion": "1.0",
        "id": "5f1c3f0e-8a3b-4c7e-9f57-0d8e2a41c6b3",
        "source": "com.ibm.cloud.is.backup-policy",
        "type": "com.ibm.cloud.is.backup-policy.backup-volume-creation",
        "time": "2024-04-22T20:59:34Z",
        "ibmensourceid": "41cdb7d4-db3e-496b-b7df-d4ead362c412:api",
        "ibmenseverity": "medium",
        "ibmendefaultshort": "Volume Backup Job Creation Failure",
        "ibmendefaultlong": json.dumps(details, separators=(",", ":")),
        **members,
    }
