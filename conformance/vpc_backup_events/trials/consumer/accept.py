"""What a consumer must accept: events in each mode, by each method, in time, and with what it does not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import MAX_BYTES
from vpc_backup_events.making.deliveries import MODES, Delivery, header_text, received
from vpc_backup_events.making.draft import compact
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import (
    CONSUMER,
    accepts,
    in_each_mode,
    needs_mode,
    not_as_wanted,
    of_each_pair,
)
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped

__all__ = ["BURST"]

# deliveries at the same time
BURST = 8


def _in_mode(mode: str) -> Callable[[ConsumerRun, Pair], Exchange]:
    def send(subject: ConsumerRun, pair: Pair) -> Exchange:
        event = subject.jobs.event(pair)
        if subject.takes_something:
            event = subject.as_wanted(event)
        return subject.send(f"an event of {pair.id}, {mode}", event, mode)

    return send


def _in_turn(subject: ConsumerRun, pair: Pair) -> str:
    """Another mode from pair to pair, of those with the event as the body."""
    modes = subject.json_modes or (subject.mode,)
    return modes[list(catalog.pairs).index(pair.id) % len(modes)]


of_each_pair("P25-structured", _in_mode("structured"))
of_each_pair("P25-json", _in_mode("sdk-style"))


@CONSUMER.judges("P25-binary-encoded")
def binary_encoded(subject: ConsumerRun) -> None:
    """Events of every pair, with and without a body: with one, the media type is that of JSON in both modes."""
    send = _in_mode("binary")
    exchanges = [send(subject, pair) for pair in catalog.pairs.values()]
    data = {"data": {"attempt": 1}}
    if subject.takes_something and subject.send("an event with data", {**subject.jobs.event(), **data}).accepted:
        for kind in catalog.event_types.values():
            pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
            event = {**subject.as_wanted(subject.jobs.event(pair)), **data}
            exchanges.append(subject.send(f"an event of {pair.id}, binary, with data as {PLAIN}", event, "binary"))
    accepts(subject, exchanges)


of_each_pair(
    "P25-notification-id",
    lambda subject, pair: subject.send(
        f"an event of {pair.id} with notification_id",
        received(subject.jobs.event(pair), subject.jobs.id()),
        _in_turn(subject, pair),
    ),
)
of_each_pair(
    "P25-no-notification-id",
    lambda subject, pair: subject.send(f"an event of {pair.id}", subject.jobs.event(pair), _in_turn(subject, pair)),
)


@CONSUMER.judges("P25-structured-charset")
def charset(subject: ConsumerRun) -> None:
    """The media type has a parameter."""
    needs_mode(subject, "structured", "P25-structured")
    exchanges = []
    for media in ("; charset=UTF-8", ";charset=utf-8", '; charset="utf-8"'):
        body = compact(subject.as_wanted(subject.jobs.event())).encode()
        delivery = Delivery({"Content-Type": STRUCTURED + media}, body)
        exchanges.append(subject.deliver(f"an event as {STRUCTURED}{media}", delivery))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-post")
def post(subject: ConsumerRun) -> None:
    """POST is answered; what a plain event is refused for is a finding elsewhere."""
    if "POST" not in subject.methods:
        raise NotExercised("the consumer says that it does not serve POST")
    exchanges = [subject.deliver("a plain event", MODES[mode](subject.jobs.event())) for mode in MODES]
    if all(exchange.status in (405, 501) for exchange in exchanges):
        not_as_wanted(exchanges[:1], "a 2xx", 1)


@CONSUMER.judges("P25-other-verbs")
def other_verbs(subject: ConsumerRun) -> None:
    """The methods that the consumer claims."""
    others = [method for method in subject.methods if method != "POST"]
    if not others:
        raise NotExercised("the consumer says that it serves POST alone")
    exchanges = []
    for method in others:
        delivery = MODES[subject.mode](subject.as_wanted(subject.jobs.event()))
        exchanges.append(subject.deliver(f"an event by {method}", delivery, method))
    accepts(subject, exchanges)


def _with(subject: ConsumerRun, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {**subject.jobs.event(), **attributes}


@CONSUMER.judges("P25-unknown-attributes")
def unknown_attributes(subject: ConsumerRun) -> None:
    """Attributes of every type that an attribute can have, and names that only documented passes."""
    kinds: tuple[dict[str, Any], ...] = (
        {"extra": "x"},
        {"sequence": 7, "test": True},
        {"subject": "nightly", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"datacontenttype": PLAIN, "data": {"attempt": 1}},
        {"dataschema": "https://example.com/schema"},
        {"my_name": "x"},
        {"a" * 21: "x"},
        {"ibmenmarkdown": "*failed*", "umlaut": "Größe ✓"},
    )
    exchanges = []
    for attributes in kinds:
        exchanges += in_each_mode(
            subject, f"an event with {', '.join(attributes)}", partial(_with, subject, attributes)
        )
    accepts(subject, exchanges)


@CONSUMER.judges("P25-size-64k")
def size(subject: ConsumerRun) -> None:
    """A body of exactly 65,536 bytes."""
    if not subject.json_modes:
        raise Skipped("the consumer takes no JSON body, see P25-structured and P25-json")
    exchanges = []
    for mode in subject.json_modes:
        event = {**subject.as_wanted(subject.jobs.event()), "data": {"padding": ""}}
        event["data"]["padding"] = "a" * (MAX_BYTES - len(compact(event).encode()))
        exchanges.append(subject.deliver(f"an event of 65,536 bytes, {mode}", MODES[mode](event)))
        assert len(exchanges[-1].request.body) == MAX_BYTES
    accepts(subject, exchanges)


@CONSUMER.judges("P25-binary-raw")
def binary_raw(subject: ConsumerRun) -> None:
    """Text in `ce-` headers as Event Notifications' own examples have it: not encoded."""
    needs_mode(subject, "binary", "P25-binary-encoded")
    exchanges = []
    for pair in list(catalog.pairs.values())[:4]:
        event = subject.as_wanted(subject.jobs.event(pair))
        headers = {f"ce-{name}": header_text(value) for name, value in event.items()}
        exchanges.append(subject.deliver(f"{pair.id} with raw ce- headers", Delivery(headers, b"")))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-binary-header-case")
def header_case(subject: ConsumerRun) -> None:
    """The names of the headers in other cases."""
    needs_mode(subject, "binary", "P25-binary-encoded")
    exchanges = []
    for change in (str.upper, str.title):
        delivery = MODES["binary"](subject.as_wanted(subject.jobs.event()))
        headers = {change(name): value for name, value in delivery.headers.items()}
        exchanges.append(subject.deliver(f"headers such as {next(iter(headers))}", Delivery(headers, delivery.body)))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-in-time")
def in_time(subject: ConsumerRun) -> None:
    """No answer takes longer than a delivery waits."""
    if not subject.too_slow:
        exchange = subject.attempt("a plain event", MODES["sdk-style"](subject.jobs.event()))
        if not subject.too_slow:
            _burst(subject)
            return
        not_as_wanted([exchange], f"an answer within {subject.limit:g} s", 1)
    slowest = f"no answer within {subject.limit:g} s: gave up after {subject.too_slow:.1f} s"
    raise Breached(Evidence(message=slowest))


def _burst(subject: ConsumerRun) -> None:
    """Raises `Breached` where one of many deliveries at the same time is not answered in time."""
    many = range(5 * BURST if subject.takes_something else 0)
    events = [subject.as_wanted(subject.jobs.event()) for _ in many]
    with ThreadPoolExecutor(BURST) as pool:
        exchanges = list(pool.map(lambda event: subject.send("one of a burst of events", event, subject.mode), events))
    late = [exchange for exchange in exchanges if exchange.answer is None and "no answer within" in exchange.error]
    not_as_wanted(late, f"an answer within {subject.limit:g} s", len(exchanges))


@CONSUMER.judges("P25-no-redirect")
def no_redirect(subject: ConsumerRun) -> None:
    """The answer is no redirect."""
    exchanges = [subject.deliver("a plain event", MODES[mode](subject.jobs.event())) for mode in MODES]
    redirected = [exchange for exchange in exchanges if exchange.redirected]
    not_as_wanted(redirected, "an answer of its own", len(exchanges))
