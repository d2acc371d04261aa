"""What a job, a page of jobs and an error are made of."""

from __future__ import annotations

from api_parts import (
    LATER,
    TRACE,
    Node,
    array,
    boolean,
    carries,
    count,
    date_time,
    integer,
    record,
    requires,
    schema,
    text,
)
from backup_jobs.examples import HELP, JOB, PLAN, STATUSES, VOLUME, VOLUME_REFERENCE
from vpc_backup_events import catalog


def id_of(what: str, example: str) -> Node:
    return text(f"Id of the {what}.", 1, 64, examples=[example])


def crn(what: str) -> Node:
    return text(f"CRN of the {what}.", 9, 512, examples=[VOLUME_REFERENCE["crn"]])


def href(what: str) -> Node:
    return text(f"URL of the {what}.", 10, 8000, format="url", pattern="^https?://.*$")


def job() -> Node:
    reason = requires(
        record(
            "Why the job has its status.",
            {
                "code": carries(
                    text("What happened, for a program; more may come.", 1, examples=list(catalog.api_codes)),
                    "P36-reason-code",
                ),
                "message": carries(text("What happened, for a person.", 1), "P36-reason-message"),
                "more_info": text("Where it is explained.", 1, format="url"),
            },
            ["code", "message"],
        ),
        code="P36-reason-code",
        message="P36-reason-message",
    )
    plan = requires(
        record(
            "The plan that the job carried out.",
            {
                "id": carries(id_of("plan", PLAN), "P36-job-backup-policy-plan"),
                "href": href("plan"),
                "name": text("Name of the plan.", 1, 63, examples=["nightly"]),
                "resource_type": text("Always backup_policy_plan.", enum=["backup_policy_plan"]),
            },
        ),
        id="P36-job-backup-policy-plan",
    )
    plan["x-requirements"]["type"] = "P36-job-backup-policy-plan"
    source = requires(
        record(
            "The volume, instance or share that was backed up.",
            {
                "id": carries(id_of("resource", VOLUME), "P36-job-source"),
                "crn": crn("resource"),
                "href": href("resource"),
                "name": text("Name of the resource.", 1, 63, examples=["data-volume"]),
                "resource_type": text("Absent for an instance.", 1, examples=["volume"]),
            },
            ["id", "crn", "href", "name"],
        ),
        id="P36-job-source",
    )
    source["x-requirements"]["type"] = "P36-job-source"
    snapshot = record(
        "A snapshot that the job made or deleted.",
        {
            "id": text("Id of the snapshot.", 1),
            "crn": crn("snapshot"),
            "href": href("snapshot"),
            "name": text("Name of the snapshot.", 1, 63),
            "resource_type": text("Kind of the snapshot.", enum=["snapshot", "share_snapshot"]),
        },
    )
    created = date_time("When the job began.")
    created["x-requirements"] = {"type": "P36-job-created-at", "format": "P36-job-created-at"}
    ids = {
        "id": "P36-job-id",
        "job_type": "P36-job-job-type",
        "status": "P36-job-status",
        "status_reasons": "P36-job-status-reasons",
        "backup_policy_plan": "P36-job-backup-policy-plan",
        "source": "P36-job-source",
        "created_at": "P36-job-created-at",
    }
    members = {
        "id": carries(id_of("job", JOB), "P36-job-id"),
        "href": href("job"),
        "resource_type": text("Always backup_policy_job.", enum=["backup_policy_job"]),
        "job_type": carries(text("What the job does.", enum=list(catalog.job_types)), "P36-job-job-type"),
        "status": carries(text("State of the job.", enum=STATUSES, examples=STATUSES), "P36-job-status"),
        "status_reasons": carries(
            array("Why; empty where nothing is wrong.", schema("BackupPolicyJobStatusReason")),
            "P36-job-status-reasons",
        ),
        "backup_policy_plan": plan,
        "source": source,
        "target_snapshots": array("The snapshots of the job.", snapshot),
        "auto_delete": boolean("Always true."),
        "auto_delete_after": count("Days until the backup is deleted.", 30),
        "created_at": created,
        "completed_at": date_time("When the job ended; absent while it runs.", LATER),
    }
    node = requires(record("A backup job.", members, [name for name in members if name != "completed_at"]), **ids)
    return {"BackupPolicyJobStatusReason": reason, "BackupPolicyJob": node}


def collection() -> Node:
    page = record("Another page.", {"href": href("page")})
    return record(
        "A page of jobs.",
        {
            "first": page,
            "next": {**page, "description": "The page after; absent on the last page."},
            "limit": integer("How many a page has at most.", minimum=1, maximum=100),
            "total_count": count("How many there are in all."),
            "jobs": array("The jobs of this page.", schema("BackupPolicyJob"), maxItems=100),
        },
        ["first", "limit", "total_count", "jobs"],
    )


def error() -> Node:
    target = record(
        "What of the request is wrong.",
        {
            "name": text("Its name.", 1, examples=["version"]),
            "type": text("What it is.", enum=["field", "header", "parameter"], examples=["parameter"]),
        },
    )
    entry = record(
        "One thing that is wrong.",
        {
            "code": text("What is wrong, for a program.", 1, examples=["bad_field"]),
            "message": text("What is wrong, for a person.", 1),
            "more_info": text("Where it is explained.", 1, format="url", examples=[HELP]),
            "target": target,
        },
        ["code", "message"],
    )
    return record(
        "An error of the service.",
        {
            "errors": array("What is wrong.", entry, minItems=1),
            "trace": text("Id of the request.", 1, examples=[TRACE]),
        },
    )
