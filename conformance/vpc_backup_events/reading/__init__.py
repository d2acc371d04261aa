"""Reading: whatever holds an event or an email to one type, never with an uncaught exception."""

from __future__ import annotations

from dataclasses import replace

from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.reading.email_bodies import read_body
from vpc_backup_events.reading.emails import email_of
from vpc_backup_events.reading.events import read_event
from vpc_backup_events.reading.messages import Message
from vpc_backup_events.reading.model import NOTHING, Email, EventLike, Reading
from vpc_backup_events.values.breach import Breach

__all__ = ["LONG", "NOTHING", "Email", "EventLike", "Message", "Reading", "read", "read_event"]


def read(item: EventLike | Breach) -> Reading:
    """Anything that `check` takes as an event or an email, and what is wrong with it.

    A breach stands for an event that is not there, as `split` gives it.
    """
    if isinstance(item, Breach):
        return Reading(breaches=[item], is_missing=True)
    email = email_of(item)
    return read_event(item) if email is None else _of_email(email)


def _of_email(email: Email) -> Reading:
    body = read_body(email)
    if body.event is not None:
        return replace(body.event, email=email, body=body)
    return Reading(details=body.details, prose=body.form == "prose", email=email, body=body)
