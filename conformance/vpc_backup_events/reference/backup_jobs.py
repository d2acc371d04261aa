"""The reference service of the VPC API's backup jobs: list and get."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.reference._answers import Entry, Faults, refuse
from vpc_backup_events.reference._service import Call, Service, application, href
from vpc_backup_events.spec.openapi import BACKUP_JOBS, description
from vpc_backup_events.values.scenario import Scenario

__all__ = ["HELP", "BackupJobs", "Job", "backup_jobs_app", "example", "job_of"]

HELP = "https://cloud.ibm.com/apidocs/vpc"
Job = dict[str, Any]


class BackupJobs(Service):
    """The service; its jobs are what it was given."""

    def __init__(
        self, token: str | None = None, jobs: Iterable[Job] | None = None, faults: Faults | None = None
    ) -> None:
        super().__init__(description(BACKUP_JOBS), token, faults)
        # policy -> id -> job, in the order in which they were added
        self.jobs: dict[str, dict[str, Job]] = {}
        for job in [example()] if jobs is None else jobs:
            self.add(job)

    def add(self, job: Job) -> None:
        """Adds a job; its policy is the one in its `href`."""
        policy = job["href"].split("/backup_policies/")[1].split("/")[0]
        self.jobs.setdefault(policy, {})[job["id"]] = job

    def error_body(self, trace: str, status: int, entries: Iterable[Entry]) -> Any:
        """The body of an error of the VPC API."""
        return {"errors": [_error(entry) for entry in entries], "trace": trace}

    def list_backup_policy_jobs(self, call: Call) -> Response:
        """A page of the jobs of a policy, filtered and sorted."""
        query = call.query
        matches = [job for job in self._policy(call).values() if _selected(job, query)]
        sort: str = query["sort"] or "-created_at"
        key = _name if sort.endswith("name") else _created
        matches.sort(key=key, reverse=sort.startswith("-"))
        start, ids = query["start"], [job["id"] for job in matches]
        if start is not None and start not in ids:
            raise refuse(400, "bad_field", "start is no token of this list.")
        begin = 0 if start is None else ids.index(start)
        limit: int = query["limit"]
        page = {
            "first": {"href": str(call.request.url.remove_query_params("start").include_query_params(limit=limit))},
            "limit": limit,
            "total_count": len(matches),
            "jobs": matches[begin : begin + limit],
        }
        if begin + limit < len(matches):
            page["next"] = {"href": href(call, limit=limit, start=matches[begin + limit]["id"])}
        return JSONResponse(page)

    def get_backup_policy_job(self, call: Call) -> Response:
        """One job of a policy."""
        jobs = self._policy(call)
        if call.path["id"] not in jobs:
            raise refuse(404, "not_found", "The job is unknown.")
        return JSONResponse(jobs[call.path["id"]])

    def _policy(self, call: Call) -> Mapping[str, Job]:
        policy = call.path["backup_policy_id"]
        if policy not in self.jobs:
            raise refuse(404, "not_found", "The policy is unknown.")
        return self.jobs[policy]


def backup_jobs_app(
    token: str | None = None, *, jobs: Iterable[Job] | None = None, faults: Faults | None = None
) -> Starlette:
    """The backup jobs of the VPC API as an ASGI application.

    `token` is the bearer token that is accepted; None accepts any. Without `jobs` it has that of the contract's
    example. Its `state` has `record`, `faults`, `jobs` and the `service`, whose `add` takes more jobs.
    """
    service = BackupJobs(token, jobs, faults)
    return application(service, jobs=service.jobs)


def example() -> Job:
    """The job of the contract's example."""
    node = description(BACKUP_JOBS).document["paths"]["/backup_policies/{backup_policy_id}/jobs/{id}"]["get"]
    job: Job = node["responses"]["200"]["content"]["application/json"]["examples"]["example"]["value"]
    return copy.deepcopy(job)


def job_of(scenario: Scenario, **members: Any) -> Job:
    """The failed job of a scenario as the API has it, with other `members` in the place of its own."""
    job = example()
    root = job["href"].split("/backup_policies/")[0]
    policy = f"{root}/backup_policies/{scenario.backup_policy}"
    code = catalog.api_codes.get(
        pair_of(scenario).api_code.code or "internal_error", catalog.api_codes["internal_error"]
    )
    id = scenario.resource.rpartition(":")[2]
    kind = scenario.resource_type
    source = {"id": id, "crn": scenario.resource, "href": f"{root}/{kind}s/{id}", "name": f"{kind}-of-the-job"}
    return {
        **job,
        "id": scenario.backup_policy_job,
        "href": f"{policy}/jobs/{scenario.backup_policy_job}",
        "job_type": scenario.job_type,
        "status_reasons": [{"code": code.code, "message": code.text}],
        "backup_policy_plan": {
            **job["backup_policy_plan"],
            "id": scenario.backup_policy_plan,
            "href": f"{policy}/plans/{scenario.backup_policy_plan}",
        },
        # of an instance the API states no resource type
        "source": source if kind != "volume" else {**source, "resource_type": kind},
        "created_at": scenario.time,
        "completed_at": scenario.time,
        **members,
    }


def _error(entry: Entry) -> dict[str, Any]:
    error: dict[str, Any] = {"code": entry.code, "message": entry.message, "more_info": entry.more_info or HELP}
    if entry.problem is not None and entry.problem.path:
        error["target"] = {"name": str(entry.problem.path[0]), "type": "parameter"}
    return error


def _selected(job: Job, query: Mapping[str, Any]) -> bool:
    snapshots = job["target_snapshots"]
    actual = {
        "status": [job["status"]],
        "backup_policy_plan.id": [job["backup_policy_plan"]["id"]],
        "source.id": [job["source"]["id"]],
        "target_snapshots[].id": [snapshot["id"] for snapshot in snapshots],
        "target_snapshots[].crn": [snapshot["crn"] for snapshot in snapshots],
    }
    return all(query[name] is None or query[name] in values for name, values in actual.items())


def _created(job: Job) -> str:
    return str(job["created_at"])


def _name(job: Job) -> str:
    return str(job["backup_policy_plan"]["name"])
