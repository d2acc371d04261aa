"""What reading gives: one type for an event, an email, and what is wrong with either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message as MimeMessage
from typing import Any, Literal, Protocol, TypeAlias

from vpc_backup_events.reading.messages import Message
from vpc_backup_events.values.breach import Breach, Path

__all__ = ["NOTHING", "Email", "EmailBody", "EmailForm", "EventLike", "HasHeaders", "Reading", "Sentence"]

# stands in place of a JSON value that is not there
NOTHING: Any = object()

# prose: the sample of the documentation; mapped: the long text of an event; payload: either, and the event after it
EmailForm = Literal["prose", "mapped", "payload"]

# a label of the prose in an email
LABEL = re.compile(r"\b(?:Resource|BackupJobID|Reason):")


@dataclass(frozen=True, slots=True)
class Email:
    """One email as a person sees it.

    Attributes:
        title: The subject, decoded and unfolded.
        text: Of the text part, or of the HTML where that alone says something; line ends are LF.
        problems: Why a part of it can't be read.
    """

    title: str
    text: str
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Sentence:
    """One labelled sentence of the prose in an email.

    Attributes:
        value: Empty where it is not there.
        ends: It ends with a full stop.
    """

    value: str = ""
    ends: bool = False


@dataclass(slots=True)
class EmailBody:
    """What the body of an email holds.

    Attributes:
        head: Before `Notification details:`, or all of it.
        details: The JSON that the form has, or NOTHING.
        problem: Why there is none.
        has_json: Something that begins like JSON follows `Notification details:`.
        event: The event after `Notification details:`.
        opening: What stands before the first label, with white space as it may be.
        breaches: What had to be repaired in the JSON.
    """

    form: EmailForm
    head: str
    details: Any = NOTHING
    problem: str = ""
    has_json: bool = False
    event: Reading | None = None
    opening: str = ""
    resource: Sentence = field(default_factory=Sentence)
    job: Sentence = field(default_factory=Sentence)
    reason: Sentence = field(default_factory=Sentence)
    breaches: list[Breach] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What was read of one event or email, safe for every engine, and what went wrong on the way.

    Attributes:
        event: The JSON value of the event, or NOTHING where there is none.
        text: The JSON as received, or the compact form; U+FFFD stands for raw surrogates. Empty where the event is too
            large to be delivered.
        size: Bytes of that in UTF-8.
        details: The JSON value in the long text or in the body of an email, or NOTHING.
        prose: The details stand in the prose of an email.
        shadowed: Members that a later one of the same name hides: path and value.
        email: Where it was an email, and what its body holds.
        is_missing: There was no event at all, such as in an empty file.
    """

    event: Any = NOTHING
    text: str = ""
    size: int = 0
    details: Any = NOTHING
    prose: bool = False
    shadowed: list[tuple[Path, Any]] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    email: Email | None = None
    body: EmailBody | None = None
    is_missing: bool = False


class HasHeaders(Protocol):
    """A request of another library: it has a `body` or a `content` as well."""

    @property
    def headers(self) -> Any:
        """A mapping, or pairs of names and values."""


# what `check` takes
EventLike: TypeAlias = (
    Mapping[str, Any]
    | str
    | bytes
    | bytearray
    | memoryview
    | tuple[Any, Any]
    | Message
    | MimeMessage
    | HasHeaders
    | Email
)
