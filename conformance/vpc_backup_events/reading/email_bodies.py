"""An email taken apart: which of the documented forms its body has, and the facts in its prose."""

from __future__ import annotations

import json
import re
from itertools import islice

from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.reading.events import read_event
from vpc_backup_events.reading.json_values import surrogates
from vpc_backup_events.reading.model import LABEL, Email, EmailBody, Reading, Sentence
from vpc_backup_events.reading.tolerant import details_value, event_value
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.json_text import NotJsonError, duplicates

__all__ = ["BODY", "TITLE", "inside", "read_body"]

BODY = "body"
TITLE = "title"

_MARK = re.compile(r"Notification\s+details\s*:")
_RESOURCE = re.compile(r"\bResource:\s*(\S+?)(\.?)(?=\s|\Z)")
_JOB = re.compile(r"\bBackupJobID:\s*(\S+?)(\.?)(?=\s|\Z)")
_REASON = re.compile(r"\bReason:\s*(.*?)(\.?)\s*\Z", re.DOTALL)
# findings of the reader that an email, which is made of lines, does not have
_LINES = ("P11-line-break", "P03-control-character", "P11-prose")
_DECODER = json.JSONDecoder()


def read_body(email: Email) -> EmailBody:
    """The body of an email by its parts. Raises nothing."""
    text = email.text.strip()
    # prose that is the long text of an event has a label of its own
    marks = list(islice(_MARK.finditer(text), 3))
    with_event = ((mark, event) for mark in marks if (event := _event(text[mark.end() :].strip())))
    mark, event = next(with_event, (None, None))
    if mark and event:
        body = EmailBody("payload", text[: mark.start()].strip(), event.details, event=event)
    elif marks:
        body = EmailBody("prose", text[: marks[0].start()].strip())
        _read_tail(body, text[marks[0].end() :].strip())
    elif text.startswith("{"):
        body = EmailBody("mapped", text)
        _read_json(body, text)
    else:
        body = EmailBody("prose", text.partition("{")[0].strip(), problem="there is no `Notification details:`.")
    if body.form == "prose":
        _read_prose(body)
    return body


def _event(text: str) -> Reading | None:
    """The event with which the text begins, or None where it begins with anything else."""
    text = _object(text)
    try:
        value, _ = event_value(text)
    except NotJsonError:
        return None
    return read_event(text) if isinstance(value, dict) and ("specversion" in value or LONG in value) else None


def _read_tail(body: EmailBody, text: str) -> None:
    """The JSON after the label; what is below it, such as a signature, nobody judges."""
    body.has_json = text.startswith(("{", "["))
    if text.startswith("{"):
        _read_json(body, _object(text))
    else:
        body.problem = "a list stands there." if body.has_json else "no JSON object follows `Notification details:`."


def _object(text: str) -> str:
    """The JSON object with which the text begins, or all of the text where that is none."""
    try:
        return text[: _DECODER.raw_decode(text)[1]]
    except (ValueError, RecursionError):
        return text


def _read_json(body: EmailBody, text: str) -> None:
    try:
        value, _, repairs = details_value(text)
    except NotJsonError as error:
        body.problem = str(error)
        return
    body.breaches += [b._replace(path=inside(b.path)) for b in repairs if b.requirement not in _LINES]
    body.breaches += (
        Breach("P11-details-duplicate-member", (BODY, INSIDE, *path), {"name": name, "count": count})
        for path, name, count in duplicates(value)
    )
    body.details = surrogates(value, (BODY, INSIDE), body.breaches)


def inside(path: Path) -> Path:
    """The path in an event's long text as the one in an email's body."""
    return (BODY, *path[1:]) if path[:1] == (LONG,) else path


def _read_prose(body: EmailBody) -> None:
    head = body.head
    first = LABEL.search(head)
    body.opening = " ".join(head[: first.start() if first else len(head)].split())
    end = 0
    for name, pattern in (("resource", _RESOURCE), ("job", _JOB), ("reason", _REASON)):
        match = pattern.search(head, end)
        value = " ".join(match[1].split()).strip(".") if match else ""
        if match and value:
            setattr(body, name, Sentence(value, bool(match[2])))
            end = match.end()
