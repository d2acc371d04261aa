"""What a rendering is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from vpc_backup_events.values.report import Finding


class Options(NamedTuple):
    """What a subscription or a destination is configured with."""

    #: email: the subscription adds the payload of the notification
    payload: bool = False
    #: webhook, Slack: a Handlebars template, plain or in base64
    template: str | None = None
    #: PagerDuty: which of the two tables of severities, `A` or `B`
    table: str = "B"
    #: PagerDuty: the integration's key
    routing_key: str | None = None
    #: Cloud Object Storage
    destination_name: str = "backup-events"
    #: what Event Notifications gives the notification; made of the event where it is not given
    notification_id: str = ""


class Parts(NamedTuple):
    """What a destination receives, before anything is said about it."""

    #: by its name: texts and JSON values
    members: Mapping[str, Any]
    #: all of it as one text
    content: str
    #: of a file that holds the text, without the dot
    suffix: str
    #: members of the event that are shown as such
    texts: tuple[str, ...] = ()
    #: what the documentation does not say about this event
    notes: tuple[str, ...] = ()


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
