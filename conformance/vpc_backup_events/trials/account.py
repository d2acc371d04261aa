"""The account, the instance and the CRNs that clients are given and services are asked with."""

from __future__ import annotations

__all__ = ["ACCOUNT", "INSTANCE", "TOKEN", "instance_crn", "source_crn"]

ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
INSTANCE = "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
# of clients
TOKEN = "eyJ-loopback-0a1b2c3d4e5f"


def source_crn(account: str = ACCOUNT) -> str:
    """The CRN under which Backup for VPC of an account is registered."""
    return f"crn:v1:bluemix:public:is:us-south:a/{account}::backup-policy:"


def instance_crn(instance: str) -> str:
    """The CRN of an instance of Event Notifications."""
    return f"crn:v1:bluemix:public:event-notifications:us-south:a/{ACCOUNT}:{instance}::"
