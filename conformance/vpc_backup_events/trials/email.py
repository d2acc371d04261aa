"""How a writer of emails is judged, a producer of messages for people: its emails, and the event in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.breaches import breaches
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.making.keywords import keywords
from vpc_backup_events.reading import NOTHING, Reading, read
from vpc_backup_events.reading.email_bodies import BODY
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.trials.producer import FACTS, ProducerRun
from vpc_backup_events.trials.producer.run import SECRET
from vpc_backup_events.trials.producer.trials import (
    every_pair,
    findings_of,
    no_secret,
    other_facts,
    requirements_by,
    trial_of,
)
from vpc_backup_events.trials.trial import NotExercised, Trials
from vpc_backup_events.values.breach import Breach

__all__ = ["EMAIL", "EmailRun"]

_FORMS = "give a message of RFC 5322 as text, bytes or an EmailMessage, or a pair of title and text"


class EmailRun(ProducerRun):
    """A writer of emails under test; its emails are made once, when the first trial asks for them."""

    noun = "email"
    fixture = "email"
    compares = False

    def _judged(self, event: Any) -> tuple[Reading, list[Breach], dict[str, str]]:
        reading = read(event)
        if reading.body is None:
            return Reading(), [Breach("P21-readable", (), {"problem": _FORMS})], {}
        return reading.body.event or Reading(), breaches(reading, self.profile), interpretation(reading)

    def text(self, event: Any) -> str:
        """The email as a person reads it."""
        email = read(event).email
        return super().text(event) if email is None else f"{email.title}\n\n{email.text}"

    @property
    def has_payload(self) -> bool:
        """At least one of the emails has the event in it, or there is none."""
        return not self.products or any(product.reading.event is not NOTHING for product in self.products)


# areas whose requirements speak of an event's envelope, which an email has only with the event's payload
_ENVELOPE = "envelope"
# what can't be said of an email: it is read as one, and its events are not compared
_ELSEWHERE = ("P10-id-unique", "P11-event-json", "P11-event-object", "P25-header-encoding", "P25-media-type")
# facts that an email without the payload does not state
_IN_ENVELOPE = ("time", "source_id", "severity", "event_type")

EMAIL: Trials[ProducerRun] = Trials()


def _of_payload(judge: Callable[[ProducerRun], None]) -> Callable[[ProducerRun], None]:
    """The trial of a requirement that speaks of the event in an email."""

    def run(subject: ProducerRun) -> None:
        if isinstance(subject, EmailRun) and not subject.has_payload:
            raise NotExercised("no email has the event in it")
        judge(subject)

    return run


def _register() -> None:
    details = (f"{PREFIX}details:", f"{PREFIX}reason:")
    in_details = {keyword.requirement for keyword in keywords() if keyword.place.startswith(details)}
    for requirement in requirements_by("schema", "rule", "email"):
        if requirement.id not in _ELSEWHERE:
            judge = trial_of(findings_of(requirement.id))
            of_payload = requirement.area == _ENVELOPE and requirement.id not in in_details
            EMAIL.judges(requirement.id)(_of_payload(judge) if of_payload else judge)
    for fact in FACTS:
        # in an email the pointers are those of its body
        within = tuple(place.replace(f"/{LONG}", f"/{BODY}", 1) for place in fact.places)
        if fact.member not in _IN_ENVELOPE:
            EMAIL.judges(fact.requirement)(trial_of(other_facts(replace(fact, places=within))))
    EMAIL.judges(SECRET)(trial_of(no_secret))
    EMAIL.judges("P16-every-pair")(every_pair)


_register()
