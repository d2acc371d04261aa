"""Backup for VPC is connected to an instance, once (positions P31 and P33)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from vpc_backup_events.catalog.names import INSTANCE_CRN
from vpc_backup_events.trials.account import ACCOUNT, instance_crn, source_crn
from vpc_backup_events.trials.service.answers import Answer
from vpc_backup_events.trials.service.refusals import GONE
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import refusal, status, trial_of
from vpc_backup_events.trials.trial import NotExercised, Skipped

OTHER_ACCOUNT = "0123456789abcdef0123456789abcdef"
OTHER_INSTANCE = "5d1e0a7c-2f4b-4c83-8f0e-3b9a6c1d2e47"
# of a CRN, and the place of the instance among them
CRN_SEGMENTS = 10
INSTANCE_SEGMENT = 7


def _register(subject: ServiceRun, account: str = ACCOUNT, instance: str = "") -> Answer:
    """The answer to a connection, where nothing else is said of the instance that is asked."""
    instance = instance or subject.instance
    members = {
        "name": subject.name(),
        "enabled": True,
        "source": source_crn(account),
        INSTANCE_CRN: instance_crn(instance),
    }
    return subject.ask("POST", f"/v1/instances/{instance}/sources", members)


def _forget(subject: ServiceRun, answer: Answer) -> Answer:
    """The answer; its source is deleted, wherever it is."""
    if answer.accepted and answer.id is not None:
        path = answer.request.target.removeprefix(subject.base)
        subject.ask("DELETE", f"{path}/{quote(answer.id, safe='')}")
    return answer


@contextmanager
def _connected(subject: ServiceRun) -> Iterator[Answer]:
    """A connection, ended afterwards; raises `Skipped` where there can be none."""
    answer = _register(subject)
    if answer.status in (403, 409):
        raise Skipped(
            f"the service refuses to connect Backup for VPC of the account {ACCOUNT} ({answer.status}): "
            "let it have that account, its authorization, and no connection"
        )
    answer.require(201, "connect Backup for VPC", "P31-accepts-source")
    try:
        yield answer
    finally:
        _forget(subject, answer)


def _connectable(subject: ServiceRun) -> ServiceRun:
    """The service, at which a connection was ended; raises `Skipped` where there can be none."""
    with _connected(subject):
        return subject


def _accepts(requirement: str, name: str, crn: Callable[[ServiceRun], str]) -> None:
    """The trial that one of the seed's additions is accepted."""

    @status(requirement, 201)
    def ask(subject: ServiceRun) -> Answer:
        subject.created(description="of the kit")
        answer = _forget(subject, subject.create(**{name: crn(subject)}))
        if answer.status in (403, 409):
            raise Skipped(f"the service refuses the connection itself ({answer.status})")
        return answer


_accepts("P31-accepts-source", "source", lambda s: source_crn())
_accepts("P31-accepts-instance-crn", INSTANCE_CRN, lambda s: instance_crn(s.instance))


@trial_of("P31-answer-instance-crn")
def answer_instance_crn(subject: ServiceRun) -> None:
    """The instance that the source is connected to."""
    with _connected(subject) as answer:
        answer.expect(INSTANCE_CRN in answer.members, f"`{INSTANCE_CRN}` is not in the answer")


@trial_of("P31-answer-other-instance")
def answer_other_instance(subject: ServiceRun) -> None:
    """Its account and its region are the service's own to say."""
    with _connected(subject) as answer:
        if INSTANCE_CRN not in answer.members:
            raise NotExercised("the service does not answer with the CRN of an instance")
        value = answer.members[INSTANCE_CRN]
        segments = value.split(":") if isinstance(value, str) else []
        is_it = len(segments) == CRN_SEGMENTS and segments[INSTANCE_SEGMENT] == subject.instance
        answer.expect(is_it, f"`{INSTANCE_CRN}` is {json.dumps(value)[:200]}, which is not {subject.instance}")


def _second(subject: ServiceRun) -> tuple[Answer, Answer]:
    """A second connection by another name, and what became of the first."""
    with _connected(subject) as first:
        id = str(first.members.get("id"))
        before = subject.find(id)
        answer = _register(subject)
        after = subject.find(id) if before.status == 200 else before
        _forget(subject, answer)
    before.require(200, "find a source", "P33-encoded-id")
    return answer, after


NOT_REFUSED = "the service does not refuse a second source"
refusal("P33-second-source", "P33-second-status", 409, NOT_REFUSED)(lambda s: _second(s)[0])


@trial_of("P33-first-stays")
def first_stays(subject: ServiceRun) -> None:
    """After the refusal."""
    answer, after = _second(subject)
    if not answer.refused:
        raise Skipped(f"{NOT_REFUSED} ({answer.status}), see P33-second-source")
    after.expect(after.status == 200, f"the first source is answered {after.status} afterwards")


@trial_of("P33-second-instance")
def second_instance(subject: ServiceRun) -> None:
    """The same source at another instance."""
    other = subject.facts.other_instance_id
    if other is None and subject.has_instance:
        raise NotExercised("the service has one instance: say another with `other_instance_id`")
    with _connected(subject):
        answer = _forget(subject, _register(subject, instance=other or OTHER_INSTANCE))
    answer.expect_refusal()


@status("P33-again-after-delete", 201)
def again_after_delete(subject: ServiceRun) -> Answer:
    """Connected, deleted, connected."""
    with _connected(subject) as first:
        pass
    gone = subject.find(str(first.members.get("id")))
    if gone.status not in GONE:
        raise Skipped(f"the service does not delete a source ({gone.status}), see P34-deleted-id")
    return _forget(subject, _register(subject))


refusal("P33-other-account", "P33-other-account-status", 403, "the service does not refuse another account")(
    lambda s: _forget(s, _register(_connectable(s), OTHER_ACCOUNT))
)


@refusal("P33-no-authorization", "P33-no-authorization-status", 403, "the service connects without it")
def no_authorization(subject: ServiceRun) -> Answer:
    """While no authorization exists."""
    authorize = subject.facts.authorize
    if authorize is None:
        raise NotExercised("it is not known how the authorization is taken away: say it with `authorize`")
    _connectable(subject)
    authorize(False)
    try:
        answer = _register(subject)
    finally:
        authorize(True)
    return _forget(subject, answer)
