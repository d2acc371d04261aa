"""The entries of the catalog as frozen values; `schemas/catalog/catalog.schema.json` describes their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "ApiCode",
    "Citation",
    "Document",
    "Entry",
    "EventType",
    "JobCode",
    "LedgerEntry",
    "Pair",
    "Position",
    "Reason",
    "Requirement",
    "Role",
    "Spelling",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A page or standard that requirements rest on.

    Attributes:
        kind: Documented (IBM), external (a standard), project.
    """

    id: str
    title: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document.

    Attributes:
        anchor: Section anchor, empty for the whole document.
    """

    document: Document
    anchor: str
    note: str

    @property
    def url(self) -> str:
        """Link to the place."""
        return f"{self.document.url}#{self.anchor}" if self.anchor else self.document.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One numbered, sourced sentence that a subject must, should or may satisfy.

    Attributes:
        position: The position of the project that decides it.
        level: Must, should or may.
        subject: Whom it binds: producer, consumer, client, service.
        kind: Documented, external, derived or inferred.
        premise: Of what is derived: the sentence of a document that it follows from.
        basis: Why it follows from the premise, or from what it is inferred.
        profiles: Level of a finding by profile: error, warning, note, or none where it is not judged.
        status: Checked, or planned where nothing judges it yet.
        check: What judges it: schema, rule, suite, lint, filter, template.
        message: Templates of a finding's text.
        refines: Ids whose finding at the same place makes a finding of this one pointless.
        history: How its meaning was another before, and which id has the rest.
    """

    id: str
    position: str
    area: str
    title: str
    sentence: str
    level: str
    subject: tuple[str, ...]
    kind: str
    premise: str = ""
    basis: str = ""
    source: Citation
    ledger: tuple[str, ...]
    profiles: dict[str, str]
    status: str
    check: str
    message: str
    hint: str
    refines: frozenset[str]
    history: str = ""

    @property
    def doc(self) -> str:
        """Link to the documentation that the requirement rests on."""
        return self.source.url


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the four kinds of failure, named by the attribute `type`.

    Attributes:
        group: The documentation's name of the group.
        title: Title of the email.
        job_type: Creation or deletion.
        aliases: Other spellings of `type` that pass with a warning.
    """

    type: str
    name: str
    group: str
    title: str
    resource_type: str
    job_type: str
    kind: str
    description: str
    aliases: tuple[str, ...]
    topics: tuple[str, ...]
    source: Citation
    position: str
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One documented way to write a reason code.

    Attributes:
        where: Where it stands, for a person.
    """

    spelling: str
    where: str
    source: Citation
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiCode:
    """The code of the VPC API for a reason, and how sure the mapping is.

    Attributes:
        confidence: Documented, strong, guess or none.
    """

    code: str | None
    confidence: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A reason code within one event type: one of the 20 cells of the documentation's table.

    Attributes:
        reason: The token of the documentation's event table.
        event_type: The full `type`.
        cause: What happened.
        action: What to do about it.
        prevention: What keeps it from happening again.
        texts: Prose that names the reason.
        note: What the documentation leaves open about it.
    """

    id: str
    reason: str
    event_type: str
    cause: str
    action: str
    prevention: str
    topics: tuple[str, ...]
    api_code: ApiCode
    spellings: tuple[Spelling, ...]
    texts: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the 16 reason codes of the documentation's table."""

    name: str
    meaning: str
    resource_types: tuple[str, ...]
    pairs: tuple[Pair, ...]
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCode:
    """A status reason code of the VPC API's backup jobs.

    Attributes:
        action: What to do about it.
        prevention: What keeps it from happening again.
        tokens: Resource type -> id of the pair it is mapped to, or None.
    """

    code: str
    text: str
    explanation: str
    action: str
    prevention: str
    job_types: tuple[str, ...]
    resource_types: tuple[str, ...]
    status: str
    renamed_to: str = ""
    tokens: dict[str, str | None]
    without_token: bool
    share_only: bool
    source: Citation


@dataclass(frozen=True, slots=True)
class Role:
    """What a subject of a suite can be.

    Attributes:
        suite: Class of `vpc_backup_events.suites` that judges it.
        binds: The subject of the requirements that the suite judges.
        black_box: The command line has a test of it.
    """

    name: str
    suite: str
    description: str
    binds: str
    black_box: bool


@dataclass(frozen=True, slots=True)
class Position:
    """The project's decision on a question that the documentation leaves open or answers twice."""

    id: str
    title: str
    area: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
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
    positions: tuple[str, ...] = ()


# parsed JSON of the catalog
Entry = dict[str, Any]
