"""A writer of emails under test: a producer whose events are messages for people."""

from __future__ import annotations

from typing import Any

from vpc_backup_events.checking.breaches import breaches
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.reading import NOTHING, Reading, read
from vpc_backup_events.trials.producer import ProducerRun
from vpc_backup_events.values.breach import Breach

__all__ = ["EmailRun"]

_FORMS = "give a message of RFC 5322 as text, bytes or an EmailMessage, or a pair of title and text"


class EmailRun(ProducerRun):
    """A writer of emails under test; its emails are made once, when the first trial asks for them."""

    noun = "email"
    fixture = "email"

    def _judged(self, event: Any) -> tuple[Reading, list[Breach], dict[str, str]]:
        reading = read(event)
        if reading.body is None:
            return Reading(), [Breach("P21-readable", (), {"problem": _FORMS})], {}
        return reading.body.event or Reading(), breaches(reading, self.profile), interpretation(reading)

    def _repeats(self, reading: Reading) -> list[Breach]:
        # the events in emails are not compared
        return []

    def text(self, event: Any) -> str:
        """The email as a person reads it."""
        email = read(event).email
        return super().text(event) if email is None else f"{email.title}\n\n{email.text}"

    @property
    def has_payload(self) -> bool:
        """At least one of the emails has the event in it, or there is none."""
        return not self.products or any(product.reading.event is not NOTHING for product in self.products)
