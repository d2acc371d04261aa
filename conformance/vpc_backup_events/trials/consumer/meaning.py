"""What a consumer makes of events: each member of its interpretations is compared with the scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.making.draft import draft
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import CONSUMER
from vpc_backup_events.trials.consumer.variants import spellings
from vpc_backup_events.trials.producer import FACTS
from vpc_backup_events.trials.trial import Breached, NotExercised, Skipped
from vpc_backup_events.values.scenario import Scenario

__all__ = ["MEMBERS"]

# requirement -> member
MEMBERS = {
    "P28-source": "source",
    "P28-id": "id",
    "P28-event-type": "event_type",
    "P28-resource-type": "resource_type",
    "P28-job-type": "job_type",
    "P28-reason": "reason",
    "P28-severity": "severity",
    "P28-policy": "backup_policy",
    "P28-plan": "backup_policy_plan",
    "P28-job": "backup_policy_job",
    "P28-resource": "resource",
}
# member -> where an event says it
PLACES = {fact.member: fact.places[0] for fact in FACTS} | {"source": "/source", "id": "/id"}
# pairs whose events are compared between modes
COMPARED = 4
# ends of an id, which may be any text: decoded twice, decoded as a form, or read in another encoding it is another text
ENDS = ("%41", "+\u00fc")


class Comparison(NamedTuple):
    """One event and what the consumer made of one member of it."""

    exchange: Exchange
    # what the scenario or the event states; None where it does not
    stated: str | None
    # what the consumer says; None where it says nothing
    value: Any
    # the reason is spelled as the catalog does, so that nothing is open
    canonical: bool


def _meaning(subject: ConsumerRun, member: str) -> None:
    """Raises `Breached` where the consumer reads the member as something else than is stated."""
    every = list(_comparisons(subject, member))
    comparisons = [comparison for comparison in every if comparison.value is not None]
    if not comparisons:
        raise NotExercised(f"its interpretations have no `{member}`")
    # stated of some events and left out of others that give it alike
    comparisons += [r for r in every if r.value is None and r.stated is not None and r.canonical]
    evidence = []
    for exchange, stated, value, _ in comparisons:
        subject.count(exchange, stated != value)
        if stated != value:
            observation = f"{member} is {_words(value)}, not {json.dumps(stated)}"
            message = f"`{member}` is read as {json.dumps(value, default=repr)}."
            evidence.append(exchange.evidence(observation=observation, message=message, pointer=PLACES.get(member)))
    if evidence:
        raise Breached(*evidence, among=f"{len(evidence)} of {len(comparisons)} interpretations are wrong.")


def _comparisons(subject: ConsumerRun, member: str) -> Iterator[Comparison]:
    """One for each event that is sent and was interpreted."""
    jobs = [subject.jobs.of_scenario(pair) for pair in catalog.pairs.values()]
    canonical = len(jobs)
    if member == "reason":
        jobs += [subject.jobs.of_scenario(pair, spelling.spelling) for pair, spelling in spellings()]
    before = subject.observer.every() if member == "id" else []
    exchanges = [subject.send(f"an event of {pair_of(scenario).id}", event) for scenario, event in jobs]
    by_id = subject.observer.interpretations(event["id"] for _, event in jobs)
    if member == "id":
        _nothing_lost(subject, exchanges, by_id, len(before))
    for number, ((scenario, event), exchange) in enumerate(zip(jobs, exchanges, strict=True)):
        for interpretation in by_id[event["id"]][:1]:
            stated = getattr(scenario, member, event.get(member))
            yield Comparison(exchange, stated, interpretation.get(member), number < canonical)


for _id, _member in MEMBERS.items():
    CONSUMER.judges(_id)(partial(_meaning, member=_member))


def _words(value: Any) -> str:
    return "left out, though other interpretations have it" if value is None else json.dumps(value, default=repr)


def _nothing_lost(
    subject: ConsumerRun, exchanges: list[Exchange], by_id: Mapping[str, list[dict[str, Any]]], before: int
) -> None:
    """Raises `Breached` where some events were interpreted, and some that were accepted were not.

    `before` is how many interpretations there were.
    """
    accepted = [exchange for exchange in exchanges if exchange.accepted]
    if any(by_id.values()):
        wrong = "no interpretation with its id"
        lost = [exchange for exchange in accepted if not by_id[exchange.event]]
        for exchange in lost:
            subject.count(exchange, True)
        if lost:
            raise Breached(*(exchange.evidence(observation=wrong, message=wrong) for exchange in lost))
    else:
        every = [interpretation.get("id") for interpretation in subject.observer.every()[before:]]
        others = [id for id in every if id is not None and id not in subject.jobs.pairs]
        if others and accepted:
            raise Breached(accepted[0].evidence(observation=f"id is {_words(others[0])}, which no event has"))


@CONSUMER.judges("P25-binary-decoded-equal")
def binary_equal(subject: ConsumerRun) -> None:
    """Events in binary mode mean what they mean in structured mode."""
    subject.needs_mode("binary")
    other = "sdk-style" if subject.mode == "binary" else subject.mode
    subject.needs_mode(other)
    for pair in list(catalog.pairs.values())[:COMPARED]:
        _alike(subject, subject.jobs.scenario(pair), other)
    for end in ENDS:
        _decoded_once(subject, other, end)


def _alike(subject: ConsumerRun, scenario: Scenario, other: str) -> None:
    """Raises `Breached` where an event in binary mode means something else than one of the same facts in another."""
    first, second = (draft(scenario, subject.jobs.id()).event() for _ in range(2))
    subject.send("an event, structured", subject.as_wanted(first), other)
    exchange = subject.send("an event, binary", subject.as_wanted(second), "binary")
    by_id = subject.observer.interpretations([first["id"], second["id"]])
    if not all(by_id.values()):
        raise Skipped("the consumer did not interpret both events, see P28-id")
    structured, binary = by_id[first["id"]][0], by_id[second["id"]][0]
    for member in MEMBERS.values():
        if member != "id" and structured.get(member) != binary.get(member):
            values = json.dumps(binary.get(member)), json.dumps(structured.get(member))
            wrong = f"{member} is {values[0]}; in structured mode {values[1]}"
            raise Breached(exchange.evidence(observation=wrong, message=wrong))


def _decoded_once(subject: ConsumerRun, other: str, end: str) -> None:
    """Raises `Breached` where a header is not decoded once, as UTF-8; not where such an id is not taken at all."""
    first, second = ({**event, "id": event["id"] + end} for event in (subject.jobs.plain(), subject.jobs.plain()))
    if not subject.send("an event with an odd id", subject.as_wanted(first), other).accepted:
        return
    if not subject.observer.interpretations([first["id"]])[first["id"]]:
        return
    exchange = subject.send(f"an event in binary mode whose id ends in {end}", subject.as_wanted(second), "binary")
    if not exchange.accepted or subject.observer.interpretations([second["id"]])[second["id"]]:
        return
    own = second["id"].removesuffix(end)
    every = [str(interpretation.get("id")) for interpretation in subject.observer.every()]
    others = [id for id in every if id.startswith(own)]
    if others:
        wrong = f"id is {_words(others[0])}, not {json.dumps(second['id'])}"
        raise Breached(exchange.evidence(observation=wrong, message=wrong))
