"""The trials of writers of emails: those of messages for people, and those of the event in them."""

from __future__ import annotations

from dataclasses import replace

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.making.keywords import keywords
from vpc_backup_events.reading.email_bodies import BODY
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.trials.email.run import EmailRun
from vpc_backup_events.trials.producer import FACTS, ProducerRun
from vpc_backup_events.trials.producer.trials import every_pair, fact_trial, finding_trial, no_secret, trial_of
from vpc_backup_events.trials.trial import NotExercised, Trials

__all__ = ["EMAIL"]

# areas whose requirements speak of an event's envelope, which an email has only with the event's payload
_ENVELOPE = "envelope"
# what can't be said of an email: it is read as one, and its events are not compared
_ELSEWHERE = ("P10-id-unique", "P11-event-json", "P11-event-object", "P25-header-encoding", "P25-media-type")
# facts that an email without the payload does not state
_IN_ENVELOPE = ("time", "source_id", "severity", "event_type")
_SECRET = "P20-no-secret"

EMAIL: Trials[ProducerRun] = Trials()


def _of_payload(requirement: str) -> None:
    """The trial of a requirement that speaks of the event in an email."""
    inner: Trials[ProducerRun] = Trials()
    finding_trial(inner, requirement)

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
        if "producer" not in requirement.subject or requirement.id in (_SECRET, *_ELSEWHERE):
            continue
        if requirement.area == _ENVELOPE and requirement.id not in in_details:
            _of_payload(requirement.id)
        else:
            finding_trial(EMAIL, requirement.id)
    trial_of(EMAIL, _SECRET)(no_secret)
    EMAIL.judges("P16-every-pair")(every_pair)
    for fact in FACTS:
        # in an email the pointers are those of its body
        within = tuple(place.replace(f"/{LONG}", f"/{BODY}", 1) for place in fact.places)
        if fact.member not in _IN_ENVELOPE:
            fact_trial(EMAIL, replace(fact, places=within))


_register()
