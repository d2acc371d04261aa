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
    """One email as a person sees it."""

    # the subject, decoded and unfolded
    title: str
    # of the text part, or of the HTML where that alone says something; line ends are LF
    text: str
    # why a part of it can't be read
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Sentence:
    """One labelled sentence of the prose in an email."""

    # empty where it is not there
    value: str = ""
    # it ends with a full stop
    ends: bool = False


@dataclass(slots=True)
class EmailBody:
    """What the body of an email holds."""

    form: EmailForm
    # before `Notification details:`, or all of it
    head: str
    # the JSON that the form has, or NOTHING
    details: Any = NOTHING
    # why there is none
    problem: str = ""
    # something that begins like JSON follows `Notification details:`
    has_json: bool = False
    # the event after `Notification details:`
    event: Reading | None = None
    # what stands before the first label, with white space as it may be
    opening: str = ""
    resource: Sentence = field(default_factory=Sentence)
    job: Sentence = field(default_factory=Sentence)
    reason: Sentence = field(default_factory=Sentence)
    # what had to be repaired in the JSON
    breaches: list[Breach] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """What was read of one event or email, safe for every engine, and what went wrong on the way."""

    # the JSON value of the event, or NOTHING where there is none
    event: Any = NOTHING
    # UTF-8 JSON: as received, or the compact form
    data: bytes = b""
    # the JSON value in the long text or in the body of an email, or NOTHING
    details: Any = NOTHING
    # the details stand in the prose of an email
    prose: bool = False
    # members that a later one of the same name hides: path and value
    shadowed: list[tuple[Path, Any]] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    # where it was an email, and what its body holds
    email: Email | None = None
    body: EmailBody | None = None
    # there was no event at all, such as in an empty file
    is_missing: bool = False

    @property
    def size(self) -> int:
        """Bytes of the event."""
        return len(self.data)


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
