"""The trials of producers: every event is held against the register, and against its scenario."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.catalog.model import Requirement
from vpc_backup_events.catalog.names import SOURCE_ID
from vpc_backup_events.checking.interpretation import canonical_type
from vpc_backup_events.trials.producer.run import SECRET, ProducerRun, Product
from vpc_backup_events.trials.producer.scenarios import DECOY, FACTS, NEXT_JOB, DecoyScenario, Fact
from vpc_backup_events.trials.trial import Breached, Evidence, Trials

__all__ = ["PRODUCER", "every_pair", "findings_of", "no_secret", "other_facts", "requirements_by", "trial_of"]

PRODUCER: Trials[ProducerRun] = Trials()
# events that break a requirement, each with what it shows
Breaches = Iterator[tuple[Product, Evidence]]
Look = Callable[[ProducerRun], Breaches]
# facts that an interpretation does not have, and the attributes that state them
_ATTRIBUTES = {"time": "time", "source_id": SOURCE_ID}


def trial_of(look: Look) -> Callable[[ProducerRun], None]:
    """The trial that there is no event which breaks a requirement: `look` gives those that do."""

    def run(subject: ProducerRun) -> None:
        breaches = list(look(subject))
        if breaches:
            pairs = dict.fromkeys(pair_of(product.scenario).id for product, _ in breaches)
            among = f"{len(breaches)} of {len(subject.products)} {subject.noun}s break it, of {_reasons(pairs)}."
            raise Breached(*(evidence for _, evidence in breaches), among=among)

    return run


def requirements_by(*checks: str) -> Iterator[Requirement]:
    """The requirements of producers that `check` judges in one of these ways; the one about secrets has its trial."""
    for requirement in catalog.requirements.values():
        is_checked = requirement.status == "checked" and requirement.check in checks
        if is_checked and "producer" in requirement.subject and requirement.id != SECRET:
            yield requirement


def findings_of(requirement: str) -> Look:
    """The events of which `check` finds that they break the requirement."""

    def breaches(subject: ProducerRun) -> Breaches:
        for product in subject.judged():
            for finding in product.findings:
                if finding.requirement == requirement:
                    message = f"{finding.pointer or f'the {subject.noun}'}: {finding.message}"
                    yield product, subject.evidence(product, finding.pointer, message, finding.hint)

    return breaches


def no_secret(subject: ProducerRun) -> Breaches:
    """No secret by its form, and none of the decoys in any form."""
    for product in subject.judged():
        secrets = [finding for finding in product.findings if finding.requirement == SECRET]
        if secrets:
            place = secrets[0].pointer
            message = f"{place}: {secrets[0].message}"
            yield product, subject.evidence(product, place, message, secrets[0].hint)
        elif isinstance(product.scenario, DecoyScenario) and DECOY in subject.text(product.event):
            message = f"the {subject.noun} holds a secret of the scenario"
            yield product, subject.evidence(product, "", message, "")


def id_new(subject: ProducerRun) -> Breaches:
    """Failures of one policy that differ in job and time alone have different ids."""
    jobs: dict[tuple[str, Any], str] = {}
    for product in subject.judged():
        event = product.reading.event
        if product.how != NEXT_JOB or not isinstance(event, dict) or not isinstance(event.get("id"), str):
            continue
        job = jobs.setdefault((product.scenario.backup_policy, event["id"]), product.scenario.backup_policy_job)
        if job != product.scenario.backup_policy_job:
            required = catalog.requirements["P10-id-new"]
            message = required.message.format(value=json.dumps(event["id"]))
            yield product, subject.evidence(product, "/id", message, required.hint)


def every_pair(subject: ProducerRun) -> None:
    """Something is made of every scenario that the subject does not decline."""
    products, failures = subject.products, subject.failures
    subject.cases += len(products) + len(failures)
    if failures:
        pairs = dict.fromkeys(pair_of(scenario).id for scenario in failures)
        among = f"{len(failures)} of {len(products) + len(failures)} scenarios came to nothing, of {_reasons(pairs)}."
        raise Breached(*(subject.failure(*failure) for failure in failures.items()), among=among)
    if not products:
        # declined, or the program broke
        subject.judged()


def _reasons(pairs: Iterable[str]) -> str:
    """The reasons in words; `all 20 reasons` where these are all."""
    ids = list(pairs)
    return f"all {len(ids)} reasons" if len(ids) == len(catalog.pairs) else f"the reasons {', '.join(ids)}"


def other_facts(fact: Fact) -> Look:
    """The events that state another fact than their scenario."""
    required = catalog.requirements[fact.requirement]

    def breaches(subject: ProducerRun) -> Breaches:
        for product in subject.judged():
            if not fact.concerns(product.scenario):
                continue
            value = _value(product, fact.member)
            stated = getattr(product.scenario, fact.member)
            basic = any(f.requirement in required.refines and f.pointer in fact.places for f in product.findings)
            if value is not None and not basic and not _same(fact.member, value, stated):
                message = required.message.format(value=json.dumps(value), expected=stated)
                yield product, subject.evidence(product, fact.places[0], message, required.hint)

    return breaches


def _value(product: Product, member: str) -> str | None:
    """What the event says, or None where it says nothing."""
    event = product.reading.event if isinstance(product.reading.event, dict) else {}
    value = event.get(_ATTRIBUTES[member]) if member in _ATTRIBUTES else product.interpretation.get(member)
    return value if isinstance(value, str) else None


def _same(member: str, value: str, stated: str) -> bool:
    """Whether the event says what the scenario states; forms that the documentation accepts are the same."""
    if member == "time":
        return bool(_instant(value) == _instant(stated))
    if member == "event_type":
        return bool(canonical_type(value) == stated)
    value, stated = value.casefold(), stated.casefold()
    if member in ("backup_policy", "backup_policy_plan", "backup_policy_job"):
        # a bare UUID has lost its prefix, which is a finding of its own
        return value in (stated, stated[5:])
    return value == stated


def _instant(time: str) -> Any:
    """A time as a moment; one that is none stands for itself."""
    try:
        return datetime.fromisoformat(time.upper())
    except ValueError:
        return time


for _requirement in requirements_by("schema", "rule"):
    PRODUCER.judges(_requirement.id)(trial_of(findings_of(_requirement.id)))
for _fact in FACTS:
    PRODUCER.judges(_fact.requirement)(trial_of(other_facts(_fact)))
PRODUCER.judges(SECRET)(trial_of(no_secret))
PRODUCER.judges("P10-id-new")(trial_of(id_new))
PRODUCER.judges("P16-every-pair")(every_pair)
