"""What a consumer must accept: events written in other ways, with what it does not know, in contradicted forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair, Spelling
from vpc_backup_events.catalog.names import MAX_BYTES, SHORT
from vpc_backup_events.delivery import Asgi, Http
from vpc_backup_events.making.deliveries import MODES, Delivery, header_text
from vpc_backup_events.making.draft import compact
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.consumer.exchange import PARAMETERS, Exchange, form, media_of
from vpc_backup_events.trials.consumer.jobs import named
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import accepts, trial_of, trials_of
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


@trials_of({"P25-structured-charset": "structured", "P25-json-parameters": "sdk-style"}, accepts)
def parameters(subject: ConsumerRun, mode: str) -> Iterator[Exchange]:
    """The media type of the mode, with a parameter."""
    subject.needs_mode(mode)
    for parameter in PARAMETERS[1:]:
        media = media_of(mode) + parameter
        body = compact(subject.event()).encode()
        yield subject.deliver(f"an event as {media}", Delivery({"Content-Type": media}, body))


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


# requirement -> attributes that an event has beside its own
ATTRIBUTES: Mapping[str, tuple[dict[str, Any], ...]] = {
    # of every type that an attribute can have, and with names that only documented passes
    "P25-unknown-attributes": (
        {"extra": "x"},
        {"sequence": 7, "test": True},
        {"subject": "nightly", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"datacontenttype": PLAIN, "data": {"attempt": 1}},
        {"dataschema": "https://example.com/schema"},
        {"a" * 21: "x"},
        {"ibmenmarkdown": "*failed*", "umlaut": "Größe ✓"},
    ),
    # a name with an underscore, as `notification_id` is one
    "P25-odd-attribute-name": ({"my_name": "x"},),
}


@trials_of(ATTRIBUTES, accepts)
def more_attributes(subject: ConsumerRun, kinds: tuple[dict[str, Any], ...]) -> Iterator[Exchange]:
    """Events with more attributes."""
    for attributes in kinds:
        title = f"an event with {', '.join(attributes)}"
        yield from subject.send_in_each_mode(title, partial(_with, subject, attributes))


def _with(subject: ConsumerRun, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {**subject.jobs.event(), **attributes}


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


# ---------------------------------------------------------------- documented forms that contradict others


# requirement -> what the names of the mutations begin with that make such an event
QUIRKS: Mapping[str, tuple[str, ...]] = {
    "P25-unknown-members": ("P12-unknown-member/",),
    "P25-quirk-raw-line-breaks": ("P11-raw-line-break/",),
    "P25-quirk-escaped-line-breaks": ("P11-line-break/",),
    "P25-quirk-bare-id": ("P11-unquoted-id/",),
    "P25-quirk-prose": ("P11-prose/",),
    "P25-quirk-reasons-array": ("P12-reasons-instead/",),
    "P25-quirk-type-contradiction": ("P14-agrees-with-type/",),
    "P25-quirk-retention-word": ("P15-job-type-retention/",),
    "P25-quirk-deletion-type": ("P05-type-retention/",),
    "P25-quirk-bare-code": ("P16-reason-text/",),
    "P25-quirk-share": ("P14-resource-type-share/", "P16-code-share/"),
    "P25-quirk-undocumented-spelling": ("P16-code-spelling/capitals", "P16-code-spelling/underscores"),
    "P25-quirk-severity-case": ("P08-severity-medium/medium-",),
    "P25-quirk-severity-other": tuple(
        f"P08-severity-medium/{s.name}" for s in catalog.severities.values() if not s.canonical and not s.fallback
    ),
    "P25-quirk-crn-source": ("D30/",),
    "P25-quirk-policy-source": ("D41/",),
    "P25-quirk-crn-source-id": ("D28/",),
    "P25-quirk-no-time": ("P02-time-present/",),
    "P25-quirk-no-severity": ("P02-severity-present/",),
    "P25-quirk-bare-uuid": ("P13-id-prefix/",),
    "P25-quirk-received-names": (
        *("P03-attribute-name-underscore/en-source-id", "P03-attribute-name-underscore/message-subject"),
        "D73/attachments",
    ),
}


@trials_of(QUIRKS, accepts)
def quirks(subject: ConsumerRun, names: tuple[str, ...]) -> Iterator[Exchange]:
    """Every event that such a mutation makes, where `documented` has no error in it."""
    for mutation in mutations.values():
        if not mutation.name.startswith(names) or mutation.form not in ("object", "text"):
            continue
        if mutation.errors("documented"):
            continue
        if mutation.form == "text" and subject.mode == "binary":
            subject.needs_json()
        yield from subject.send_in_each_mode(named(mutation), partial(subject.jobs.mutated, mutation))


def spellings() -> list[tuple[Pair, Spelling]]:
    """Each documented spelling of the reason of each pair, but for the catalog's own."""
    return [
        (pair, spelling)
        for pair in catalog.pairs.values()
        for spelling in pair.spellings
        if spelling.spelling != pair.reason
    ]


# whether the event table spells the reason so, or the VPC API as it is now; else another page does
@trials_of({"P25-quirk-other-spelling": True, "P25-quirk-page-spelling": False}, accepts)
def other_spellings(subject: ConsumerRun, in_table: bool) -> Iterator[Exchange]:
    """Every spelling of a reason that stands there."""
    for pair, spelling in spellings():
        if (spelling.where.startswith("seed") or spelling.where == "vpc-api") is in_table:
            _, event = subject.jobs.of_scenario(pair, spelling.spelling)
            yield subject.send(f"an event of {pair.reason} ({pair.id}) spelled {spelling.spelling}", event)


@trial_of("P25-quirk-tokenless-code", accepts)
def tokenless_code(subject: ConsumerRun) -> Iterator[Exchange]:
    """Every code that has no token, in every event type whose job and resource it belongs to."""
    # an old name counts as a spelling of the reason that it was renamed to
    other_names = {spelling.spelling for _, spelling in spellings()}
    codes = [c for c in catalog.api_codes.values() if c.without_token and c.code not in other_names]
    for kind in catalog.event_types.values():
        pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
        for code in codes:
            if kind.job_type in code.job_types and kind.resource_type in code.resource_types:
                _, event = subject.jobs.of_scenario(pair, code.code)
                yield subject.send(f"{kind.type} with {code.code}", event)
