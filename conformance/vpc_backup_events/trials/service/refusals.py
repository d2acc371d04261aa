"""What a service refuses: who may not ask, what is not there, and what it can't take (position P34)."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

from vpc_backup_events.trials.service.run import Answer, ServiceRun
from vpc_backup_events.trials.service.trials import not_refused, status, trial_of
from vpc_backup_events.trials.trial import NotExercised, Skipped

__all__ = ["GONE"]

# a deleted resource is not found, or said to be gone
GONE = (404, 410)

status("P34-malformed-json", 400)(lambda s: s.ask("POST", "", body=b'{"name":'))
status("P34-no-token", 401)(lambda s: s.ask("GET", headers={"Authorization": None}))
status("P34-wrong-scheme", 401)(lambda s: s.ask("GET", headers={"Authorization": f"Basic {s.token}"}))
status("P34-unknown-id", 404)(lambda s: s.ask("GET", "00000000-0000-0000-0000-000000000000:api"))
status("P34-unknown-path", 404)(lambda s: s.ask("GET", f"/v1/instances/{s.instance}/no-such-thing"))


@status("P34-media-type", 415, 400)
def media_type(subject: ServiceRun) -> Answer:
    """A body that is no JSON by its media type."""
    members = {"name": subject.name(), "enabled": True}
    return subject.ask("POST", "", members, headers={"Content-Type": "text/plain"})


@status("P34-wrong-token", 401)
def wrong_token(subject: ServiceRun) -> Answer:
    """Another token than the one that was given."""
    if not subject.has_token:
        raise Skipped("no token was given, so none is wrong: override the fixture `token`")
    return subject.ask("GET", headers={"Authorization": "Bearer another"})


@status("P34-deleted-id", *GONE)
def deleted_id(subject: ServiceRun) -> Answer:
    """A source that was there."""
    id = quote(subject.source(), safe="")
    gone = subject.ask("DELETE", id)
    if gone.status not in (200, 202, 204):
        raise Skipped(f"the service does not delete a source ({gone.status})")
    return subject.ask("GET", id)


@status("P34-duplicate-name", 409)
def duplicate_name(subject: ServiceRun) -> Answer:
    """A name that another source has."""
    name = subject.name()
    subject.created(name=name)
    return subject.create(name=name)


@status("P34-forbidden", 403)
def forbidden(subject: ServiceRun) -> Answer:
    """A token without permission."""
    token = subject.facts.forbidden_token
    if token is None:
        raise NotExercised("no token without permission is known: say one with `forbidden_token`")
    return subject.ask("GET", headers={"Authorization": f"Bearer {token}"})


@trial_of("P34-unknown-instance")
def unknown_instance(subject: ServiceRun) -> tuple[Answer, str]:
    """An id that no instance has."""
    if not subject.has_instance:
        raise NotExercised("no instance is known, so none is unknown: say one with `instance_id`")
    subject.list()
    answer = subject.ask("GET", f"/v1/instances/{uuid4()}/sources")
    return answer, not_refused(answer)


def _provoked(subject: ServiceRun, status: int) -> Answer:
    provoke = subject.facts.provoke
    if provoke is None:
        raise NotExercised("it is not known how this answer is provoked: say it with `provoke`")
    subject.list()
    provoke(status)
    return subject.ask("GET")


status("P34-too-many", 429)(lambda s: _provoked(s, 429))


@trial_of("P34-too-many-retry-after")
def too_many_retry_after(subject: ServiceRun) -> tuple[Answer, str]:
    """How long to wait."""
    answer = _provoked(subject, 429)
    if answer.status != 429:
        raise Skipped(f"the answer is {answer.status}, see P34-too-many")
    value = answer.headers.get("retry-after", "")
    return answer, "" if value.isdecimal() else f"Retry-After is {value!r}"


@trial_of("P34-server-error")
def server_error(subject: ServiceRun) -> tuple[Answer, str]:
    """Something is wrong inside."""
    answer = _provoked(subject, 500)
    if answer.status != 500:
        raise Skipped(f"the answer is {answer.status}, though 500 was provoked")
    members = answer.members
    right = bool(members.get("trace")) and members.get("status_code") == 500 and bool(members.get("errors"))
    return answer, "" if right else "the body has not trace, status_code and errors"
