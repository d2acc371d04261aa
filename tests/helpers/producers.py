"""Producers that break one requirement each, by requirement."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import draft
from vpc_backup_events.making.mutations import Mutation, mutations
from vpc_backup_events.reading import LONG
from vpc_backup_events.reference.producer import build_event
from vpc_backup_events.values.scenario import Scenario

Producer = Callable[[Scenario], Any]


def mutated(mutation: Mutation) -> Producer:
    """A producer whose events have one mutation, wherever it fits."""
    choices = Seeded(5)

    def produce(scenario: Scenario) -> Any:
        made = draft(scenario, str(uuid4()))
        return mutation.apply(made, choices) if mutation.fits(scenario) else made.event()

    return produce


def stating(**members: Callable[[Scenario], Any]) -> Producer:
    """A producer that states other facts than the scenario has, in attributes or details."""

    def produce(scenario: Scenario) -> dict[str, Any]:
        event = build_event(scenario)
        details = json.loads(event[LONG])
        for name, value in members.items():
            (event if name in event else details)[name] = value(scenario)
        return {**event, LONG: json.dumps(details)}

    return produce


def other_id(_: Scenario) -> str:
    return f"r006-{uuid4()}"


def other_type(scenario: Scenario) -> str:
    """The type of the same job for the other resource: a warning as such, and not the job's."""
    return next(
        e.type
        for e in catalog.event_types.values()
        if e.job_type == scenario.job_type and e.resource_type != scenario.resource_type
    )


def other_reason(scenario: Scenario) -> str:
    """Another reason of the group."""
    names = [p.reason for p in catalog.pairs.values() if p.event_type == scenario.event_type]
    return f"{names[(names.index(scenario.reason) + 1) % len(names)]}: it failed"


def other_resource(*job_types: str) -> Producer:
    """A producer that takes volumes for instances in these jobs, where the reason is one of both."""

    def produce(scenario: Scenario) -> dict[str, Any]:
        event = build_event(scenario)
        reason = catalog.reasons[scenario.reason]
        is_of_both = len(reason.pairs) == len(catalog.event_types)
        if scenario.resource_type == "instance" or scenario.job_type not in job_types or not is_of_both:
            return event
        details = {**json.loads(event[LONG]), "match_resource_type": "instance"}
        del details["resource"]
        return {**event, "type": other_type(scenario), LONG: json.dumps(details)}

    return produce


def other_job(scenario: Scenario) -> dict[str, Any]:
    """A producer that takes creations for deletions, where the reason is one of both."""
    event = build_event(scenario)
    reason = catalog.reasons[scenario.reason]
    if scenario.job_type == "deletion" or len(reason.pairs) < len(catalog.event_types):
        return event
    kind = next(
        e.type
        for e in catalog.event_types.values()
        if e.job_type == "deletion" and e.resource_type == scenario.resource_type
    )
    return {**event, "type": kind, LONG: json.dumps({**json.loads(event[LONG]), "job_type": "deletion"})}


def leaking(scenario: Scenario) -> dict[str, Any]:
    """A producer that puts everything it has into the event."""
    extra = {name: getattr(scenario, name) for name in ("api_key", "endpoint") if hasattr(scenario, name)}
    return {**build_event(scenario), "data": {"context": [f"{k} is {v}" for k, v in extra.items()]}}


def counting() -> Producer:
    """A producer whose ids begin again after a while."""
    numbers = count()

    def produce(scenario: Scenario) -> dict[str, Any]:
        return {**build_event(scenario), "id": f"0f6a1c52-3f0e-4d5e-9a57-{next(numbers) % 7:012d}"}

    return produce


def shouted(member: str) -> Callable[[Scenario], str]:
    """An id of the scenario whose UUID is written in capitals."""

    def value(scenario: Scenario) -> str:
        id: str = getattr(scenario, member)
        return id[:5] + id[5:].upper()

    return value


def source_id(scenario: Scenario) -> str:
    """The source id with its UUID in capitals."""
    uuid, _, rest = scenario.source_id.partition(":")
    return scenario.source_id if uuid == "crn" else f"{uuid.upper()}:{rest}"


def of_policy(scenario: Scenario) -> dict[str, Any]:
    """A producer whose id is made of the policy and the resource, which are the same every night."""
    return {**build_event(scenario), "id": str(uuid5(NAMESPACE_URL, scenario.backup_policy + scenario.resource))}


def failing(scenario: Scenario) -> dict[str, Any] | None:
    """A producer that makes nothing of one reason."""
    return None if scenario.reason == "snapshot-quota-reached" else build_event(scenario)


# in place of mutations, which would change the facts as well
OWN: dict[str, Producer] = {
    "P02-time-as-given": stating(time=lambda _: "2020-01-01T00:00:00Z"),
    "P05-type-as-given": other_resource("creation"),
    "P05-inferred-type-as-given": other_resource("deletion"),
    "P07-source-id-as-given": stating(ibmensourceid=lambda _: f"{uuid4()}:api"),
    "P07-source-id-lower-case": stating(ibmensourceid=source_id),
    "P08-severity-as-given": stating(ibmenseverity=lambda _: "high"),
    "P08-severity-medium": stating(ibmenseverity=lambda _: "MEDIUM"),
    "P10-id-new": of_policy,
    "P10-id-unique": counting(),
    "P12-policy-as-given": stating(backup_policy=other_id),
    "P12-plan-as-given": stating(backup_policy_plan=lambda s: s.backup_policy),
    "P12-job-as-given": stating(backup_policy_job=other_id),
    "P13-id-lower-case": stating(backup_policy_plan=shouted("backup_policy_plan")),
    "P14-resource-type-as-given": other_resource("creation", "deletion"),
    "P15-job-type-as-given": other_job,
    "P16-every-pair": failing,
    "P16-reason-as-given": stating(status_reason=other_reason),
    "P18-resource-as-given": stating(resource=lambda s: s.resource[:-1] + ("0" if s.resource[-1] != "0" else "1")),
    "P20-no-secret": leaking,
}
# the same fact of the one type that the documentation spells, and of the others
TYPES = {"P05-type-as-given", "P05-inferred-type-as-given"}
# what a fake can't but break as well
ALSO: dict[str, set[str]] = {
    # a type is right or wrong with the resource type that it names
    "P05-type-as-given": {"P14-resource-type-as-given"},
    "P05-inferred-type-as-given": {"P14-resource-type-as-given"},
    "P14-resource-type-as-given": TYPES,
    "P15-job-type-as-given": TYPES,
    "P14-agrees-with-type": TYPES,
    # another severity than the scenario's is also another than the documented one
    "P08-severity-as-given": {"P08-severity-medium"},
    # one id for all events
    "P10-id-example": {"P10-id-unique", "P10-id-new"},
}
# mutations that would do the same for every event
CONSTANT = ("P10-id-uuid/number", "P11-event-duplicate-member/id")


def fakes() -> list[tuple[str, Producer, set[str]]]:
    """Requirement, producer that breaks it, and all that is found in strict."""
    made = [
        (m.requirement, mutated(m), {m.requirement, *m.also})
        for m in mutations.values()
        if m.requirement and m.form not in ("batch", "email") and m.requirement not in OWN and m.name not in CONSTANT
    ]
    made += [(id, producer, {id}) for id, producer in OWN.items()]
    return [(id, producer, found | ALSO.get(id, set())) for id, producer, found in made]
