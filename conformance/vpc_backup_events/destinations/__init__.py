"""What each destination receives for an event, by the mapping that Event Notifications documents (P21, P24).

What the documentation does not say is left out, and `Rendering.notes` says so.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.delivery import Destination
from vpc_backup_events.catalog.masking import looks_secret
from vpc_backup_events.catalog.names import LONG, SOURCE_ID
from vpc_backup_events.checking.findings import finding
from vpc_backup_events.destinations._content import CONTENT, SEGMENT, Options, Parts, text_of
from vpc_backup_events.making.draft import compact
from vpc_backup_events.reading import EventLike, read_event
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.errors import UnreadableInputError, UsageError
from vpc_backup_events.values.report import Finding

__all__ = ["Options", "Rendering", "render"]


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a destination receives for one event."""

    #: name in `catalog.destinations`
    destination: str
    #: what it receives, by the name of its part: texts and JSON values
    parts: Mapping[str, Any]
    #: the same as one text: the message, the JSON document, the object
    content: str
    #: of a file that holds `content`: eml, txt, json or http
    suffix: str
    #: notes of requirements, such as P24-sms-segments
    findings: tuple[Finding, ...]
    #: what does not fit, and what the documentation does not say
    notes: tuple[str, ...]

    def as_bytes(self) -> bytes:
        """`content` in UTF-8."""
        return self.content.encode("utf-8", "surrogatepass")

    def as_json(self) -> dict[str, Any]:
        """Every member but `suffix`, as JSON."""
        return {
            "destination": self.destination,
            "parts": dict(self.parts),
            "content": self.content,
            "findings": [finding.as_json() for finding in self.findings],
            "notes": list(self.notes),
        }


def render(
    event: EventLike,
    to: str,
    *,
    payload: bool = False,
    template: str | None = None,
    table: str | None = None,
    routing_key: str | None = None,
    destination_name: str | None = None,
    notification_id: str | None = None,
) -> Rendering:
    """What the destination `to` receives for an event.

    `event` is in any form that `check` takes. `to` is a name in `catalog.destinations`. `payload`: an email with the
    payload of the notification; `template`: a Handlebars template of a webhook or Slack, plain or in base64; `table`:
    which table of severities PagerDuty has, `A` or `B`, and `routing_key` the key of its integration;
    `destination_name`: that of Cloud Object Storage; `notification_id`: what Event Notifications gives the
    notification. Raises `UsageError` where there is no such destination, or it has no use for an option, and
    `UnreadableInputError` where the event can't be read or lacks what the destination shows.
    """
    destination = _destination(to)
    options = _options(
        to,
        payload=payload,
        template=template,
        table=table,
        routing_key=routing_key,
        destination_name=destination_name,
        notification_id=notification_id,
    )
    reading = read_event(event)
    if not isinstance(reading.event, dict):
        reason = next((str(b.values.get("reason", "")) for b in reading.breaches), "") or "It is no JSON object."
        raise UnreadableInputError(f"The event can't be rendered. {reason}", "Give one event: a JSON object.")
    members: dict[str, Any] = reading.event
    id = str(options.notification_id or members.get("notification_id") or "")
    id = id or str(uuid.uuid5(uuid.NAMESPACE_URL, compact(members)))
    parts = CONTENT[to](members, options._replace(notification_id=id))
    return Rendering(
        to,
        parts.members,
        parts.content,
        parts.suffix,
        tuple(_findings(to, members)),
        (*_notes(destination, members, parts), *parts.notes, *destination.left_open),
    )


def _destination(to: str) -> Destination:
    if to not in catalog.destinations:
        raise UsageError(f"There is no destination {to!r}.", f"There are: {', '.join(catalog.destinations)}.")
    return catalog.destinations[to]


# option -> the destinations that have a use for it
_USE = {
    "payload": ("email",),
    "template": ("slack", "webhook"),
    "table": ("pagerduty",),
    "routing_key": ("pagerduty",),
    "destination_name": ("cos",),
    "notification_id": ("webhook", "cos"),
}


def _options(to: str, **options: Any) -> Options:
    for name, value in options.items():
        if value not in (None, False) and to not in _USE[name]:
            raise UsageError(
                f"The destination {to} has no use for {name}.", f"It is for {' and '.join(_USE[name])}; leave it out."
            )
    return Options(**{name: value for name, value in options.items() if value is not None})


def _findings(to: str, event: Mapping[str, Any]) -> Iterator[Finding]:
    if to == "sms":
        length = len(text_of(event, LONG))
        values = {"value": length, "count": math.ceil(length / SEGMENT)}
        segments = finding(Breach("P24-sms-segments", (LONG,), values), "documented", None)
        if segments:
            yield segments


def _notes(destination: Destination, event: Mapping[str, Any], parts: Parts) -> Iterator[str]:
    """What is particular about this event at this destination."""
    source = event.get(SOURCE_ID)
    if not destination.api_sources and isinstance(source, str) and source.endswith(":api"):
        yield (
            f"The source of the event is an API source, whose events can't be routed to the {destination.title};"
            " an event of the service itself would arrive like this."
        )
    for limit in destination.limits:
        text = str(event.get(LONG, "")) if limit.of == "long" else parts.content
        size = len(text) if limit.unit == "characters" else len(text.encode("utf-8", "surrogatepass"))
        if size > limit.most and not (limit.of == "long" and LONG not in parts.texts):
            what = "The long text" if limit.of == "long" else "What is received"
            yield f"{what} has {size} {limit.unit}, more than {limit.most}: {limit.beyond}."
    if looks_secret(parts.content):
        yield "The event holds a secret, and it is shown here as the destination would receive it (P20-no-secret)."
