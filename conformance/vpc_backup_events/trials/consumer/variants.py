"""What a consumer must accept: the same event written in other ways, and with what it does not know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import MAX_BYTES, SHORT
from vpc_backup_events.delivery import Asgi, Http
from vpc_backup_events.making.deliveries import MODES, Delivery, header_text
from vpc_backup_events.making.draft import compact
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.forms import PARAMETERS, form, media_of
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import accepts, trial_of
from vpc_backup_events.trials.trial import NotExercised

# pairs of which an event is sent where the pair does not matter
FEW = 4
# ways to write the same JSON
LAYOUTS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "an event whose JSON is indented": lambda event: json.dumps(event, indent=2, ensure_ascii=False) + "\n",
    "an event whose JSON is escaped": lambda event: json.dumps(event, ensure_ascii=True),
    "an event in UTF-8, its members in another order": lambda event: json.dumps(
        dict(reversed(event.items())), ensure_ascii=False
    ),
}


def _with_parameters(requirement: str, mode: str) -> None:
    """The trial that the media type has a parameter."""

    @trial_of(requirement, accepts)
    def deliveries(subject: ConsumerRun) -> Iterator[Exchange]:
        subject.needs_mode(mode)
        for parameter in PARAMETERS[1:]:
            media = media_of(mode) + parameter
            body = compact(subject.event()).encode()
            yield subject.deliver(f"an event as {media}", Delivery({"Content-Type": media}, body))


_with_parameters("P25-structured-charset", "structured")
_with_parameters("P25-json-parameters", "sdk-style")


@trial_of("P25-structured-headers", accepts)
def structured_headers(subject: ConsumerRun) -> Iterator[Exchange]:
    """Structured mode, with the attributes as headers too."""
    subject.needs_mode("structured")
    for pair in list(catalog.pairs.values())[:FEW]:
        event = subject.event(pair)
        headers = {**MODES["binary"](event).headers, "Content-Type": STRUCTURED}
        delivery = Delivery(headers, compact(event).encode())
        yield subject.deliver(f"an event of {pair.id} as {STRUCTURED}, with ce- headers too", delivery)


@trial_of("P25-json-layout", accepts)
def layout(subject: ConsumerRun) -> Iterator[Exchange]:
    """The same JSON, written in other ways."""
    for mode in subject.needs_json():
        for title, write in LAYOUTS.items():
            event = subject.event()
            event[SHORT] += ", größer ✓"
            body = write(event).encode()
            yield subject.send_body(f"{title}, {form(mode)}", body, mode)


@trial_of("P25-time-form", accepts)
def time_form(subject: ConsumerRun) -> Iterator[Exchange]:
    """Fractions of a second, and an offset in digits, in each form."""
    for end in (".5Z", ".123Z", ".123456Z", ".123456789Z", "+00:00"):
        for mode in subject.modes:
            if subject.takes(mode):
                event = subject.jobs.event()
                event["time"] = event["time"].removesuffix("Z") + end
                title = f"an event whose time is {event['time']}, {form(mode)}"
                yield subject.send(title, subject.as_wanted(event), mode)


@trial_of("P25-chunked", accepts)
def chunked(subject: ConsumerRun) -> Iterator[Exchange]:
    """The body comes in several chunks, and nothing says how long it is."""
    if not isinstance(subject.transport, Http | Asgi):
        raise NotExercised("the consumer is called in this process, without a server that takes a body apart")
    for mode in subject.needs_json():
        delivery = MODES[mode](subject.event())
        headers = {**delivery.headers, "Transfer-Encoding": "chunked"}
        yield subject.deliver(f"an event in chunks, {form(mode)}", Delivery(headers, delivery.body))


def _with(subject: ConsumerRun, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {**subject.jobs.event(), **attributes}


@trial_of("P25-unknown-attributes", accepts)
def unknown_attributes(subject: ConsumerRun) -> Iterator[Exchange]:
    """Attributes of every type that an attribute can have, and names that only documented passes."""
    kinds: tuple[dict[str, Any], ...] = (
        {"extra": "x"},
        {"sequence": 7, "test": True},
        {"subject": "nightly", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"datacontenttype": PLAIN, "data": {"attempt": 1}},
        {"dataschema": "https://example.com/schema"},
        {"a" * 21: "x"},
        {"ibmenmarkdown": "*failed*", "umlaut": "Größe ✓"},
    )
    for attributes in kinds:
        title = f"an event with {', '.join(attributes)}"
        yield from subject.send_in_each_mode(title, partial(_with, subject, attributes))


@trial_of("P25-odd-attribute-name", accepts)
def odd_attribute_name(subject: ConsumerRun) -> Iterable[Exchange]:
    """A name with an underscore, as `notification_id` is one."""
    return subject.send_in_each_mode("an event with my_name", partial(_with, subject, {"my_name": "x"}))


@trial_of("P25-size-64k", accepts)
def size(subject: ConsumerRun) -> Iterator[Exchange]:
    """A body of exactly 65,536 bytes."""
    for mode in subject.needs_json():
        event = {**subject.event(), "data": {"padding": ""}}
        event["data"]["padding"] = "a" * (MAX_BYTES - len(compact(event).encode()))
        delivery = MODES[mode](event)
        assert len(delivery.body) == MAX_BYTES
        yield subject.deliver(f"an event of 65,536 bytes, {form(mode)}", delivery)


@trial_of("P25-binary-raw", accepts)
def binary_raw(subject: ConsumerRun) -> Iterator[Exchange]:
    """Text in `ce-` headers as Event Notifications' own examples have it: not encoded."""
    subject.needs_mode("binary")
    for pair in list(catalog.pairs.values())[:FEW]:
        event = subject.event(pair)
        headers = {f"ce-{name}": header_text(value) for name, value in event.items()}
        yield subject.deliver(f"{pair.id} with raw ce- headers", Delivery(headers, b""))


@trial_of("P25-binary-header-case", accepts)
def header_case(subject: ConsumerRun) -> Iterator[Exchange]:
    """The names of the headers in other cases."""
    subject.needs_mode("binary")
    for change in (str.upper, str.title):
        delivery = MODES["binary"](subject.event())
        headers = {change(name): value for name, value in delivery.headers.items()}
        yield subject.deliver(f"headers such as {next(iter(headers))}", Delivery(headers, delivery.body))
