"""The backup jobs of the VPC API, by which a failed job is confirmed: `document()`."""

from __future__ import annotations

from api_parts import (
    IAM_TOKEN,
    TRACE,
    Node,
    carrying,
    content,
    head,
    integer,
    link,
    parameter,
    ref,
    responses,
    retry_after,
    retry_headers,
    schema,
    server,
    text,
)
from backup_jobs.examples import HELP, JOB, POLICY, ROOT, STATUSES, example
from backup_jobs.schemas import collection, error, job

ERRORS = {
    "BadRequest": (400, "bad_field", "A parameter is missing or malformed.", ["P36-no-version", "P36-no-generation"]),
    "Unauthorized": (401, "not_authorized", "The bearer token is missing or not valid.", ["P36-no-token"]),
    "Forbidden": (403, "forbidden", "The caller has no permission for this.", []),
    "NotFound": (404, "not_found", "The policy or the job is unknown.", ["P36-unknown-job"]),
    "TooManyRequests": (429, "too_many_requests", "Too many requests; wait.", []),
    "InternalError": (500, "internal_error", "The service failed.", []),
    "Unavailable": (503, "unavailable", "The service is not available for a while.", []),
}


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
        **head(
            "Backup jobs of IBM Cloud VPC",
            "The two operations by which a failed backup job is confirmed. Written from IBM's client.",
            ("The VPC API", HELP),
            server("https://{region}.iaas.cloud.ibm.com/v1"),
            {"jobs": "Backup jobs."},
        ),
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
            "securitySchemes": {"IAM": IAM_TOKEN},
            "parameters": query(),
            "headers": {"RetryAfter": retry_after(True), "RetryAfterIfKnown": retry_after(False)},
            "responses": errors,
            "schemas": {"Error": error(), **job(), "BackupPolicyJobCollection": collection()},
        },
    }
