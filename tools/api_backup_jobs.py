"""The backup jobs of the VPC API, by which a failed job is confirmed: `document()`."""

from __future__ import annotations

from api_parts import (
    LATER,
    TIME,
    TRACE,
    Node,
    array,
    boolean,
    carries,
    carrying,
    content,
    count,
    date_time,
    integer,
    link,
    parameter,
    record,
    ref,
    requires,
    responses,
    retry_after,
    retry_headers,
    schema,
    text,
)
from vpc_backup_events import catalog

POLICY = "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178"
PLAN = "r006-076191ba-49c2-4763-94fd-c70de73ee2e6"
JOB = "r006-899ab8fb-3b71-4fc8-bca5-1544cb425e4f"
VOLUME = "r006-f6583aac-8ba9-4d04-ab7a-acfe7b420016"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
HELP = "https://cloud.ibm.com/apidocs/vpc"
ROOT = "https://us-south.iaas.cloud.ibm.com/v1"
STATUSES = ["failed", "running", "succeeded"]

ERRORS = {
    "BadRequest": (400, "bad_field", "A parameter is missing or malformed.", ["P36-no-version", "P36-no-generation"]),
    "Unauthorized": (401, "not_authorized", "The bearer token is missing or not valid.", ["P36-no-token"]),
    "Forbidden": (403, "forbidden", "The caller has no permission for this.", []),
    "NotFound": (404, "not_found", "The policy or the job is unknown.", ["P36-unknown-job"]),
    "TooManyRequests": (429, "too_many_requests", "Too many requests; wait.", []),
    "InternalError": (500, "internal_error", "The service failed.", []),
    "Unavailable": (503, "unavailable", "The service is not available for a while.", []),
}


def id_of(what: str, example: str) -> Node:
    return text(f"Id of the {what}.", 1, 64, examples=[example])


def crn(what: str) -> Node:
    return text(f"CRN of the {what}.", 9, 512, examples=[VOLUME_REFERENCE["crn"]])


def href(what: str) -> Node:
    return text(f"URL of the {what}.", 10, 8000, format="url", pattern="^https?://.*$")


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


def query() -> Node:
    def optional(name: str, node: Node) -> Node:
        return parameter(name, "query", node)

    id = {"minLength": 1, "maxLength": 64}
    return {
        "version": parameter(
            "version",
            "query",
            carrying(
                text("The API version, a date.", format="date", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
                pattern="P36-asks-version",
            ),
            "2026-10-06",
            required=True,
        ),
        "generation": parameter(
            "generation",
            "query",
            carrying(
                integer("The generation of the infrastructure.", minimum=2, maximum=2),
                minimum="P36-asks-version",
                maximum="P36-asks-version",
            ),
            2,
            required=True,
        ),
        "backup_policy_id": parameter("backup_policy_id", "path", text("Id of the policy.", 1, 64), POLICY),
        "id": parameter("id", "path", text("Id of the job.", 1, 64), JOB),
        "status": optional(
            "status",
            carrying(text("Only jobs of this status.", enum=STATUSES), enum="P36-list-status"),
        ),
        "plan": optional("backup_policy_plan.id", {**text("Only jobs of this plan."), **id}),
        "start": optional("start", text("Where the page begins: a token out of next.", 1, 128)),
        "limit": optional(
            "limit",
            integer("How many jobs a page has at most.", minimum=1, maximum=100, default=50),
        ),
        "sort": optional("sort", text("What to sort by; - for descending.", pattern="^-?(created_at|name)$")),
        "source": optional("source.id", {**text("Only jobs of this resource."), **id}),
        "snapshot_id": optional("target_snapshots[].id", {**text("Only jobs with this snapshot."), **id}),
        "snapshot_crn": optional("target_snapshots[].crn", text("Only jobs with this snapshot.", 9, 512)),
    }


def document() -> Node:
    """The OpenAPI document."""
    common = responses(
        {
            400: "BadRequest",
            401: "Unauthorized",
            403: "Forbidden",
            404: "NotFound",
            429: "TooManyRequests",
            500: "InternalError",
            503: "Unavailable",
        }
    )
    every = [ref("parameters", name) for name in ("version", "generation", "backup_policy_id")]
    filters = ["status", "plan", "start", "limit", "sort", "source", "snapshot_id", "snapshot_crn"]
    url = f"{ROOT}/backup_policies/{POLICY}/jobs?version=2026-10-06&generation=2&limit=50"
    one = {"first": {"href": url}, "limit": 50, "total_count": 1, "jobs": [example()]}
    to_job = link(
        "get_backup_policy_job",
        "The first job of the page.",
        backup_policy_id="$request.path.backup_policy_id",
        id="$response.body#/jobs/0/id",
        version="$request.query.version",
        generation="$request.query.generation",
    )
    errors = {}
    for title, (status, code, message, ids) in ERRORS.items():
        value = {"errors": [{"code": code, "message": message, "more_info": HELP}], "trace": TRACE}
        errors[title] = {
            "description": message,
            **retry_headers(status),
            "content": content(schema("Error"), value),
            **({"x-requirements": ids} if ids else {}),
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Backup jobs of IBM Cloud VPC",
            "version": "1.0.0",
            "description": "The two operations by which a failed backup job is confirmed. Written from IBM's client.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
            "contact": {"name": "The vpc-backup-events authors", "url": HELP},
        },
        "externalDocs": {"description": "The VPC API", "url": HELP},
        "servers": [
            {
                "url": "https://{region}.iaas.cloud.ibm.com/v1",
                "description": "Public endpoint",
                "variables": {
                    "region": {
                        "default": "us-south",
                        "enum": [region["name"] for region in catalog.regions],
                        "description": "Region",
                    }
                },
            }
        ],
        "security": [{"IAM": []}],
        "tags": [{"name": "jobs", "description": "Backup jobs."}],
        "paths": {
            "/backup_policies/{backup_policy_id}/jobs": {
                "parameters": every,
                "get": {
                    "operationId": "list_backup_policy_jobs",
                    "summary": "List the jobs of a policy",
                    "description": "Lists the jobs of a backup policy, page by page, the newest first.",
                    "tags": ["jobs"],
                    "parameters": [ref("parameters", name) for name in filters],
                    "responses": {
                        "200": {
                            "description": "A page of jobs.",
                            "content": content(schema("BackupPolicyJobCollection"), one),
                            "links": {"get_backup_policy_job": to_job},
                            "x-requirements": ["P36-list-jobs", "P36-list-status"],
                        },
                        **common,
                    },
                    "x-requirements": ["P36-asks-version"],
                },
            },
            "/backup_policies/{backup_policy_id}/jobs/{id}": {
                "parameters": [*every, ref("parameters", "id")],
                "get": {
                    "operationId": "get_backup_policy_job",
                    "summary": "Get a job",
                    "description": "Gets one job; both the policy and the job have to be named.",
                    "tags": ["jobs"],
                    "responses": {
                        "200": {
                            "description": "The job.",
                            "content": content(schema("BackupPolicyJob"), example()),
                            "x-requirements": ["P36-get-job", "P36-job-id"],
                        },
                        **common,
                    },
                    "x-requirements": ["P36-asks-version", "P36-asks-policy-and-job"],
                },
            },
        },
        "components": {
            "securitySchemes": {"IAM": {"type": "http", "scheme": "bearer", "description": "An IAM token."}},
            "parameters": query(),
            "headers": {"RetryAfter": retry_after(True), "RetryAfterIfKnown": retry_after(False)},
            "responses": errors,
            "schemas": {"Error": error(), **job(), "BackupPolicyJobCollection": collection()},
        },
    }
