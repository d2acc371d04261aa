"""Backup for VPC is connected to an instance, once (positions P31 and P33)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from vpc_backup_events.trials.service.refusals import GONE
from vpc_backup_events.trials.service.run import ACCOUNT, Answer, ServiceRun
from vpc_backup_events.trials.service.trials import not_refused, other_than, trial_of
from vpc_backup_events.trials.trial import NotExercised, Skipped

OTHER_ACCOUNT = "0123456789abcdef0123456789abcdef"
CRN = "event_notifications_instance_crn"
# of a CRN, and the place of the instance among them
CRN_SEGMENTS = 10
INSTANCE_SEGMENT = 7


def _source(account: str = ACCOUNT) -> str:
    return f"crn:v1:bluemix:public:is:us-south:a/{account}::backup-policy:"


def _instance(subject: ServiceRun) -> str:
    return f"crn:v1:bluemix:public:event-notifications:us-south:a/{ACCOUNT}:{subject.instance}::"


def _register(subject: ServiceRun, account: str = ACCOUNT, instance: str | None = None) -> Answer:
    members = {
        "name": subject.name(),
        "enabled": True,
        "source": _source(account),
        CRN: _instance(subject),
    }
    if instance is None:
        return subject.ask("POST", "", members)
    members[CRN] = _instance(subject).replace(subject.instance, instance)
    return subject.ask("POST", f"/v1/instances/{instance}/sources", members)


def _forget(subject: ServiceRun, answer: Answer) -> None:
    """Deletes the source of an answer, wherever it is."""
    if 200 <= answer.status < 300 and isinstance(answer.members.get("id"), str):
        path = answer.request.target.removeprefix(subject.base)
        subject.ask("DELETE", f"{path}/{quote(answer.members['id'], safe='')}")


@contextmanager
def _connected(subject: ServiceRun) -> Iterator[Answer]:
    """A connection, ended afterwards; raises `Skipped` where there can be none."""
    answer = _register(subject)
    if answer.status in (403, 409):
        raise Skipped(
            f"the service refuses to connect Backup for VPC of the account {ACCOUNT} ({answer.status}): "
            "let it have that account, its authorization, and no connection"
        )
    if answer.status != 201:
        raise Skipped(f"the service does not connect Backup for VPC ({answer.status}), see P31-accepts-source")
    try:
        yield answer
    finally:
        _forget(subject, answer)


def _accepts(requirement: str, *names: str) -> None:
    """The trial that the seed's additions are accepted."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        subject.created(description="of the kit")
        every = {"source": _source(), CRN: _instance(subject)}
        members = {"name": subject.name(), "enabled": True, **{name: every[name] for name in names}}
        answer = subject.ask("POST", "", members)
        _forget(subject, answer)
        if answer.status in (403, 409):
            raise Skipped(f"the service refuses the connection itself ({answer.status})")
        return answer, other_than(answer, 201)


_accepts("P31-accepts-source", "source")
_accepts("P31-accepts-instance-crn", CRN)


@trial_of("P31-answer-instance-crn")
def answer_instance_crn(subject: ServiceRun) -> tuple[Answer, str]:
    """The instance that the source is connected to."""
    with _connected(subject) as answer:
        return answer, "" if CRN in answer.members else f"`{CRN}` is not in the answer"


@trial_of("P31-answer-other-instance")
def answer_other_instance(subject: ServiceRun) -> tuple[Answer, str]:
    """Its account and its region are the service's own to say."""
    with _connected(subject) as answer:
        if CRN not in answer.members:
            raise NotExercised("the service does not answer with the CRN of an instance")
        value = answer.members[CRN]
        segments = value.split(":") if isinstance(value, str) else []
        is_it = len(segments) == CRN_SEGMENTS and segments[INSTANCE_SEGMENT] == subject.instance
        return answer, "" if is_it else f"`{CRN}` is {json.dumps(value)[:200]}, which is not {subject.instance}"


def _second(subject: ServiceRun) -> tuple[Answer, Answer]:
    """A second connection, and what became of the first."""
    with _connected(subject) as first:
        id = quote(str(first.members.get("id")), safe="")
        before = subject.ask("GET", id)
        answer = _register(subject)
        after = subject.ask("GET", id) if before.status == 200 else before
        _forget(subject, answer)
    if before.status != 200:
        raise Skipped(f"the service does not find a source ({before.status}), see P33-encoded-id")
    return answer, after


@trial_of("P33-second-source")
def second_source(subject: ServiceRun) -> tuple[Answer, str]:
    """The same source again, by another name."""
    answer, _ = _second(subject)
    return answer, not_refused(answer)


@trial_of("P33-second-status")
def second_status(subject: ServiceRun) -> tuple[Answer, str]:
    """Of the refusal."""
    answer, _ = _second(subject)
    if not_refused(answer):
        raise Skipped(f"the service does not refuse a second source ({answer.status}), see P33-second-source")
    return answer, other_than(answer, 409)


@trial_of("P33-first-stays")
def first_stays(subject: ServiceRun) -> tuple[Answer, str]:
    """After the refusal."""
    answer, after = _second(subject)
    if not_refused(answer):
        raise Skipped(f"the service does not refuse a second source ({answer.status}), see P33-second-source")
    return after, "" if after.status == 200 else f"the first source is answered {after.status} afterwards"


@trial_of("P33-second-instance")
def second_instance(subject: ServiceRun) -> tuple[Answer, str]:
    """The same source at another instance."""
    other = subject.facts.other_instance_id
    if other is None and subject.has_instance:
        raise NotExercised("the service has one instance: say another with `other_instance_id`")
    other = other or "5d1e0a7c-2f4b-4c83-8f0e-3b9a6c1d2e47"
    with _connected(subject):
        answer = _register(subject, instance=other)
        _forget(subject, answer)
    return answer, not_refused(answer)


@trial_of("P33-again-after-delete")
def again_after_delete(subject: ServiceRun) -> tuple[Answer, str]:
    """Connected, deleted, connected."""
    with _connected(subject) as first:
        pass
    gone = subject.ask("GET", quote(str(first.members.get("id")), safe=""))
    if gone.status not in GONE:
        raise Skipped(f"the service does not delete a source ({gone.status}), see P34-deleted-id")
    answer = _register(subject)
    _forget(subject, answer)
    return answer, other_than(answer, 201)


def _other_account(subject: ServiceRun) -> Answer:
    with _connected(subject):
        pass
    answer = _register(subject, OTHER_ACCOUNT)
    _forget(subject, answer)
    return answer


@trial_of("P33-other-account")
def other_account(subject: ServiceRun) -> tuple[Answer, str]:
    """The account of the source is not that of the instance."""
    answer = _other_account(subject)
    return answer, not_refused(answer)


@trial_of("P33-other-account-status")
def other_account_status(subject: ServiceRun) -> tuple[Answer, str]:
    """Of the refusal."""
    answer = _other_account(subject)
    if not_refused(answer):
        raise Skipped(f"the service does not refuse another account ({answer.status}), see P33-other-account")
    return answer, other_than(answer, 403)


def _unauthorized(subject: ServiceRun) -> Answer:
    authorize: Any = subject.facts.authorize
    if authorize is None:
        raise NotExercised("it is not known how the authorization is taken away: say it with `authorize`")
    with _connected(subject):
        pass
    authorize(False)
    try:
        answer = _register(subject)
    finally:
        authorize(True)
    _forget(subject, answer)
    return answer


@trial_of("P33-no-authorization")
def no_authorization(subject: ServiceRun) -> tuple[Answer, str]:
    """While no authorization exists."""
    answer = _unauthorized(subject)
    return answer, not_refused(answer)


@trial_of("P33-no-authorization-status")
def no_authorization_status(subject: ServiceRun) -> tuple[Answer, str]:
    """Of the refusal."""
    answer = _unauthorized(subject)
    if not_refused(answer):
        raise Skipped(f"the service connects without it ({answer.status}), see P33-no-authorization")
    return answer, other_than(answer, 403)
