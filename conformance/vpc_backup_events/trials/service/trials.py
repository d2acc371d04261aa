"""The trials of a service: how one is registered, and the breach of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.trials.service.answers import LONGEST, Answer, Unexpected
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped, Trials

__all__ = ["SERVICE", "breached", "member", "refusal", "status", "trial_of"]

Look = Callable[[ServiceRun], None]
# makes a request
Ask = Callable[[ServiceRun], Answer]

# the position that speaks of backup jobs; the others speak of Event Notifications
JOBS = "P36"

SERVICE: Trials[ServiceRun] = Trials()


def trial_of(requirement: str) -> Callable[[Look], Look]:
    """Registers a trial of the services that have what its requirement speaks of."""

    def register(look: Look) -> Look:
        @SERVICE.judges(requirement)
        def run(subject: ServiceRun) -> None:
            about_jobs = catalog.requirements[requirement].position == JOBS
            if about_jobs and not subject.serves_jobs:
                raise NotExercised("the service has no backup jobs: say which with `backup_policy`")
            if not about_jobs and not subject.serves_events:
                raise NotExercised("the service has backup jobs, and nothing of Event Notifications")
            try:
                look(subject)
            except Unexpected as unexpected:
                breached(str(unexpected), unexpected.answer, subject)

        return look

    return register


def _answered(requirement: str, expectation: Callable[[Answer], None]) -> Callable[[Ask], Ask]:
    """Registers a request as the trial that its answer is as expected."""

    def register(ask: Ask) -> Ask:
        trial_of(requirement)(lambda subject: expectation(ask(subject)))
        return ask

    return register


def status(requirement: str, *statuses: int) -> Callable[[Ask], Ask]:
    """Registers a request as the trial that it is answered with one of the statuses."""
    return _answered(requirement, lambda answer: answer.expect_status(*statuses))


def member(
    requirement: str, name: str, right: Callable[[Any], bool], longest: int | None = LONGEST
) -> Callable[[Ask], Ask]:
    """Registers a request as the trial of a member of its answer; `right` takes its value, None where it is missing."""
    return _answered(requirement, lambda answer: answer.expect_member(right(answer.members.get(name)), name, longest))


def refusal(
    requirement: str, status_requirement: str, status: int = 400, otherwise: str = "the service does not refuse it"
) -> Callable[[Ask], Ask]:
    """Registers a request as two trials: that it is refused, and that the refusal has this status.

    `otherwise` is said of the second where it is not refused.
    """

    def expect_status(answer: Answer) -> None:
        if not answer.refused:
            raise Skipped(f"{otherwise} ({answer.status}), see {requirement}")
        answer.expect_status(status)

    def register(ask: Ask) -> Ask:
        _answered(requirement, Answer.expect_refusal)(ask)
        return _answered(status_requirement, expect_status)(ask)

    return register


def breached(wrong: str, answer: Answer, subject: ServiceRun) -> None:
    """Raises the breach of a requirement: what was asked, what was answered, and what is wrong with that."""
    request = answer.request
    headers = " ".join(
        f"-H '{name}: {'Bearer $TOKEN' if name == 'Authorization' else value}'"
        for name, value in request.headers.items()
    )
    body = f" -d '{request.body.decode('utf-8', 'backslashreplace')}'" if request.body else ""
    exhibits = (
        ("asked", f"curl -X {request.method} $URL{request.target} {headers}{body}"),
        ("answered", f"{answer.status} {answer.body.decode('utf-8', 'backslashreplace')}"),
    )
    raise Breached(Evidence(message=wrong, exhibits=exhibits).masked(subject.masked))
