"""Events are sent, routed to a topic, and refused where they are broken (positions P34 and P35)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, MAX_BYTES
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.deliveries import binary, structured
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.trials.service.run import Answer, ServiceRun, judge, status
from vpc_backup_events.trials.trial import NotExercised, Skipped

# bytes that an event may have
# where events without a topic come from
NOWHERE = "00000000-0000-4000-8000-000000000000:api"
# every event of the source
EVERY = [{"enabled": True, "event_type_filter": "$.*"}]


def _routed(subject: ServiceRun) -> str:
    """A source whose events a topic takes; raises `Skipped` where there is none."""
    kept = subject.__dict__.setdefault("routed", {})
    if "id" not in kept:
        source = subject.source()
        body = {"name": subject.name(), "sources": [{"id": source, "rules": EVERY}]}
        answer = subject.ask("POST", subject.at("topics"), body)
        if answer.status != 201:
            raise Skipped(f"the service does not create a topic ({answer.status}), see P34-answer-form")
        kept["id"] = source
    return str(kept["id"])


def event_of(source_id: str, /, **members: Any) -> dict[str, Any]:
    """A correct event of the source, with an id of its own; a member that is None is left out."""
    choices = Plain()
    scenario = replace(scenario_of(next(iter(catalog.pairs.values())), choices), source_id=source_id)
    made = {**draft(scenario, _id()).event(), **members}
    return {name: value for name, value in made.items() if value is not None}


def _id() -> str:
    return str(uuid4())


def _send(subject: ServiceRun, event: Any, headers: Mapping[str, str] | None = None) -> Answer:
    return subject.ask("POST", subject.at("notifications"), event, headers=headers)


def _sent(subject: ServiceRun) -> Answer:
    """The answer to a correct event; raises `Skipped` where it is refused."""
    answer = _send(subject, event_of(_routed(subject)))
    if answer.status != 202:
        raise Skipped(f"the service does not accept an event ({answer.status}), see P35-accepted")
    return answer


status("P35-accepted", 202, lambda s: _send(s, event_of(_routed(s))))


@judge("P35-notification-id")
def notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """The id of the acceptance."""
    answer = _sent(subject)
    value = answer.members.get("notification_id")
    right = isinstance(value, str) and bool(value.strip())
    return answer, "" if right else "the answer has no notification_id that is a text"


@judge("P35-new-notification-id")
def new_notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """Of two events."""
    first, answer = _sent(subject), _sent(subject)
    value = answer.members.get("notification_id")
    if not isinstance(value, str) or not value.strip():
        raise Skipped("an accepted event gets no id, see P35-notification-id")
    return answer, "" if value != first.members.get("notification_id") else "two events have one notification_id"


def _broken(subject: ServiceRun) -> list[dict[str, Any]]:
    """Events that break the envelope in one way each."""
    source = _routed(subject)
    lacking: list[dict[str, Any]] = [{name: None} for name in ("id", "source", "type", "specversion")]
    wrong: list[dict[str, Any]] = [{"specversion": "0.3"}, {"time": "yesterday"}, {"id": ""}, {"source": 7}]
    return [event_of(source, **members) for members in (*lacking, *wrong)]


@judge("P35-broken-event")
def broken_event(subject: ServiceRun) -> tuple[Answer, str]:
    """One breach each."""
    answer = _sent(subject)
    for event in _broken(subject):
        answer = _send(subject, event)
        if answer.status != 400:
            return answer, f"the answer is {answer.status}, not 400"
    return answer, ""


@judge("P35-entry-per-error")
def entry_per_error(subject: ServiceRun) -> tuple[Answer, str]:
    """Three breaches in one event."""
    _sent(subject)
    breaches: dict[str, Any] = {"id": None, "specversion": "0.3", "time": "yesterday"}
    for name, value in breaches.items():
        alone = _send(subject, event_of(_routed(subject), **{name: value}))
        if alone.status != 400:
            raise Skipped(f"the service does not refuse a broken event ({alone.status}), see P35-broken-event")
    answer = _send(subject, event_of(_routed(subject), **breaches))
    if answer.status != 400:
        raise Skipped(f"the service does not refuse a broken event ({answer.status}), see P35-broken-event")
    entries = answer.members.get("errors")
    if not isinstance(entries, list) or not entries:
        raise Skipped("an error has no array of errors, see P34-error-errors")
    found = len(entries)
    return answer, "" if found >= 3 else f"3 errors are told in {found} {'entry' if found == 1 else 'entries'}"


def _after(subject: ServiceRun, ask: Callable[[], Answer]) -> Answer:
    _sent(subject)
    return ask()


status("P35-null-body", 400, lambda s: _after(s, lambda: s.ask("POST", s.at("notifications"), body=b"null")))


def _as(requirement: str, form: Callable[[Mapping[str, Any]], Any]) -> None:
    """The trial that an event is accepted in this form."""

    @judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        _sent(subject)
        delivery = form(event_of(_routed(subject)))
        headers = {"Content-Type": None, **delivery.headers}
        answer = subject.ask("POST", subject.at("notifications"), body=delivery.body, headers=headers)
        return answer, "" if answer.status == 202 else f"the answer is {answer.status}, not 202"


_as("P35-structured", structured)
_as("P35-binary", binary)


@judge("P35-size")
def size(subject: ServiceRun) -> tuple[Answer, str]:
    """An event that is too large."""
    _sent(subject)
    event = event_of(_routed(subject))
    details = event[LONG]
    event[LONG] = details[:-1] + ', "filler": "' + "x" * MAX_BYTES + '"' + details[-1:]
    answer = _send(subject, event)
    return (
        answer,
        "" if 400 <= answer.status < 500 else f"the answer to {len(answer.request.body)} bytes is {answer.status}",
    )


@judge("P35-resend")
def resend(subject: ServiceRun) -> tuple[Answer, str]:
    """A producer that has lost the answer sends the event again."""
    event = event_of(_routed(subject))
    first = _send(subject, event)
    if first.status != 202:
        raise Skipped(f"the service does not accept an event ({first.status}), see P35-accepted")
    answer = _send(subject, event)
    return answer, "" if answer.status == 202 else f"the answer is {answer.status}, not 202"


@judge("P34-no-topic")
def no_topic(subject: ServiceRun) -> tuple[Answer, str]:
    """A source that no topic has."""
    _sent(subject)
    answer = _send(subject, event_of(subject.source()))
    return answer, "" if answer.status == 422 else f"the answer is {answer.status}, not 422"


@judge("P34-unknown-source")
def unknown_source(subject: ServiceRun) -> tuple[Answer, str]:
    """A topic of it."""
    _sent(subject)
    body = {"name": subject.name(), "sources": [{"id": NOWHERE, "rules": EVERY}]}
    answer = subject.ask("POST", subject.at("topics"), body)
    return answer, "" if answer.status == 400 else f"the answer is {answer.status}, not 400"


# ------------------------------------------------------------------------- what only some services can be asked


@judge("P34-forbidden")
def forbidden(subject: ServiceRun) -> tuple[Answer, str]:
    """A token without permission."""
    token = subject.given.forbidden_token
    if token is None:
        raise NotExercised("no token without permission is known: say one with `forbidden_token`")
    answer = subject.ask("GET", headers={"Authorization": f"Bearer {token}"})
    return answer, "" if answer.status == 403 else f"the answer is {answer.status}, not 403"


@judge("P34-unknown-instance")
def unknown_instance(subject: ServiceRun) -> tuple[Answer, str]:
    """An id that no instance has."""
    if not subject.has_instance:
        raise NotExercised("no instance is known, so none is unknown: say one with `instance_id`")
    subject.list()
    answer = subject.ask("GET", f"/v1/instances/{_id()}/sources")
    return answer, "" if answer.status == 404 else f"the answer is {answer.status}, not 404"


def _provoked(subject: ServiceRun, wanted: int) -> Answer:
    provoke = subject.given.provoke
    if provoke is None:
        raise NotExercised("it is not known how this answer is provoked: say it with `provoke`")
    subject.list()
    provoke(wanted)
    return subject.ask("GET")


@judge("P34-too-many")
def too_many(subject: ServiceRun) -> tuple[Answer, str]:
    """Too many requests."""
    answer = _provoked(subject, 429)
    return answer, "" if answer.status == 429 else f"the answer is {answer.status}, not 429"


@judge("P34-too-many-retry-after")
def too_many_retry_after(subject: ServiceRun) -> tuple[Answer, str]:
    """How long to wait."""
    answer = _provoked(subject, 429)
    if answer.status != 429:
        raise Skipped(f"the answer is {answer.status}, see P34-too-many")
    value = answer.headers.get("retry-after", "")
    return answer, "" if value.isdecimal() else f"Retry-After is {value!r}"


@judge("P34-server-error")
def server_error(subject: ServiceRun) -> tuple[Answer, str]:
    """Something is wrong inside."""
    answer = _provoked(subject, 500)
    if answer.status != 500:
        raise Skipped(f"the answer is {answer.status}, though 500 was provoked")
    members = answer.members
    right = bool(members.get("trace")) and members.get("status_code") == 500 and bool(members.get("errors"))
    return answer, "" if right else "the body has not trace, status_code and errors"
