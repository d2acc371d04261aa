"""Backup jobs are listed and found (position P36)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from vpc_backup_events.trials.service.run import TIME, Answer, ServiceRun
from vpc_backup_events.trials.service.trials import is_text, other_than, status, trial_of
from vpc_backup_events.trials.trial import Skipped

UNKNOWN = "r006-00000000-0000-4000-8000-000000000000"

STATUSES = ("failed", "running", "succeeded")

status("P36-get-job", 200, jobs=True)(lambda s: s.jobs(s.job))


def _job(subject: ServiceRun) -> Answer:
    """The answer with the failed job; raises `Skipped` where there is none."""
    answer = subject.jobs(subject.job)
    if answer.status != 200 or not answer.members:
        raise Skipped(f"the service does not answer with a job ({answer.status}), see P36-get-job")
    return answer


@trial_of("P36-list-jobs", jobs=True)
def list_jobs(subject: ServiceRun) -> tuple[Answer, str]:
    """A page of the jobs of a policy."""
    answer = subject.jobs()
    right = answer.status == 200 and isinstance(answer.members.get("jobs"), list)
    return answer, "" if right else f"the answer is {answer.status}, or `jobs` is no array"


@trial_of("P36-list-status", jobs=True)
def list_status(subject: ServiceRun) -> tuple[Answer, str]:
    """The job that is known to have failed is among the failed, and not among the others."""
    for state in ("failed", "succeeded", "running"):
        answer = subject.jobs(status=state)
        entries = answer.members.get("jobs")
        if answer.status != 200 or not isinstance(entries, list):
            raise Skipped(f"the service does not list jobs ({answer.status}), see P36-list-jobs")
        for job in entries:
            actual = job.get("status") if isinstance(job, dict) else None
            if actual in STATUSES and actual != state:
                return answer, f"{state} was asked for, and a job is {actual}"
    return answer, ""


def _member(requirement: str, name: str, right: Callable[[Any, ServiceRun], bool]) -> None:
    """The trial of a member of a job."""

    @trial_of(requirement, jobs=True)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = _job(subject)
        value = answer.members.get(name)
        return answer, "" if right(value, subject) else f"`{name}` is {json.dumps(value)[:100]}"


def _has_id(value: Any, _: ServiceRun) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str) and bool(value["id"])


_member("P36-job-id", "id", lambda value, subject: value == subject.job)
_member("P36-job-job-type", "job_type", lambda value, _: value in ("creation", "deletion"))
_member("P36-job-status", "status", lambda value, _: value in STATUSES)
_member("P36-job-status-reasons", "status_reasons", lambda value, _: isinstance(value, list))
_member("P36-job-backup-policy-plan", "backup_policy_plan", _has_id)
_member("P36-job-source", "source", _has_id)
_member("P36-job-created-at", "created_at", lambda value, _: isinstance(value, str) and bool(TIME.match(value)))


def _reason(requirement: str, name: str) -> None:
    """The trial of a member of each reason."""

    @trial_of(requirement, jobs=True)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = _job(subject)
        reasons = answer.members.get("status_reasons")
        if not isinstance(reasons, list):
            raise Skipped("the job has no reasons, see P36-job-status-reasons")
        for reason in reasons:
            value = reason.get(name) if isinstance(reason, dict) else None
            if not is_text(value):
                return answer, f"`{name}` of a reason is {json.dumps(value)}"
        return answer, ""


_reason("P36-reason-code", "code")
_reason("P36-reason-message", "message")


def _without(requirement: str, status_code: int, **options: Any) -> None:
    """The trial that a service which finds the job when it is asked rightly answers so without a part of that."""

    @status(requirement, status_code, jobs=True)
    def ask(subject: ServiceRun) -> Answer:
        _job(subject)
        return subject.jobs(subject.job, **options)


_without("P36-no-token", 401, headers={"Authorization": None})
_without("P36-no-version", 400, version=None)
_without("P36-no-generation", 400, generation=None)


@trial_of("P36-unknown-job", jobs=True)
def unknown_job(subject: ServiceRun) -> tuple[Answer, str]:
    """A job of the policy, and a job of a policy, that there is not."""
    _job(subject)
    for answer in (subject.jobs(UNKNOWN), subject.jobs(subject.job, policy=UNKNOWN)):
        if wrong := other_than(answer, 404):
            return answer, wrong
    return answer, ""
