"""The trials of a service: how one is registered, what is wrong with a status, and the breach of one."""

from __future__ import annotations

from collections.abc import Callable

from vpc_backup_events.trials.service.run import Answer, ServiceRun
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped, Trials

__all__ = ["SERVICE", "breached", "not_refused", "other_than", "refused", "status", "trial_of"]

# a trial looks at a service, and returns an answer with what is wrong with it, or with an empty text
Look = Callable[[ServiceRun], tuple[Answer, str]]
Ask = Callable[[ServiceRun], Answer]

SERVICE: Trials[ServiceRun] = Trials()


def trial_of(requirement: str, jobs: bool = False) -> Callable[[Callable[[ServiceRun], tuple[Answer, str]]], None]:
    """Registers a trial: it returns the answer, and what is wrong with it, or an empty text."""

    def register(look: Callable[[ServiceRun], tuple[Answer, str]]) -> None:
        @SERVICE.judges(requirement)
        def run(subject: ServiceRun) -> None:
            if jobs and not subject.serves_jobs:
                raise NotExercised("the service has no backup jobs: say which with `backup_policy`")
            if not jobs and not subject.serves_events:
                raise NotExercised("the service has backup jobs, and nothing of Event Notifications")
            answer, wrong = look(subject)
            if wrong:
                breached(requirement, wrong, answer, subject)

    return register


def status(requirement: str, wanted: int, ask: Callable[[ServiceRun], Answer], jobs: bool = False) -> None:
    """The trial that a request is answered with this status."""

    @trial_of(requirement, jobs)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = ask(subject)
        return answer, other_than(answer, wanted)


def other_than(answer: Answer, *wanted: int) -> str:
    """What is wrong with the status of an answer that is to be one of these, or an empty text."""
    named = " or ".join(map(str, wanted))
    return "" if answer.status in wanted else f"the answer is {answer.status}, not {named}"


def not_refused(answer: Answer) -> str:
    """What is wrong with the status of an answer that is to be a refusal, or an empty text."""
    return "" if 400 <= answer.status < 500 else f"the answer is {answer.status}, not 4xx"


def refused(requirement: str, ask: Callable[[ServiceRun], Answer], status_requirement: str) -> None:
    """The trials that a request is refused, and that it is refused with 400."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = ask(subject)
        return answer, not_refused(answer)

    @trial_of(status_requirement)
    def look_at_status(subject: ServiceRun) -> tuple[Answer, str]:
        answer = ask(subject)
        if not_refused(answer):
            raise Skipped(f"the service does not refuse it ({answer.status}), see {requirement}")
        return answer, other_than(answer, 400)


def breached(requirement: str, wrong: str, answer: Answer, subject: ServiceRun) -> None:
    """Raises the breach of a requirement: what was asked, what was answered, and what is wrong with that."""
    request = answer.request
    sent = " ".join(
        f"-H '{name}: {'Bearer $TOKEN' if name == 'Authorization' else value}'"
        for name, value in request.headers.items()
    )
    body = f" -d '{request.body.decode('utf-8', 'backslashreplace')}'" if request.body else ""
    shown = (
        ("asked", f"curl -X {request.method} $URL{request.target} {sent}{body}"),
        ("answered", f"{answer.status} {answer.body.decode('utf-8', 'backslashreplace')}"),
    )
    raise Breached(Evidence(message=wrong, shown=shown).masked(subject.masked))
