"""The tables of reason codes, as the fact sheet prints them, and P16's judgement of a code."""

from __future__ import annotations

import re

# group -> seed token -> (other spellings, VPC API code that is mapped to it, topics)
GROUPS = {
    ("volume", "creation"): {
        "service-to-service-policy-missing": (
            ["missing_service_authorization_policies"],
            None,
            ["baas-ts-s2s-policy-missing", "baas-ts-authorization-scope"],
        ),
        "snapshot-quota-reached": ([], "snapshot_volume_limit", ["baas-ts-snapshot-quota-reached"]),
        "snapshots-bad-state": (["snapshot-bad-state"], None, ["baas-ts-snapshot-bad-state"]),
        "snapshots-source-volume-busy": (
            ["snapshots_source_volume_busy"],
            "source_volume_busy",
            ["baas-ts-snapshot-volume-busy", "snapshot_ts_volume_busy"],
        ),
        "snapshot-volume-too-large": (
            ["snapshots-volume-too-large"],
            "source_volume_too_large",
            ["baas-ts-snapshot-volume-too-large"],
        ),
        "snapshot-volume-unavailable": (
            # the ledger: the old code is a spelling for volumes, and has no token for instances
            ["snapshots-volume-unavailable", "source_unavailable"],
            "source_volume_unavailable",
            ["baas-ts-snapshot-volume-unavailable"],
        ),
        "snapshots-encryption-key-invalid": (
            [],
            "snapshot_encryption_key_invalid",
            ["baas-ts-snapshots-encryption-key-invalid"],
        ),
    },
    ("volume", "deletion"): {
        "service-to-service-policy-missing": (
            ["missing_service_authorization_policies"],
            None,
            ["baas-ts-s2s-policy-missing", "baas-ts-authorization-scope"],
        ),
        "snapshot-bad-state": (["snapshots-bad-state"], None, ["baas-ts-snapshot-bad-state"]),
        "snapshot-in-pending-state": ([], "snapshot_pending", ["baas-ts-snapshot-pending-state"]),
    },
    ("instance", "creation"): {
        "service-to-service-policy-missing": (
            ["missing_service_authorization_policies"],
            None,
            ["baas-ts-s2s-policy-missing", "baas-ts-authorization-scope"],
        ),
        "snapshot_consistency_group-quota-reached": (
            ["snapshot-consistency_group-quota-reached"],
            "snapshot_volume_limit",
            ["baas-ts-scg-quota-reached"],
        ),
        "snapshot_consistency_group-bad-state": ([], None, ["baas-ts-scg-bad-state"]),
        "snapshot_consistency_group-source-volume-busy": ([], "source_volume_busy", ["baas-ts-scg-volume-busy"]),
        "snapshot_consistency_group-volume-too-large": (
            [],
            "source_volume_too_large",
            ["baas-ts-scg-volume-too-large"],
        ),
        "snapshot_consistency_group-volume-unavailable": (
            [],
            "source_volume_unavailable",
            ["baas-ts-scg-volume-unavailable"],
        ),
        "snapshot_consistency_group-encryption-key-invalid": (
            [],
            "snapshot_encryption_key_invalid",
            ["baas-ts-scg-encryption-key-invalid"],
        ),
    },
    ("instance", "deletion"): {
        "service-to-service-policy-missing": (
            ["missing_service_authorization_policies"],
            None,
            ["baas-ts-s2s-policy-missing", "baas-ts-authorization-scope"],
        ),
        "snapshot_consistency_group-bad-state": ([], None, ["baas-ts-scg-bad-state"]),
        "snapshot-consistency-group-in-pending-state": (
            ["snapshot_consistency_group-in-pending-state"],
            "snapshot_pending",
            ["baas-ts-scg-in-pending-state"],
        ),
    },
}
# code without a token -> job types
WITHOUT_TOKEN = {
    "internal_error": ("creation", "deletion"),
    "snapshot_rate_too_high": ("creation",),
    "snapshot_source_unavailable": ("creation",),
    "source_unavailable": ("creation",),
}
SHARE_CODES = {"snapshot_share_limit": ("creation",), "snapshot_source_unsupported": ("creation",)}
GENERAL_TOPICS = ["vpc-baas-troubleshoot", "vpc-troubleshooting-backup-for-vpc"]
SERVICE_TO_SERVICE = "service-to-service-policy-missing"


def lower(text):
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)


def normal(code):
    """The normal form that the fact sheet recommends for matching."""
    form = lower(code).replace("_", "-")
    if form.startswith("snapshots-"):
        form = "snapshot-" + form[len("snapshots-") :]
    if form.startswith("snapshot-consistency-group-"):
        form = "scg-" + form[len("snapshot-consistency-group-") :]
    return re.sub(r"(?<![a-z0-9])source-(?=volume-)", "", form)


def spellings(group, token):
    others, api, _ = GROUPS[group][token]
    return [token, *others, *([api] if api else [])]


def token_of(group, code):
    """The token of the group that the code is a spelling of, or None."""
    for token in GROUPS[group]:
        if normal(code) in [normal(spelling) for spelling in spellings(group, token)]:
            return token
    return None


def table_of(codes, code):
    """The job types of the code in a table of codes, compared in normal form."""
    for known, job_types in codes.items():
        if normal(known) == normal(code):
            return job_types
    return None


def judge_code(code, resource_type, job_type):
    """The requirements of P16 that the code breaks."""
    tokenless, share = table_of(WITHOUT_TOKEN, code), table_of(SHARE_CODES, code)
    somewhere = any(token_of(group, code) for group in GROUPS)
    if not (tokenless or share or somewhere):
        return {"P16-code-known"}
    if resource_type == "share":
        if job_type not in ("creation", "deletion"):
            return {"P16-code-share"} if tokenless or share or is_service_to_service(code) else {"P16-code-group"}
        fits = is_service_to_service(code) or job_type in (tokenless or share or ())
        return {"P16-code-share"} if fits else {"P16-code-group"}
    possible = possible_groups(resource_type, job_type)
    if any(code in (token, row[1]) for group in possible for token, row in GROUPS[group].items()):
        return set()
    if any(token_of(group, code) for group in possible):
        return {"P16-code-spelling"}
    if tokenless and (job_type not in ("creation", "deletion") or job_type in tokenless):
        return {"P16-code-without-token"}
    return {"P16-code-group"}


def is_service_to_service(code):
    return token_of(("volume", "creation"), code) == SERVICE_TO_SERVICE


def possible_groups(resource_type, job_type):
    """The groups that the two members leave possible; one that says nothing rules nothing out."""
    if resource_type == "share":
        return []
    return [
        (resource, job)
        for resource, job in GROUPS
        if (resource_type not in ("volume", "instance") or resource == resource_type)
        and (job_type not in ("creation", "deletion") or job == job_type)
    ]


def topics_of(code, resource_type, job_type):
    """The topics that the fact sheet lists for the reasons that the code may mean; none where it means none."""
    found = []
    for group in possible_groups(resource_type, job_type):
        token = token_of(group, code)
        found += ["vpc-" + topic for topic in GROUPS[group][token][2]] if token else []
    return found
