"""An email taken apart: which of the documented forms its body has, and the facts in its prose."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.reading import NOTHING, Reading, read
from vpc_backup_events.reading.emails import Email
from vpc_backup_events.reading.json_values import surrogates
from vpc_backup_events.reading.tolerant import read_details, read_event
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.json_text import NotJsonError, duplicates

# prose: the sample of the documentation; mapped: the long text of an event; payload: either, and the event after it
Form = Literal["prose", "mapped", "payload"]

BODY = "body"
TITLE = "title"

_MARK = re.compile(r"Notification\s+details\s*:")
_RESOURCE = re.compile(r"\bResource:\s*(\S+?)(\.?)(?=\s|\Z)")
_JOB = re.compile(r"\bBackupJobID:\s*(\S+?)(\.?)(?=\s|\Z)")
_REASON = re.compile(r"\bReason:\s*(.*?)(\.?)\s*\Z", re.DOTALL)
_FIRST = re.compile(r"\b(?:Resource|BackupJobID|Reason):")
# findings of the reader that an email, which is made of lines, does not have
_LINES = ("P11-line-break", "P03-control-character", "P11-prose")
_DECODER = json.JSONDecoder()


@dataclass(slots=True)
class Part:
    """One labelled sentence of the prose."""

    # empty where it is not there
    value: str = ""
    # it ends with a full stop
    ends: bool = False


@dataclass(slots=True)
class Letter:
    """What the body of an email holds."""

    form: Form
    # before `Notification details:`, or all of it
    head: str
    # the JSON that the form has, or NOTHING
    details: Any = NOTHING
    # why there is none
    problem: str = ""
    # the event after `Notification details:`
    event: Reading | None = None
    # what stands before the first label, with white space as it may be
    opening: str = ""
    resource: Part = field(default_factory=Part)
    job: Part = field(default_factory=Part)
    reason: Part = field(default_factory=Part)
    # what had to be repaired in the JSON
    breaches: list[Breach] = field(default_factory=list)

    @property
    def has_prose(self) -> bool:
        """At least one label of the prose is there."""
        return _FIRST.search(self.head) is not None


def read_letter(email: Email) -> Letter:
    """The body of an email by its parts. Raises nothing."""
    text = email.text.strip()
    # prose that is the long text of an event has a label of its own
    marks = list(islice(_MARK.finditer(text), 3))
    with_event = ((mark, event) for mark in marks if (event := _event(text[mark.end() :].strip())))
    mark, event = next(with_event, (None, None))
    if mark and event:
        letter = Letter("payload", text[: mark.start()].strip(), event.details, event=event)
    elif marks:
        letter = Letter("prose", text[: marks[0].start()].strip())
        _read_tail(letter, text[marks[0].end() :].strip())
    elif text.startswith("{"):
        letter = Letter("mapped", text)
        _read_json(letter, text)
    else:
        letter = Letter("prose", text.partition("{")[0].strip(), problem="there is no `Notification details:`")
    if letter.form == "prose":
        _read_prose(letter)
    return letter


def _event(text: str) -> Reading | None:
    """The event with which the text begins, or None where it begins with anything else."""
    text = _object(text)
    try:
        value, _ = read_event(text)
    except NotJsonError:
        return None
    return read(text) if isinstance(value, dict) and ("specversion" in value or LONG in value) else None


def _read_tail(letter: Letter, text: str) -> None:
    """The JSON after the label; what is below it, such as a signature, nobody judges."""
    if text.startswith("{"):
        _read_json(letter, _object(text))
    else:
        letter.problem = "no JSON object follows `Notification details:`"


def _object(text: str) -> str:
    """The JSON object with which the text begins, or all of the text where that is none."""
    try:
        return text[: _DECODER.raw_decode(text)[1]]
    except (ValueError, RecursionError):
        return text


def _read_json(letter: Letter, text: str) -> None:
    try:
        value, _, repairs = read_details(text)
    except NotJsonError as error:
        letter.problem = str(error)
        return
    letter.breaches += [b._replace(path=inside(b.path)) for b in repairs if b.requirement not in _LINES]
    letter.breaches += (
        Breach("P11-details-duplicate-member", (BODY, INSIDE, *path), {"name": name, "count": count})
        for path, name, count in duplicates(value)
    )
    letter.details = surrogates(value, (BODY, INSIDE), letter.breaches)


def inside(path: Path) -> Path:
    """The path in an event's long text as the one in an email's body."""
    return (BODY, *path[1:]) if path[:1] == (LONG,) else path


def _read_prose(letter: Letter) -> None:
    head = letter.head
    first = _FIRST.search(head)
    letter.opening = " ".join(head[: first.start() if first else len(head)].split())
    end = 0
    for name, pattern in (("resource", _RESOURCE), ("job", _JOB), ("reason", _REASON)):
        found = pattern.search(head, end)
        value = " ".join(found[1].split()).strip(".") if found else ""
        if found and value:
            setattr(letter, name, Part(value, bool(found[2])))
            end = found.end()
