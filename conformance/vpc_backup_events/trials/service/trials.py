"""The trials of a service: how one is registered, what is wrong with an answer, and the breach of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vpc_backup_events.trials.service.run import Answer, ServiceRun
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped, Trials

__all__ = ["SERVICE", "breached", "is_text", "not_refused", "other_than", "refusal", "status", "trial_of"]

Ask = Callable[[ServiceRun], Answer]
# a trial looks at a service, and returns an answer with what is wrong with it, or with an empty text
Look = Callable[[ServiceRun], tuple[Answer, str]]

SERVICE: Trials[ServiceRun] = Trials()


def trial_of(requirement: str, jobs: bool = False) -> Callable[[Look], Look]:
    """Registers a trial: it returns the answer, and what is wrong with it, or an empty text."""

    def register(look: Look) -> Look:
        @SERVICE.judges(requirement)
        def run(subject: ServiceRun) -> None:
            if jobs and not subject.serves_jobs:
                raise NotExercised("the service has no backup jobs: say which with `backup_policy`")
            if not jobs and not subject.serves_events:
                raise NotExercised("the service has backup jobs, and nothing of Event Notifications")
            answer, wrong = look(subject)
            if wrong:
                breached(wrong, answer, subject)

        return look

    return register


def status(requirement: str, *statuses: int, jobs: bool = False) -> Callable[[Ask], Ask]:
    """Registers a request, a callable that returns the answer, as the trial that it is answered with such a status."""

    def register(ask: Ask) -> Ask:
        @trial_of(requirement, jobs)
        def look(subject: ServiceRun) -> tuple[Answer, str]:
            answer = ask(subject)
            return answer, other_than(answer, *statuses)

        return ask

    return register


def refusal(
    requirement: str, status_requirement: str, status: int = 400, otherwise: str = "the service does not refuse it"
) -> Callable[[Ask], Ask]:
    """Registers a request as two trials: that it is refused, and that the refusal has this status.

    `otherwise` is said of the second where it is not refused.
    """

    def register(ask: Ask) -> Ask:
        @trial_of(requirement)
        def look(subject: ServiceRun) -> tuple[Answer, str]:
            answer = ask(subject)
            return answer, not_refused(answer)

        @trial_of(status_requirement)
        def look_at_status(subject: ServiceRun) -> tuple[Answer, str]:
            answer = ask(subject)
            if not_refused(answer):
                raise Skipped(f"{otherwise} ({answer.status}), see {requirement}")
            return answer, other_than(answer, status)

        return ask

    return register


def other_than(answer: Answer, *statuses: int) -> str:
    """What is wrong with the status of an answer that is to be one of these, or an empty text."""
    if answer.status in statuses:
        return ""
    return f"the answer is {answer.status}, not {' or '.join(map(str, statuses))}"


def not_refused(answer: Answer) -> str:
    """What is wrong with the status of an answer that is to be a refusal, or an empty text."""
    return "" if 400 <= answer.status < 500 else f"the answer is {answer.status}, not 4xx"


def is_text(value: Any) -> bool:
    """Whether a member is a text, and not an empty one."""
    return isinstance(value, str) and bool(value.strip())


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
