"""Backup jobs are listed and found (position P36)."""

from __future__ import annotations

from typing import Any

from vpc_backup_events.trials.service.answers import Answer, is_time
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import member, status, trial_of
from vpc_backup_events.trials.trial import Skipped

UNKNOWN = "r006-00000000-0000-4000-8000-000000000000"

STATUSES = ("failed", "running", "succeeded")


def _job(subject: ServiceRun) -> Answer:
    """The answer with the failed job; raises `Skipped` where there is none."""
    answer = subject.jobs(subject.job)
    if answer.status != 200 or not answer.members:
        raise Skipped(f"the service does not answer with a job ({answer.status}), see P36-get-job")
    return answer


def _has_id(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str) and bool(value["id"])


status("P36-get-job", 200)(lambda s: s.jobs(s.job))
member("P36-job-job-type", "job_type", lambda value: value in ("creation", "deletion"))(_job)
member("P36-job-status", "status", lambda value: value in STATUSES)(_job)
member("P36-job-status-reasons", "status_reasons", lambda value: isinstance(value, list))(_job)
member("P36-job-backup-policy-plan", "backup_policy_plan", _has_id)(_job)
member("P36-job-source", "source", _has_id)(_job)
member("P36-job-created-at", "created_at", is_time)(_job)


@trial_of("P36-job-id")
def job_id(subject: ServiceRun) -> None:
    """That of the job that was asked for."""
    answer = _job(subject)
    answer.expect_member(answer.members.get("id") == subject.job, "id")


def _reasons_have(requirement: str, name: str) -> None:
    """The trial of a text in each reason."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> None:
        answer = _job(subject)
        reasons = answer.members.get("status_reasons")
        if not isinstance(reasons, list):
            raise Skipped("the job has no reasons, see P36-job-status-reasons")
        answer.expect_texts(reasons, name, "a reason")


_reasons_have("P36-reason-code", "code")
_reasons_have("P36-reason-message", "message")


@trial_of("P36-list-jobs")
def list_jobs(subject: ServiceRun) -> None:
    """A page of the jobs of a policy."""
    answer = subject.jobs()
    right = answer.status == 200 and isinstance(answer.members.get("jobs"), list)
    answer.expect(right, f"the answer is {answer.status}, or `jobs` is no array")


@trial_of("P36-list-status")
def list_status(subject: ServiceRun) -> None:
    """The job that is known to have failed is among the failed, and not among the others."""
    for state in ("failed", "succeeded", "running"):
        answer = subject.jobs(status=state)
        entries = answer.members.get("jobs")
        if answer.status != 200 or not isinstance(entries, list):
            raise Skipped(f"the service does not list jobs ({answer.status}), see P36-list-jobs")
        for job in entries:
            actual = job.get("status") if isinstance(job, dict) else None
            right = actual not in STATUSES or actual == state
            answer.expect(right, f"{state} was asked for, and a job is {actual}")


def _without(requirement: str, status_code: int, **options: Any) -> None:
    """The trial that a service which finds the job when it is asked rightly answers so without a part of that."""

    @status(requirement, status_code)
    def ask(subject: ServiceRun) -> Answer:
        _job(subject)
        return subject.jobs(subject.job, **options)


_without("P36-no-token", 401, headers={"Authorization": None})
_without("P36-no-version", 400, version=None)
_without("P36-no-generation", 400, generation=None)


@trial_of("P36-unknown-job")
def unknown_job(subject: ServiceRun) -> None:
    """A job of the policy, and a job of a policy, that there is not."""
    _job(subject)
    for answer in (subject.jobs(UNKNOWN), subject.jobs(subject.job, policy=UNKNOWN)):
        answer.expect_status(404)
