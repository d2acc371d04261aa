"""Events are sent, routed to a topic, and refused where they are broken (positions P34 and P35)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, MAX_BYTES
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.deliveries import binary, structured
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.trials.service.run import Answer, ServiceRun
from vpc_backup_events.trials.service.trials import not_refused, other_than, refused, status, trial_of
from vpc_backup_events.trials.trial import Skipped

__all__ = ["EVERY", "MANDATORY", "OTHERS", "event_of"]

# where events without a topic come from
NOWHERE = "00000000-0000-4000-8000-000000000000:api"
# every event of the source
EVERY = [{"enabled": True, "event_type_filter": "$.*"}]


def _routed(subject: ServiceRun) -> str:
    """A source whose events a topic takes; raises `Skipped` where there is none."""
    if not subject.routed:
        source = subject.source()
        body = {"name": subject.name(), "sources": [{"id": source, "rules": EVERY}]}
        answer = subject.ask("POST", subject.at("topics"), body)
        if answer.status != 201:
            raise Skipped(f"the service does not create a topic ({answer.status}), see P34-answer-form")
        subject.routed = source
    return subject.routed


def event_of(source_id: str, /, **members: Any) -> dict[str, Any]:
    """A correct event of the source, with an id of its own; a member that is None is left out."""
    choices = Plain()
    scenario = replace(scenario_of(next(iter(catalog.pairs.values())), choices), source_id=source_id)
    event = {**draft(scenario, _id()).event(), **members}
    return {name: value for name, value in event.items() if value is not None}


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


@trial_of("P35-notification-id")
def notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """The id of the acceptance."""
    answer = _sent(subject)
    value = answer.members.get("notification_id")
    right = isinstance(value, str) and bool(value.strip())
    return answer, "" if right else "the answer has no notification_id that is a text"


@trial_of("P35-new-notification-id")
def new_notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """Of two events."""
    first, answer = _sent(subject), _sent(subject)
    value = answer.members.get("notification_id")
    if not isinstance(value, str) or not value.strip():
        raise Skipped("an accepted event gets no id, see P35-notification-id")
    return answer, "" if value != first.members.get("notification_id") else "two events have one notification_id"


# what is wrong with an event, one breach each: of what is mandatory for it to be accepted, and of the rest
MANDATORY: tuple[dict[str, Any], ...] = (
    {"id": None},
    {"source": None},
    {"type": None},
    {"specversion": None},
    {"specversion": "0.3"},
    {"id": ""},
    {"source": 7},
    {"type": ""},
)
OTHERS: tuple[dict[str, Any], ...] = ({"time": "yesterday"}, {"cause": {"of": "the kit"}})


def _accepted(subject: ServiceRun, breaches: tuple[dict[str, Any], ...]) -> tuple[Answer, str]:
    """The first of the broken events that is not refused, and what is wrong with its answer."""
    answer = _sent(subject)
    for members in breaches:
        answer = _send(subject, event_of(_routed(subject), **members))
        if wrong := not_refused(answer):
            return answer, f"{wrong}, to an event {_described(members)}"
    return answer, ""


def _described(members: Mapping[str, Any]) -> str:
    name, value = next(iter(members.items()))
    return f"without {name}" if value is None else f"whose {name} is {json.dumps(value)}"


@trial_of("P35-broken-event")
def broken_event(subject: ServiceRun) -> tuple[Answer, str]:
    """What is mandatory for an event to be accepted."""
    return _accepted(subject, MANDATORY)


@trial_of("P35-broken-attribute")
def broken_attribute(subject: ServiceRun) -> tuple[Answer, str]:
    """Any other attribute."""
    return _accepted(subject, OTHERS)


@trial_of("P35-broken-event-status")
def broken_event_status(subject: ServiceRun) -> tuple[Answer, str]:
    """Of each refusal."""
    _sent(subject)
    refusal = None
    for members in (*MANDATORY, *OTHERS):
        answer = _send(subject, event_of(_routed(subject), **members))
        if not_refused(answer):
            continue
        refusal = answer
        if wrong := other_than(answer, 400):
            return answer, f"{wrong}, to an event {_described(members)}"
    if refusal is None:
        raise Skipped("the service refuses no broken event, see P35-broken-event")
    return refusal, ""


@trial_of("P35-entry-per-error")
def entry_per_error(subject: ServiceRun) -> tuple[Answer, str]:
    """Three breaches in one event."""
    _sent(subject)
    breaches: dict[str, Any] = {"id": None, "specversion": "0.3", "time": "yesterday"}
    for name, value in breaches.items():
        alone = _send(subject, event_of(_routed(subject), **{name: value}))
        if not_refused(alone):
            raise Skipped(f"the service does not refuse a broken event ({alone.status}), see P35-broken-event")
    answer = _send(subject, event_of(_routed(subject), **breaches))
    if not_refused(answer):
        raise Skipped(f"the service does not refuse a broken event ({answer.status}), see P35-broken-event")
    entries = answer.members.get("errors")
    if not isinstance(entries, list) or not entries:
        raise Skipped("an error has no array of errors, see P34-error-errors")
    count = len(entries)
    return answer, "" if count >= 3 else f"3 errors are told in {count} {'entry' if count == 1 else 'entries'}"


def _after(subject: ServiceRun, ask: Callable[[], Answer]) -> Answer:
    _sent(subject)
    return ask()


refused(
    "P35-null-body",
    lambda s: _after(s, lambda: s.ask("POST", s.at("notifications"), body=b"null")),
    "P35-null-body-status",
)


def _as(requirement: str, form: Callable[[Mapping[str, Any]], Any]) -> None:
    """The trial that an event is accepted in this form."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        _sent(subject)
        delivery = form(event_of(_routed(subject)))
        headers = {"Content-Type": None, **delivery.headers}
        answer = subject.ask("POST", subject.at("notifications"), body=delivery.body, headers=headers)
        return answer, other_than(answer, 202)


_as("P35-structured", structured)
_as("P35-binary", binary)


@trial_of("P35-size")
def size(subject: ServiceRun) -> tuple[Answer, str]:
    """An event that is too large."""
    _sent(subject)
    event = event_of(_routed(subject))
    details = event[LONG]
    event[LONG] = details[:-1] + ', "filler": "' + "x" * MAX_BYTES + '"' + details[-1:]
    answer = _send(subject, event)
    return answer, f"the answer to {len(answer.request.body)} bytes is {answer.status}" if not_refused(answer) else ""


@trial_of("P35-resend")
def resend(subject: ServiceRun) -> tuple[Answer, str]:
    """A producer that has lost the answer sends the event again."""
    event = event_of(_routed(subject))
    first = _send(subject, event)
    if first.status != 202:
        raise Skipped(f"the service does not accept an event ({first.status}), see P35-accepted")
    answer = _send(subject, event)
    return answer, other_than(answer, 202)


@trial_of("P35-resend-notification-id")
def resend_notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """Of the same event, sent twice."""
    event = event_of(_routed(subject))
    first, answer = _send(subject, event), _send(subject, event)
    ids = [sent.members.get("notification_id") for sent in (first, answer)]
    if not 200 <= answer.status < 300 or not all(isinstance(id, str) and id.strip() for id in ids):
        raise Skipped("an event that is sent again gets no id, see P35-resend and P35-notification-id")
    if _sent(subject).members.get("notification_id") == ids[0]:
        raise Skipped("any two events have one id, see P35-new-notification-id")
    return answer, "" if ids[0] != ids[1] else f"both have the notification_id {ids[0]}"


@trial_of("P35-disabled-source")
def disabled_source(subject: ServiceRun) -> tuple[Answer, str]:
    """A source that a topic has, of a service that refuses what no topic takes."""
    _sent(subject)
    if _send(subject, event_of(subject.source())).status < 300:
        raise Skipped("the service accepts events that no topic takes, see P34-no-topic")
    source = str(subject.created(enabled=False).members["id"])
    body = {"name": subject.name(), "sources": [{"id": source, "rules": EVERY}]}
    topic = subject.ask("POST", subject.at("topics"), body)
    if topic.status != 201:
        raise Skipped(f"the service creates no topic of a disabled source ({topic.status})")
    answer = _send(subject, event_of(source))
    return answer, f"the answer is {answer.status}" if answer.status < 300 else ""


@trial_of("P34-no-topic")
def no_topic(subject: ServiceRun) -> tuple[Answer, str]:
    """A source that no topic has."""
    _sent(subject)
    answer = _send(subject, event_of(subject.source()))
    return answer, other_than(answer, 422)


@trial_of("P34-unknown-source")
def unknown_source(subject: ServiceRun) -> tuple[Answer, str]:
    """A topic of it."""
    _sent(subject)
    body = {"name": subject.name(), "sources": [{"id": NOWHERE, "rules": EVERY}]}
    answer = subject.ask("POST", subject.at("topics"), body)
    return answer, other_than(answer, 400)
