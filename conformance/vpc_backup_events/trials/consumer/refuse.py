"""What a consumer must refuse, and what it must survive: bodies that are no events, and events that it can't know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import SHORT
from vpc_backup_events.making.deliveries import Delivery
from vpc_backup_events.making.draft import compact
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.trials.consumer.exchange import Exchange, form
from vpc_backup_events.trials.consumer.jobs import named
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import CONSUMER, accepts, refuses, survives, trial_of, trials_of
from vpc_backup_events.trials.trial import Breached, Evidence, Skipped

# what a body is, in words -> the body, or what makes it of the text of an event
Bodies = Mapping[str, bytes | Callable[[str], bytes]]


def _as(subject: ConsumerRun, mode: str) -> str:
    """The mode in words, where it is another than that of most deliveries."""
    return "" if mode == subject.mode else f", {form(mode)}"


def _malformed(subject: ConsumerRun, bodies: Bodies) -> Iterator[Exchange]:
    for mode in subject.json_modes or ("sdk-style",):
        for title, body in bodies.items():
            if not isinstance(body, bytes):
                # a broken form of an event that the consumer would take
                body = body(compact(subject.event()))
            yield subject.send_body(title + _as(subject, mode), body, mode)


def _form_of(text: str) -> bytes:
    """The attributes of an event as a form has them."""
    return urlencode(json.loads(text)).encode()


def _xml(text: str) -> bytes:
    """The attributes of an event as XML."""
    members = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in json.loads(text).items())
    return f"<event>{members}</event>".encode()


def _latin_1(text: str) -> bytes:
    """A whole event with one byte that is no UTF-8: `ü` as Latin-1 has it, in the short text."""
    event = json.loads(text)
    event[SHORT] += " \u00fc"
    return json.dumps(event, ensure_ascii=False).encode("latin-1")


# each a whole event with one thing wrong, or nothing that could be one
MALFORMED: Mapping[str, Bodies] = {
    "P26-empty-body": {"an empty body": b"", "a body of blanks": b" \r\n"},
    "P26-not-json": {
        "words": b"a backup failed",
        "an event as a form": _form_of,
        "an event as XML": _xml,
        "an event in single quotes": lambda text: repr(json.loads(text)).encode(),
    },
    "P26-truncated": {
        "the first half of an event": lambda text: text[: len(text) // 2].encode(),
        "a brace": b"{",
        "an event without its last brace": lambda text: text[:-1].encode(),
    },
    "P26-invalid-utf8": {
        "an event with one byte of Latin-1": _latin_1,
        "an event in UTF-16": lambda text: text.encode("utf-16"),
    },
    "P26-json-array": {
        "an empty array": b"[]",
        "an array of one event": lambda text: f"[{text}]".encode(),
    },
    "P26-json-scalar": {
        "a string": b'"event"',
        "a number": b"5",
        "true": b"true",
        "an event in a string": lambda text: json.dumps(text).encode(),
    },
    "P26-json-null": {"null": b"null"},
}


@trials_of(MALFORMED, refuses)
def malformed(subject: ConsumerRun, bodies: Bodies) -> Iterator[Exchange]:
    """Each body in each media type that the consumer takes, and a correct event after it."""
    for exchange in _malformed(subject, bodies):
        yield exchange
        # where a malformed body breaks what comes after it, that is a finding elsewhere
        subject.send("a correct event", subject.jobs.event())


ATTRIBUTES = ("id", "source", "type", "specversion")


# requirement -> attributes, and what is wrong with one of them: in words -> its value, None to leave it out
Values = tuple[tuple[str, ...], Mapping[str, Any]]
VALUES: Mapping[str, Values] = {
    **{f"P26-no-{name}": ((name,), {"without {}": None}) for name in ATTRIBUTES},
    "P26-empty-attribute": (ATTRIBUTES, {"whose {} is empty": ""}),
    "P26-attribute-type": (
        ATTRIBUTES,
        {"whose {} is a number": 7, "whose {} is an object": {}, "whose {} is a list": ["x"], "whose {} is true": True},
    ),
}


@trials_of(VALUES, refuses)
def wrong_attributes(subject: ConsumerRun, wrong: Values) -> Iterator[Exchange]:
    """Events with one attribute that is not there, or not what it is to be."""
    names, values = wrong
    for mode, name in product(subject.needs_json(), names):
        for words, value in values.items():
            event = {**subject.event(), name: value}
            if value is None:
                del event[name]
            yield subject.send(f"an event {words.format(name)}{_as(subject, mode)}", event, mode)


@trial_of("P26-binary-no-attribute", refuses)
def binary_without(subject: ConsumerRun) -> Iterator[Exchange]:
    """Binary mode without one of the required headers."""
    subject.needs_mode("binary")
    for name in ATTRIBUTES:
        event = subject.event()
        del event[name]
        yield subject.send(f"binary mode without ce-{name}", event, "binary")


@trial_of("P26-unknown-type", survives)
def unknown_type(subject: ConsumerRun) -> Iterator[Exchange]:
    """Event types that this source might have one day, and that others have."""
    base = next(iter(catalog.event_types)).rpartition(".")[0]
    for type in (f"{base}.backup-share-creation", f"{base}.backup-volume-success", "com.ibm.cloud.is.instance.failed"):
        yield subject.send(type, {**subject.jobs.event(), "type": type})


@trial_of("P26-unknown-reason", survives)
def unknown_reason(subject: ConsumerRun) -> Iterator[Exchange]:
    """Reason codes that nobody documented, and codes of another group."""
    for mutation in mutations.values():
        if mutation.form == "object" and mutation.requirement in ("P16-code-known", "P16-code-group"):
            yield subject.send(named(mutation), subject.jobs.mutated(mutation))


@CONSUMER.judges("P26-stays-up")
def stays_up(subject: ConsumerRun) -> None:
    """After each malformed body a correct event is accepted, and the consumer is still there."""
    try:
        exchanges = list(_after_malformed(subject))
    except Skipped:
        if subject.fell:
            gone = f"nobody answers any more since this was sent: {subject.fell}"
            raise Breached(Evidence(message=gone)) from None
        raise
    accepts(subject, exchanges)


def _after_malformed(subject: ConsumerRun) -> Iterator[Exchange]:
    """A correct event after each malformed body."""
    for bodies in MALFORMED.values():
        for exchange in _malformed(subject, bodies):
            yield subject.send(f"a correct event after {exchange.title}", subject.jobs.event())
    for headers in ({"Content-Type": "text/plain"}, {}, {"Content-Type": "application/x-www-form-urlencoded"}):
        subject.deliver("another media type", Delivery(headers, b"x"))
        yield subject.send("a correct event after another media type", subject.jobs.event())
    subject.deliver("DELETE", Delivery({}, b""), "DELETE")
    yield subject.send("a correct event after DELETE", subject.jobs.event())
