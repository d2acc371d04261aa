"""What a consumer must accept: events in each mode, by each method, in time, and with what it does not know."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import MAX_BYTES, SHORT
from vpc_backup_events.delivery import Asgi, Http
from vpc_backup_events.making.deliveries import MODES, Delivery, header_text, received
from vpc_backup_events.making.draft import compact
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import FORMS, NO_METHOD, ConsumerRun
from vpc_backup_events.trials.consumer.trials import (
    CONSUMER,
    accepts,
    form,
    in_each_mode,
    needs_json,
    needs_mode,
    not_as_wanted,
    of_each_pair,
)
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised
from vpc_backup_events.values.errors import UsageError

__all__ = ["BURST"]

# deliveries at the same time
BURST = 8
# pairs of which an event is sent where the pair does not matter
FEW = 4
# of a media type; without one, and with those that mean nothing more for JSON
PARAMETERS = ("", "; charset=UTF-8", ";charset=utf-8", '; charset="utf-8"')
# ways to write the same JSON
LAYOUTS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "an event whose JSON is indented": lambda event: json.dumps(event, indent=2, ensure_ascii=False) + "\n",
    "an event whose JSON is escaped": lambda event: json.dumps(event, ensure_ascii=True),
    "an event in UTF-8, its members in another order": lambda event: json.dumps(
        dict(reversed(event.items())), ensure_ascii=False
    ),
}
PATH = 'Say it with `path = "/..."` in the suite, or as a part of the URL.'
SECRET = "Give it with `headers = {...}` in the suite, or with --header NAME:VALUE on the command line."


@CONSUMER.judges("P25-some-form")
def some_form(subject: ConsumerRun) -> None:
    """A plain event of each pair is taken in one of the forms; where nothing is taken at all, why that may be."""
    if subject.unreachable:
        raise UsageError(f"Nobody listens at {subject.url}: {subject.unreachable}.", "Start it, and check the URL.")
    first = subject.first_answers
    if not first[-1].accepted:
        statuses = {exchange.status for exchange in first}
        if all(exchange.redirected for exchange in first) or statuses <= set(NO_METHOD):
            # raises what stands elsewhere
            subject.mode  # noqa: B018
        for pair in catalog.pairs.values():
            exchange = subject.send(f"an event of {pair.id}", subject.jobs.event(pair), "sdk-style")
            subject.count(exchange, not exchange.accepted)
        raise Breached(first[0].evidence("a 2xx", _why_none(statuses)))
    refused = []
    for pair in catalog.pairs.values():
        exchanges = [_plain(subject, pair, mode) for mode in (subject.mode,)]
        if not exchanges[0].accepted:
            others = (mode for mode in FORMS if mode != subject.mode and subject.takes(mode))
            exchanges += [_plain(subject, pair, mode) for mode in others]
        if not any(exchange.accepted for exchange in exchanges):
            refused.append(exchanges[0])
        subject.count(exchanges[0], not any(exchange.accepted for exchange in exchanges))
    not_as_wanted(refused, "a 2xx", len(catalog.pairs))


def _why_none(statuses: set[int]) -> str:
    """Why nothing may have been accepted, where all answers were alike."""
    if statuses <= {401, 403}:
        return f"Every delivery was answered {min(statuses)}: does the consumer ask for a secret? {SECRET}"
    if statuses == {404}:
        return f"Every delivery was answered 404: is the path right? {PATH}"
    return ""


def _plain(subject: ConsumerRun, pair: Pair, mode: str) -> Exchange:
    event = subject.as_wanted(subject.jobs.event(pair))
    return subject.send(f"an event of {pair.reason} ({pair.id}), {form(mode)}", event, mode)


def _form(requirement: str, mode: str) -> None:
    """The trial that an event of each pair is taken in this form."""
    of_each_pair(requirement, lambda subject, pair: _plain(subject, pair, mode))


_form("P25-structured", "structured")
_form("P25-json", "sdk-style")


def _in_turn(subject: ConsumerRun, pair: Pair) -> str:
    """Another mode from pair to pair, of those with the event as the body."""
    modes = subject.json_modes or (subject.mode,)
    return modes[list(catalog.pairs).index(pair.id) % len(modes)]


@CONSUMER.judges("P25-binary-encoded")
def binary_encoded(subject: ConsumerRun) -> None:
    """Events of every pair, with and without a body: with one, the media type is that of JSON in both modes."""
    exchanges = [_plain(subject, pair, "binary") for pair in catalog.pairs.values()]
    data = {"data": {"attempt": 1}}
    if subject.send("an event with data", {**subject.jobs.event(), **data}).accepted:
        for number, kind in enumerate(catalog.event_types.values()):
            pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
            media = PLAIN + PARAMETERS[number % len(PARAMETERS)]
            event = {**subject.as_wanted(subject.jobs.event(pair)), "datacontenttype": media, **data}
            exchanges.append(subject.send(f"an event of {pair.id}, binary, with data as {media}", event, "binary"))
    accepts(subject, exchanges)


of_each_pair(
    "P25-notification-id",
    lambda subject, pair: subject.send(
        f"an event of {pair.reason} ({pair.id}) with notification_id",
        received(subject.jobs.event(pair), subject.jobs.id()),
        _in_turn(subject, pair),
    ),
)
of_each_pair(
    "P25-no-notification-id",
    lambda subject, pair: subject.send(
        f"an event of {pair.reason} ({pair.id})", subject.jobs.event(pair), _in_turn(subject, pair)
    ),
)


def _with_parameters(requirement: str, mode: str, media: str) -> None:
    """The trial that the media type has a parameter."""

    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        needs_mode(subject, mode)
        exchanges = []
        for parameter in PARAMETERS[1:]:
            body = compact(subject.as_wanted(subject.jobs.event())).encode()
            delivery = Delivery({"Content-Type": media + parameter}, body)
            exchanges.append(subject.deliver(f"an event as {media}{parameter}", delivery))
        accepts(subject, exchanges)


_with_parameters("P25-structured-charset", "structured", STRUCTURED)
_with_parameters("P25-json-parameters", "sdk-style", PLAIN)


@CONSUMER.judges("P25-structured-headers")
def structured_headers(subject: ConsumerRun) -> None:
    """Structured mode, with the attributes as headers too."""
    needs_mode(subject, "structured")
    exchanges = []
    for pair in list(catalog.pairs.values())[:FEW]:
        event = subject.as_wanted(subject.jobs.event(pair))
        headers = {**MODES["binary"](event).headers, "Content-Type": STRUCTURED}
        delivery = Delivery(headers, compact(event).encode())
        exchanges.append(subject.deliver(f"an event of {pair.id} as {STRUCTURED}, with ce- headers too", delivery))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-json-layout")
def layout(subject: ConsumerRun) -> None:
    """The same JSON, written in other ways."""
    exchanges = []
    for mode in needs_json(subject):
        media = STRUCTURED if mode == "structured" else PLAIN
        for title, write in LAYOUTS.items():
            event = subject.as_wanted(subject.jobs.event())
            event[SHORT] += ", größer ✓"
            body = write(event).encode()
            exchanges.append(subject.deliver(f"{title}, {form(mode)}", Delivery({"Content-Type": media}, body)))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-time-form")
def time_form(subject: ConsumerRun) -> None:
    """Fractions of a second, and an offset in digits, in each form."""
    exchanges = []
    for end in (".5Z", ".123Z", ".123456Z", ".123456789Z", "+00:00"):
        for mode in FORMS:
            if (not subject.carrier and subject.takes(mode)) or mode == subject.mode:
                event = subject.jobs.event()
                event["time"] = event["time"].removesuffix("Z") + end
                title = f"an event whose time is {event['time']}, {form(mode)}"
                exchanges.append(subject.send(title, subject.as_wanted(event), mode))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-chunked")
def chunked(subject: ConsumerRun) -> None:
    """The body comes in several chunks, and nothing says how long it is."""
    if not isinstance(subject.transport, Http | Asgi):
        raise NotExercised("the consumer is called in this process, without a server that takes a body apart")
    exchanges = []
    for mode in needs_json(subject):
        delivery = MODES[mode](subject.as_wanted(subject.jobs.event()))
        headers = {**delivery.headers, "Transfer-Encoding": "chunked"}
        exchanges.append(subject.deliver(f"an event in chunks, {form(mode)}", Delivery(headers, delivery.body)))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-post")
def post(subject: ConsumerRun) -> None:
    """POST is answered; what a plain event is refused for is a finding elsewhere."""
    if "POST" not in subject.methods:
        raise NotExercised("the consumer says that it does not serve POST")
    exchanges = [subject.deliver("a plain event", MODES[mode](subject.jobs.event())) for mode in MODES]
    if all(exchange.status in NO_METHOD for exchange in exchanges):
        why = f"Every delivery was answered {exchanges[0].status}: is the path right? {PATH}"
        raise Breached(exchanges[0].evidence("a 2xx", why))


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
        {"a" * 21: "x"},
        {"ibmenmarkdown": "*failed*", "umlaut": "Größe ✓"},
    )
    exchanges = []
    for attributes in kinds:
        exchanges += in_each_mode(
            subject, f"an event with {', '.join(attributes)}", partial(_with, subject, attributes)
        )
    accepts(subject, exchanges)


@CONSUMER.judges("P25-odd-attribute-name")
def odd_attribute_name(subject: ConsumerRun) -> None:
    """A name with an underscore, as `notification_id` is one."""
    accepts(subject, in_each_mode(subject, "an event with my_name", partial(_with, subject, {"my_name": "x"})))


@CONSUMER.judges("P25-size-64k")
def size(subject: ConsumerRun) -> None:
    """A body of exactly 65,536 bytes."""
    exchanges = []
    for mode in needs_json(subject):
        event = {**subject.as_wanted(subject.jobs.event()), "data": {"padding": ""}}
        event["data"]["padding"] = "a" * (MAX_BYTES - len(compact(event).encode()))
        exchanges.append(subject.deliver(f"an event of 65,536 bytes, {form(mode)}", MODES[mode](event)))
        assert len(exchanges[-1].request.body) == MAX_BYTES
    accepts(subject, exchanges)


@CONSUMER.judges("P25-binary-raw")
def binary_raw(subject: ConsumerRun) -> None:
    """Text in `ce-` headers as Event Notifications' own examples have it: not encoded."""
    needs_mode(subject, "binary")
    exchanges = []
    for pair in list(catalog.pairs.values())[:FEW]:
        event = subject.as_wanted(subject.jobs.event(pair))
        headers = {f"ce-{name}": header_text(value) for name, value in event.items()}
        exchanges.append(subject.deliver(f"{pair.id} with raw ce- headers", Delivery(headers, b"")))
    accepts(subject, exchanges)


@CONSUMER.judges("P25-binary-header-case")
def header_case(subject: ConsumerRun) -> None:
    """The names of the headers in other cases."""
    needs_mode(subject, "binary")
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
            subject.was_in_time = True
            return
        not_as_wanted([exchange], f"an answer within {subject.limit:g} s", 1)
    slowest = f"no answer within {subject.limit:g} s: gave up after {subject.too_slow:.1f} s"
    raise Breached(Evidence(message=slowest))


def _burst(subject: ConsumerRun) -> None:
    """Raises `Breached` where one of many deliveries at the same time is not answered in time."""
    if not subject.first_answers[-1].accepted:
        return
    events = [subject.as_wanted(subject.jobs.event()) for _ in range(5 * BURST)]
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
