"""Events are sent, routed to a topic, and refused where they are broken (positions P34 and P35)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, MAX_BYTES
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.deliveries import binary, structured
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.trials.service.run import Answer, ServiceRun, new_id, require
from vpc_backup_events.trials.service.trials import is_text, not_refused, other_than, refusal, status, trial_of
from vpc_backup_events.trials.trial import Skipped

__all__ = ["MANDATORY", "OTHERS", "event_of", "routes"]

# where events without a topic come from
NOWHERE = "00000000-0000-4000-8000-000000000000:api"
# of every event of the source
RULES = [{"enabled": True, "event_type_filter": "$.*"}]


def routes(source: str) -> dict[str, Any]:
    """The member of a topic by which it takes every event of the source."""
    return {"sources": [{"id": source, "rules": RULES}]}


def _topic(subject: ServiceRun, source: str) -> Answer:
    """The answer to a new topic that takes every event of the source."""
    return subject.ask("POST", subject.at("topics"), {"name": subject.name(), **routes(source)})


def _routed(subject: ServiceRun) -> str:
    """A source whose events a topic takes; raises `Skipped` where there is none."""
    if not subject.routed:
        source = subject.source()
        require(_topic(subject, source), 201, "create a topic", "P34-answer-form")
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
    return require(_send(subject, event_of(_routed(subject))), 202, "accept an event", "P35-accepted")


status("P35-accepted", 202)(lambda s: _send(s, event_of(_routed(s))))


@trial_of("P35-notification-id")
def notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """The id of the acceptance."""
    answer = _sent(subject)
    right = is_text(answer.members.get("notification_id"))
    return answer, "" if right else "the answer has no notification_id that is a text"


@trial_of("P35-new-notification-id")
def new_notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """Of two events."""
    first, answer = _sent(subject), _sent(subject)
    value = answer.members.get("notification_id")
    if not is_text(value):
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


def _refuses(requirement: str, breaches: Iterable[dict[str, Any]]) -> None:
    """The trial that each of the broken events is refused."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = _sent(subject)
        for members in breaches:
            answer = _send(subject, event_of(_routed(subject), **members))
            if wrong := not_refused(answer):
                return answer, f"{wrong}, to an event {_described(members)}"
        return answer, ""


def _described(members: Mapping[str, Any]) -> str:
    name, value = next(iter(members.items()))
    return f"without {name}" if value is None else f"whose {name} is {json.dumps(value)}"


_refuses("P35-broken-event", MANDATORY)
_refuses("P35-broken-attribute", OTHERS)


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
    # each alone, then all together
    for members in (*({name: value} for name, value in breaches.items()), breaches):
        answer = _send(subject, event_of(_routed(subject), **members))
        if not_refused(answer):
            raise Skipped(f"the service does not refuse a broken event ({answer.status}), see P35-broken-event")
    entries = answer.members.get("errors")
    if not isinstance(entries, list) or not entries:
        raise Skipped("an error has no array of errors, see P34-error-errors")
    count = len(entries)
    return answer, "" if count >= 3 else f"3 errors are told in {count} {'entry' if count == 1 else 'entries'}"


@refusal("P35-null-body", "P35-null-body-status")
def null_body(subject: ServiceRun) -> Answer:
    """Of a service that accepts an event."""
    _sent(subject)
    return subject.ask("POST", subject.at("notifications"), body=b"null")


def _as(requirement: str, form: Callable[[Mapping[str, Any]], Any]) -> None:
    """The trial that an event is accepted in this form."""

    @status(requirement, 202)
    def ask(subject: ServiceRun) -> Answer:
        _sent(subject)
        delivery = form(event_of(_routed(subject)))
        headers = {"Content-Type": None, **delivery.headers}
        return subject.ask("POST", subject.at("notifications"), body=delivery.body, headers=headers)


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


@status("P35-resend", 202)
def resend(subject: ServiceRun) -> Answer:
    """A producer that has lost the answer sends the event again."""
    event = event_of(_routed(subject))
    require(_send(subject, event), 202, "accept an event", "P35-accepted")
    return _send(subject, event)


@trial_of("P35-resend-notification-id")
def resend_notification_id(subject: ServiceRun) -> tuple[Answer, str]:
    """Of the same event, sent twice."""
    event = event_of(_routed(subject))
    first, answer = _send(subject, event), _send(subject, event)
    ids = [acceptance.members.get("notification_id") for acceptance in (first, answer)]
    if not 200 <= answer.status < 300 or not all(map(is_text, ids)):
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
    source = new_id(subject.created(enabled=False))
    topic = _topic(subject, source)
    if topic.status != 201:
        raise Skipped(f"the service creates no topic of a disabled source ({topic.status})")
    answer = _send(subject, event_of(source))
    return answer, f"the answer is {answer.status}" if answer.status < 300 else ""


@status("P34-no-topic", 422)
def no_topic(subject: ServiceRun) -> Answer:
    """A source that no topic has."""
    _sent(subject)
    return _send(subject, event_of(subject.source()))


@status("P34-unknown-source", 400)
def unknown_source(subject: ServiceRun) -> Answer:
    """A topic of it."""
    _sent(subject)
    return _topic(subject, NOWHERE)
