"""Every breach in what was read, an event or an email, in no particular order."""

from __future__ import annotations

from vpc_backup_events.checking.email import email_breaches
from vpc_backup_events.checking.event import event_breaches
from vpc_backup_events.reading import Reading
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.levels import Profile

__all__ = ["breaches"]


def breaches(reading: Reading, profile: Profile) -> list[Breach]:
    """What is wrong with the event or email by the profile; of one that is not there, that it is not."""
    if reading.email is not None and reading.body is not None:
        return email_breaches(reading.email, reading.body, profile)
    return event_breaches(reading, profile)
