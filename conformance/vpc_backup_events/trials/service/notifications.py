"""Events are sent, routed to a topic, and refused where they are broken (positions P34 and P35)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, MAX_BYTES
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.deliveries import Delivery, binary, structured
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.trials.service.answers import Answer, is_text
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import refusal, status, trial_of
from vpc_backup_events.trials.trial import Skipped

__all__ = ["event_of", "routes"]

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


def event_of(source_id: str, /, **members: Any) -> dict[str, Any]:
    """A correct event of the source, with an id of its own; a member that is None is left out."""
    scenario = replace(scenario_of(next(iter(catalog.pairs.values())), Plain()), source_id=source_id)
    event = {**draft(scenario, str(uuid4())).event(), **members}
    return {name: value for name, value in event.items() if value is not None}


def _routed(subject: ServiceRun, **members: Any) -> dict[str, Any]:
    """An event of a source whose events a topic takes; raises `Skipped` where there is none."""
    if not subject.routed:
        source = subject.source()
        _topic(subject, source).require(201, "create a topic", "P34-answer-form")
        subject.routed = source
    return event_of(subject.routed, **members)


def _send(subject: ServiceRun, event: Any) -> Answer:
    return subject.ask("POST", subject.at("notifications"), event)


def _sent(subject: ServiceRun) -> Answer:
    """The answer to a correct event; raises `Skipped` where it is refused."""
    return _send(subject, _routed(subject)).require(202, "accept an event", "P35-accepted")


def _receiver(subject: ServiceRun) -> ServiceRun:
    """The service, which accepts events; raises `Skipped` where it does not."""
    _sent(subject)
    return subject


def _send_as(subject: ServiceRun, form: Callable[[Mapping[str, Any]], Delivery]) -> Answer:
    """The answer to an event in this form."""
    delivery = form(_routed(subject))
    headers = {"Content-Type": None, **delivery.headers}
    return subject.ask("POST", subject.at("notifications"), body=delivery.body, headers=headers)


status("P35-accepted", 202)(lambda s: _send(s, _routed(s)))
status("P35-structured", 202)(lambda s: _send_as(_receiver(s), structured))
status("P35-binary", 202)(lambda s: _send_as(_receiver(s), binary))
status("P34-no-topic", 422)(lambda s: _send(_receiver(s), event_of(s.source())))
status("P34-unknown-source", 400)(lambda s: _topic(_receiver(s), NOWHERE))
refusal("P35-null-body", "P35-null-body-status")(
    lambda s: _receiver(s).ask("POST", s.at("notifications"), body=b"null")
)


@trial_of("P35-notification-id")
def notification_id(subject: ServiceRun) -> None:
    """The id of the acceptance."""
    answer = _sent(subject)
    right = is_text(answer.members.get("notification_id"))
    answer.expect(right, "the answer has no notification_id that is a text")


@trial_of("P35-new-notification-id")
def new_notification_id(subject: ServiceRun) -> None:
    """Of two events."""
    first, answer = _sent(subject), _sent(subject)
    value = answer.members.get("notification_id")
    if not is_text(value):
        raise Skipped("an accepted event gets no id, see P35-notification-id")
    answer.expect(value != first.members.get("notification_id"), "two events have one notification_id")


# ------------------------------------------------------------------------------------------------------ broken events

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


def _broken(subject: ServiceRun, breaches: Iterable[dict[str, Any]]) -> Iterator[tuple[Answer, str]]:
    """The answer to an event with each of the breaches, and what it was sent to; after one to a correct event."""
    _sent(subject)
    for members in breaches:
        name, value = next(iter(members.items()))
        what = f"without {name}" if value is None else f"whose {name} is {json.dumps(value)}"
        yield _send(subject, _routed(subject, **members)), f", to an event {what}"


def _refuses(requirement: str, breaches: Iterable[dict[str, Any]]) -> None:
    """The trial that each of the broken events is refused."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> None:
        for answer, to in _broken(subject, breaches):
            answer.expect_refusal(to)


_refuses("P35-broken-event", MANDATORY)
_refuses("P35-broken-attribute", OTHERS)


@trial_of("P35-broken-event-status")
def broken_event_status(subject: ServiceRun) -> None:
    """Of each refusal."""
    refusals = 0
    for answer, to in _broken(subject, (*MANDATORY, *OTHERS)):
        if answer.refused:
            refusals += 1
            answer.expect_status(400, to=to)
    if not refusals:
        raise Skipped("the service refuses no broken event, see P35-broken-event")


@trial_of("P35-entry-per-error")
def entry_per_error(subject: ServiceRun) -> None:
    """Three breaches in one event."""
    breaches: dict[str, Any] = {"id": None, "specversion": "0.3", "time": "yesterday"}
    # each alone, then all together
    for answer, _ in _broken(subject, (*({name: value} for name, value in breaches.items()), breaches)):
        if not answer.refused:
            raise Skipped(f"the service does not refuse a broken event ({answer.status}), see P35-broken-event")
    entries = answer.members.get("errors")
    if not isinstance(entries, list) or not entries:
        raise Skipped("an error has no array of errors, see P34-error-errors")
    count = len(entries)
    answer.expect(count >= len(breaches), f"3 errors are told in {count} {'entry' if count == 1 else 'entries'}")


@trial_of("P35-size")
def size(subject: ServiceRun) -> None:
    """An event that is too large."""
    _sent(subject)
    event = _routed(subject)
    details = event[LONG]
    event[LONG] = details[:-1] + ', "filler": "' + "x" * MAX_BYTES + '"' + details[-1:]
    answer = _send(subject, event)
    answer.expect(answer.refused, f"the answer to {len(answer.request.body)} bytes is {answer.status}")


# ----------------------------------------------------------------------------------------------------- the same again


@status("P35-resend", 202)
def resend(subject: ServiceRun) -> Answer:
    """A producer that has lost the answer sends the event again."""
    event = _routed(subject)
    _send(subject, event).require(202, "accept an event", "P35-accepted")
    return _send(subject, event)


@trial_of("P35-resend-notification-id")
def resend_notification_id(subject: ServiceRun) -> None:
    """Of the same event, sent twice."""
    event = _routed(subject)
    first, answer = _send(subject, event), _send(subject, event)
    ids = [acceptance.members.get("notification_id") for acceptance in (first, answer)]
    if not answer.accepted or not all(map(is_text, ids)):
        raise Skipped("an event that is sent again gets no id, see P35-resend and P35-notification-id")
    if _sent(subject).members.get("notification_id") == ids[0]:
        raise Skipped("any two events have one id, see P35-new-notification-id")
    answer.expect(ids[0] != ids[1], f"both have the notification_id {ids[0]}")


@trial_of("P35-disabled-source")
def disabled_source(subject: ServiceRun) -> None:
    """A source that a topic has, of a service that refuses what no topic takes."""
    _sent(subject)
    if _send(subject, event_of(subject.source())).status < 300:
        raise Skipped("the service accepts events that no topic takes, see P34-no-topic")
    source = subject.created(enabled=False).new_id()
    topic = _topic(subject, source)
    if topic.status != 201:
        raise Skipped(f"the service creates no topic of a disabled source ({topic.status})")
    answer = _send(subject, event_of(source))
    answer.expect(answer.status >= 300, f"the answer is {answer.status}")
