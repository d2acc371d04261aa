"""What a consumer must refuse, and what it must survive: bodies that are no events, and events that it can't know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import SHORT
from vpc_backup_events.making.deliveries import Delivery
from vpc_backup_events.making.draft import compact
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.jobs import named
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import CONSUMER, accepts, form, needs_json, needs_mode, refuses, survives
from vpc_backup_events.trials.trial import Breached, Evidence, Skipped

__all__ = ["ATTRIBUTES", "MALFORMED"]

# what a body is, in words -> the body, or what makes it of the text of an event
Bodies = Mapping[str, bytes | Callable[[str], bytes]]


def _refuses_bodies(requirement: str, bodies: Bodies) -> None:
    """The trial that each body is answered 4xx, in each media type that the consumer takes."""

    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        exchanges = []
        for exchange in _malformed(subject, bodies):
            exchanges.append(exchange)
            # where a malformed body breaks what comes after it, that is a finding elsewhere
            subject.send("a correct event", subject.jobs.event())
        refuses(exchanges)


def _as(subject: ConsumerRun, mode: str) -> str:
    """The mode in words, where it is another than that of most deliveries."""
    return "" if mode == subject.mode else f", {form(mode)}"


def _malformed(subject: ConsumerRun, bodies: Bodies) -> Iterator[Exchange]:
    for mode in subject.json_modes or ("sdk-style",):
        media = STRUCTURED if mode == "structured" else PLAIN
        for title, body in bodies.items():
            # a broken form of an event that the consumer would take
            broken = body if isinstance(body, bytes) else body(compact(subject.as_wanted(subject.jobs.event())))
            yield subject.deliver(title + _as(subject, mode), Delivery({"Content-Type": media}, broken))


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
for _id, _bodies in MALFORMED.items():
    _refuses_bodies(_id, _bodies)


ATTRIBUTES = ("id", "source", "type", "specversion")
# values of another type than string
OTHER_TYPES: Mapping[str, Any] = {"a number": 7, "an object": {}, "a list": ["x"], "true": True}


def _without(name: str) -> None:
    @CONSUMER.judges(f"P26-no-{name}")
    def run(subject: ConsumerRun) -> None:
        exchanges = []
        for mode in needs_json(subject):
            event = subject.as_wanted(subject.jobs.event())
            del event[name]
            exchanges.append(subject.send(f"an event without {name}{_as(subject, mode)}", event, mode))
        refuses(exchanges)


for _name in ATTRIBUTES:
    _without(_name)


def _with_values(requirement: str, values: Mapping[str, Any]) -> None:
    """The trial that an event is refused in which a required attribute has one of these values."""

    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        exchanges = []
        for mode in needs_json(subject):
            for name in ATTRIBUTES:
                for words, value in values.items():
                    event = {**subject.as_wanted(subject.jobs.event()), name: value}
                    exchanges.append(subject.send(f"an event whose {name} is {words}{_as(subject, mode)}", event, mode))
        refuses(exchanges)


_with_values("P26-empty-attribute", {"empty": ""})
_with_values("P26-attribute-type", OTHER_TYPES)


@CONSUMER.judges("P26-binary-no-attribute")
def binary_without(subject: ConsumerRun) -> None:
    """Binary mode without one of the required headers."""
    needs_mode(subject, "binary")
    exchanges = []
    for name in ATTRIBUTES:
        event = subject.as_wanted(subject.jobs.event())
        del event[name]
        exchanges.append(subject.send(f"binary mode without ce-{name}", event, "binary"))
    refuses(exchanges)


@CONSUMER.judges("P26-unknown-type")
def unknown_type(subject: ConsumerRun) -> None:
    """Event types that this source might have one day, and that others have."""
    base = next(iter(catalog.event_types)).rpartition(".")[0]
    types = (f"{base}.backup-share-creation", f"{base}.backup-volume-success", "com.ibm.cloud.is.instance.failed")
    survives([subject.send(type, {**subject.jobs.event(), "type": type}) for type in types])


@CONSUMER.judges("P26-unknown-reason")
def unknown_reason(subject: ConsumerRun) -> None:
    """Reason codes that nobody documented, and codes of another group."""
    chosen = [
        m for m in mutations.values() if m.form == "object" and m.requirement in ("P16-code-known", "P16-code-group")
    ]
    survives([subject.send(named(mutation), subject.jobs.mutated(mutation)) for mutation in chosen])


@CONSUMER.judges("P26-stays-up")
def stays_up(subject: ConsumerRun) -> None:
    """After each malformed body a correct event is accepted, and the consumer is still there."""
    try:
        after = _after_malformed(subject)
    except Skipped:
        if subject.fell:
            gone = f"nobody answers any more since this was sent: {subject.fell}"
            raise Breached(Evidence(message=gone)) from None
        raise
    accepts(subject, after)


def _after_malformed(subject: ConsumerRun) -> list[Exchange]:
    """A correct event after each malformed body."""
    after = []
    for bodies in MALFORMED.values():
        for exchange in _malformed(subject, bodies):
            after.append(subject.send(f"a correct event after {exchange.title}", subject.jobs.event()))
    for headers in ({"Content-Type": "text/plain"}, {}, {"Content-Type": "application/x-www-form-urlencoded"}):
        subject.deliver("another media type", Delivery(headers, b"x"))
        after.append(subject.send("a correct event after another media type", subject.jobs.event()))
    subject.deliver("DELETE", Delivery({}, b""), "DELETE")
    after.append(subject.send("a correct event after DELETE", subject.jobs.event()))
    return after
