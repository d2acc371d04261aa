"""How a writer of emails is judged: every email that it makes is held against its scenario and the register."""

from __future__ import annotations

from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.checking.breaches import breaches
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.making.keywords import keywords
from vpc_backup_events.reading import NOTHING, Reading, read
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.trials.producer import FACTS, ProducerRun, fact_trial, found, no_secret
from vpc_backup_events.trials.trial import NotExercised, Trials
from vpc_backup_events.values.breach import Breach

# areas whose requirements speak of an event's envelope, which an email has only with the event's payload
_ENVELOPE = "envelope"
# what can't be said of an email: it is read as one, and its events are not compared
_ELSEWHERE = ("P10-id-unique", "P11-event-json", "P11-event-object", "P25-header-encoding", "P25-media-type")
# facts that an email without the payload does not state
_IN_ENVELOPE = ("time", "source_id", "severity", "event_type")


class EmailRun(ProducerRun):
    """A writer of emails under test; its emails are made once, when the first trial asks for them."""

    noun = "email"
    fixture = "email"

    def _judged(self, event: Any) -> tuple[Reading, list[Breach], dict[str, str]]:
        reading = read(event)
        if reading.body is None:
            problem = "give a message of RFC 5322 as text, bytes or an EmailMessage, or a pair of title and text"
            return Reading(), [Breach("P21-readable", (), {"problem": problem})], {}
        return reading.body.event or Reading(), breaches(reading), interpretation(reading)

    def text(self, event: Any) -> str:
        """The email as a person reads it."""
        email = read(event).email
        return super().text(event) if email is None else f"{email.title}\n\n{email.text}"

    @property
    def has_payload(self) -> bool:
        """At least one of the emails has the event in it, or there is none."""
        return not self.made or any(made.reading.event is not NOTHING for made in self.made)


EMAIL: Trials[ProducerRun] = Trials()


def _of_payload(requirement: str) -> None:
    """The trial of a requirement that speaks of the event in an email."""
    inner: Trials[ProducerRun] = Trials()
    found(inner, requirement)

    @EMAIL.judges(requirement)
    def run(subject: ProducerRun) -> None:
        if isinstance(subject, EmailRun) and not subject.has_payload:
            raise NotExercised("no email has the event in it")
        inner[requirement].run(subject)


def _register() -> None:
    details = (f"{PREFIX}details:", f"{PREFIX}reason:")
    in_details = {keyword.requirement for keyword in keywords() if keyword.place.startswith(details)}
    for requirement in catalog.requirements.values():
        if requirement.status != "checked" or requirement.check not in ("schema", "rule", "email"):
            continue
        if "producer" not in requirement.subject or requirement.id in ("P20-no-secret", *_ELSEWHERE):
            continue
        if requirement.area == _ENVELOPE and requirement.id not in in_details:
            _of_payload(requirement.id)
        else:
            found(EMAIL, requirement.id)
    EMAIL.judges("P20-no-secret")(no_secret)
    for requirement_id, member, fact, places in FACTS:
        # in an email the pointers are those of its body
        within = tuple(place.replace("/ibmendefaultlong", "/body", 1) for place in places)
        if member not in _IN_ENVELOPE:
            fact_trial(EMAIL, requirement_id, member, fact, within)


_register()
