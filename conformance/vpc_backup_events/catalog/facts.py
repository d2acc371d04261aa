"""Facts of the documentation that are no list of entries, as frozen values: regions, examples, secrets."""

from __future__ import annotations

from dataclasses import dataclass

from vpc_backup_events.catalog.model import Citation

__all__ = ["Calls", "Examples", "IdPrefix", "Region", "SecretPattern", "Secrets"]


@dataclass(frozen=True, slots=True)
class IdPrefix:
    """What ids of a region begin with.

    Attributes:
        kind: Regional or zonal.
        verified: The documentation of the region shows it.
    """

    prefix: str
    kind: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A region of IBM Cloud.

    Attributes:
        event_notifications: Event Notifications has an endpoint there.
        backup_routing: The region whose Event Notifications receives the events; None where nothing names one.
        since: Month since which it has an endpoint, empty where no page says it.
    """

    name: str
    event_notifications: bool
    backup_routing: str | None
    id_prefixes: tuple[IdPrefix, ...]
    since: str = ""


@dataclass(frozen=True, slots=True)
class Calls:
    """By which a failed job is confirmed: on a command line, and at the VPC API."""

    command: str
    call: str


@dataclass(frozen=True, slots=True)
class Examples:
    """What the examples of the documentation show.

    Attributes:
        event_id: The id of the payload example, a stock id.
        short_text: `ibmendefaultshort` of the payload example.
        general_topics: Topics that the two examples link whatever the reason.
        details_members: Members of the details in the payload and the email example.
        success_words: Words, in lower case, by which a status speaks of a job that did not fail.
        failure_words: How words begin, in lower case, by which it speaks of a failure all the same.
        common_words: Words, in lower case, of the names of reasons that tell none from the others.
    """

    event_id: str
    short_text: str
    general_topics: tuple[str, ...]
    details_members: tuple[str, ...]
    success_words: tuple[str, ...]
    failure_words: tuple[str, ...]
    common_words: tuple[str, ...]
    confirmation: Calls
    source: Citation


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """How one kind of secret looks.

    Attributes:
        label: What a finding calls it.
        contains: What every such value contains, in lower case.
    """

    name: str
    label: str
    description: str
    contains: str
    regex: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """What secrets are called, in lower case without separators, and how they look."""

    names: tuple[str, ...]
    patterns: tuple[SecretPattern, ...]
