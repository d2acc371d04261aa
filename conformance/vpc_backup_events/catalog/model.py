"""The entries of the catalog as frozen values; `schemas/catalog/catalog.schema.json` describes their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Document:
    """A page or standard that requirements rest on."""

    id: str
    title: str
    url: str
    # documented (IBM), external (a standard), project
    kind: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document."""

    document: Document
    # section anchor, empty for the whole document
    anchor: str
    note: str

    @property
    def url(self) -> str:
        """Link to the place."""
        return f"{self.document.url}#{self.anchor}" if self.anchor else self.document.url


@dataclass(frozen=True, slots=True)
class Requirement:
    """One numbered, sourced sentence that a subject must, should or may satisfy."""

    id: str
    # the position of the project that decides it
    position: str
    area: str
    title: str
    sentence: str
    # must, should or may
    level: str
    # whom it binds: producer, consumer, client, service
    subject: tuple[str, ...]
    # documented, external, derived or inferred
    kind: str
    # of what is derived: the sentence of a document that it follows from
    premise: str
    # why it follows from the premise, or from what it is inferred
    basis: str
    source: Citation
    ledger: tuple[str, ...]
    # level of a finding by profile: error, warning, note, or none where it is not judged
    profiles: dict[str, str]
    # checked, or planned where nothing judges it yet
    status: str
    # what judges it: schema, rule, suite, lint, filter, template
    check: str
    # templates of a finding's text
    message: str
    hint: str
    # ids whose finding at the same place makes a finding of this one pointless
    refines: frozenset[str]
    # how its meaning was another before, and which id has the rest
    history: str

    @property
    def doc(self) -> str:
        """Link to the documentation that the requirement rests on."""
        return self.source.url


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the four kinds of failure, named by the attribute `type`."""

    type: str
    name: str
    # the documentation's name of the group
    group: str
    # title of the email
    title: str
    resource_type: str
    # creation or deletion
    job_type: str
    kind: str
    description: str
    # other spellings of `type` that pass with a warning
    aliases: tuple[str, ...]
    topics: tuple[str, ...]
    source: Citation
    position: str
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One documented way to write a reason code."""

    spelling: str
    # where it stands, for a person
    where: str
    source: Citation
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiCode:
    """The code of the VPC API for a reason, and how sure the mapping is."""

    code: str | None
    # documented, strong, guess or none
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A reason code within one event type: one of the 20 cells of the documentation's table."""

    id: str
    # the token of the documentation's event table
    reason: str
    # the full `type`
    event_type: str
    # what happened
    cause: str
    # what to do about it
    action: str
    # what keeps it from happening again
    prevention: str
    topics: tuple[str, ...]
    api_code: ApiCode
    spellings: tuple[Spelling, ...]
    # prose that names the reason
    texts: tuple[str, ...]
    # what the documentation leaves open about it
    note: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the 16 reason codes of the documentation's table."""

    name: str
    meaning: str
    resource_types: tuple[str, ...]
    pairs: tuple[Pair, ...]
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobCode:
    """A status reason code of the VPC API's backup jobs."""

    code: str
    text: str
    explanation: str
    # what to do about it
    action: str
    # what keeps it from happening again
    prevention: str
    job_types: tuple[str, ...]
    resource_types: tuple[str, ...]
    status: str
    renamed_to: str
    # resource type -> id of the pair it is mapped to, or None
    tokens: dict[str, str | None]
    without_token: bool
    share_only: bool
    source: Citation


@dataclass(frozen=True, slots=True)
class Role:
    """What a subject of a suite can be."""

    name: str
    # class of `vpc_backup_events.suites` that judges it
    suite: str
    description: str
    # the subject of the requirements that the suite judges
    binds: str
    # the command line has a test of it
    black_box: bool


@dataclass(frozen=True, slots=True)
class Severity:
    """A value of `ibmenseverity` and what destinations make of it."""

    name: str
    canonical: bool
    # stands for every value that is not listed
    fallback: bool
    shown_by: tuple[str, ...]
    pagerduty: dict[str, str | None]
    servicenow: dict[str, int]
    source: Citation
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """The project's decision on a question that the documentation leaves open or answers twice."""

    id: str
    title: str
    area: str
    text: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One contradiction, with the evidence."""

    id: str
    title: str
    area: str
    seed: str
    elsewhere: str
    producer: str
    consumer: str
    strict: str
    tolerant: str
    levels: dict[str, str]
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How Event Notifications retries a delivery, in one version of its documentation; times in seconds."""

    name: str
    current: bool
    # after the first attempt; None where only time limits them
    retries: int | None
    first_wait: float
    factor: float
    longest_wait: float
    # `Retry-After` takes the place of a wait
    retry_after: bool
    # of one attempt
    timeout: float
    # from the first attempt on, or None
    budget: float | None
    description: str
    source: Citation
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a destination takes at most."""

    # long: the long text; content: all that it receives
    of: str
    # characters or bytes
    unit: str
    most: int
    # what is said of more
    beyond: str


@dataclass(frozen=True, slots=True)
class Destination:
    """What one kind of destination receives by the documented mapping."""

    name: str
    title: str
    receives: str
    # events of API sources can be routed to it
    api_sources: bool
    limits: tuple[Limit, ...]
    # what the documentation does not say, and what the kit does about it
    left_open: tuple[str, ...]
    source: Citation
    ledger: tuple[str, ...]


# parsed JSON of the catalog
Entry = dict[str, Any]
