"""What a service refuses: who may not ask, what is not there, and what it can't take; and errors (position P34)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from vpc_backup_events.trials.service.answers import Answer, is_text
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import status, trial_of
from vpc_backup_events.trials.trial import NotExercised, Skipped
from vpc_backup_events.values.tokens import stands_in

__all__ = ["GONE"]

# a deleted resource is not found, or said to be gone
GONE = (404, 410)
# a token that no service knows
REFUSED = "eyJ-refused-9f8e7d6c5b4a"

status("P34-malformed-json", 400)(lambda s: s.ask("POST", "", body=b'{"name":'))
status("P34-media-type", 415, 400)(
    lambda s: s.ask("POST", "", {"name": s.name(), "enabled": True}, headers={"Content-Type": "text/plain"})
)
status("P34-no-token", 401)(lambda s: s.ask("GET", headers={"Authorization": None}))
status("P34-wrong-scheme", 401)(lambda s: s.ask("GET", headers={"Authorization": f"Basic {s.token}"}))
status("P34-unknown-id", 404)(lambda s: s.ask("GET", "00000000-0000-0000-0000-000000000000:api"))
status("P34-unknown-path", 404)(lambda s: s.ask("GET", s.at("no-such-thing")))
status("P34-too-many", 429)(lambda s: _provoked(s, 429))


@status("P34-wrong-token", 401)
def wrong_token(subject: ServiceRun) -> Answer:
    """Another token than the one that was given."""
    if not subject.has_token:
        raise Skipped("no token was given, so none is wrong: override the fixture `token`")
    return subject.ask("GET", headers={"Authorization": "Bearer another"})


@status("P34-deleted-id", *GONE)
def deleted_id(subject: ServiceRun) -> Answer:
    """A source that was there."""
    id = subject.source()
    gone = subject.ask("DELETE", subject.at("sources", id))
    if gone.status not in (200, 202, 204):
        raise Skipped(f"the service does not delete a source ({gone.status})")
    return subject.find(id)


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
def unknown_instance(subject: ServiceRun) -> None:
    """An id that no instance has."""
    if not subject.has_instance:
        raise NotExercised("no instance is known, so none is unknown: say one with `instance_id`")
    subject.list()
    subject.ask("GET", f"/v1/instances/{uuid4()}/sources").expect_refusal()


def _provoked(subject: ServiceRun, status: int) -> Answer:
    provoke = subject.facts.provoke
    if provoke is None:
        raise NotExercised("it is not known how this answer is provoked: say it with `provoke`")
    subject.list()
    provoke(status)
    return subject.ask("GET")


@trial_of("P34-too-many-retry-after")
def too_many_retry_after(subject: ServiceRun) -> None:
    """How long to wait."""
    answer = _provoked(subject, 429)
    if answer.status != 429:
        raise Skipped(f"the answer is {answer.status}, see P34-too-many")
    value = answer.headers.get("retry-after", "")
    answer.expect(value.isdecimal(), f"Retry-After is {value!r}")


# ------------------------------------------------------------------------------------------------ the body of an error


@trial_of("P34-server-error")
def server_error(subject: ServiceRun) -> None:
    """Something is wrong inside."""
    answer = _provoked(subject, 500)
    if answer.status != 500:
        raise Skipped(f"the answer is {answer.status}, though 500 was provoked")
    members = answer.members
    right = bool(members.get("trace")) and members.get("status_code") == 500 and bool(members.get("errors"))
    answer.expect(right, "the body has not trace, status_code and errors")


@trial_of("P34-error-json")
def error_json(subject: ServiceRun) -> None:
    """Of each error."""
    for answer in subject.errors:
        answer.expect(isinstance(answer.json, dict), "the body is no JSON object")


def _has(requirement: str, name: str, right: Callable[[Any, Answer], bool]) -> None:
    """The trial of a member of each error."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> None:
        for answer in subject.errors:
            # a body that is no object is found as such
            if answer.members:
                answer.expect_member(right(answer.members.get(name), answer), name)


_has("P34-error-trace", "trace", lambda value, _: is_text(value))
_has("P34-error-status-code", "status_code", lambda value, answer: value == answer.status)
_has("P34-error-errors", "errors", lambda value, _: isinstance(value, list) and bool(value))


def _entries_have(requirement: str, name: str) -> None:
    """The trial of a text in each entry of each error."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> None:
        for answer in subject.errors:
            entries = answer.members.get("errors")
            answer.expect_texts(entries if isinstance(entries, list) else [], name, "an entry")


_entries_have("P34-entry-code", "code")
_entries_have("P34-entry-message", "message")
_entries_have("P34-entry-more-info", "more_info")


@trial_of("P34-no-secret")
def no_secret(subject: ServiceRun) -> None:
    """Errors do not repeat the token."""
    answers = [subject.error, subject.ask("GET", "no-such-id"), subject.ask("POST", "", body=b"{")]
    pairs = [(answer, subject.token) for answer in answers]
    # a token that is refused may be one that was valid a minute ago, or is so elsewhere
    pairs.append((subject.ask("GET", headers={"Authorization": f"Bearer {REFUSED}"}), REFUSED))
    for answer, token in pairs:
        repeats = answer.status >= 400 and stands_in(token, answer.body.decode("utf-8", "replace"))
        answer.expect(not repeats, "the body repeats the token")
