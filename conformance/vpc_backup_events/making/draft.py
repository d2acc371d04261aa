"""From a scenario to an event: the one place that writes the canonical form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.catalog.model import EventType, Pair
from vpc_backup_events.catalog.names import LONG, SEVERITY, SHORT, SOURCE_ID
from vpc_backup_events.checking.rules.codes import groups
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.values.scenario import Scenario

LINK = "https://cloud.ibm.com/docs/vpc?topic="


@dataclass(slots=True)
class Draft:
    """An event in the making: attributes and details apart, until `event` seals them."""

    scenario: Scenario
    # without the long text, unless something else than the details stands in it
    attributes: dict[str, Any]
    details: dict[str, Any]

    def event(self) -> dict[str, Any]:
        """The event, its details as compact JSON in the long text."""
        event = dict(self.attributes)
        if LONG not in event:
            event[LONG] = self.text
        return event

    @property
    def text(self) -> str:
        """The details as compact JSON."""
        return compact(self.details)


def compact(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, separators=(",", ":"))


def draft(scenario: Scenario, id: str) -> Draft:
    """The canonical event of a scenario: what the strict profile takes, with every fact stated."""
    return Draft(
        scenario,
        {
            "specversion": "1.0",
            "id": id,
            "source": source(),
            "type": scenario.event_type,
            "time": scenario.time,
            SOURCE_ID: scenario.source_id,
            SEVERITY: scenario.severity,
            SHORT: event_type_of(scenario).title,
        },
        {
            "status": event_type_of(scenario).group,
            "backup_policy": scenario.backup_policy,
            "backup_policy_plan": scenario.backup_policy_plan,
            "backup_policy_job": scenario.backup_policy_job,
            "status_reason": f"{scenario.reason}: {pair_of(scenario).cause}",
            "match_resource_type": scenario.resource_type,
            "job_type": scenario.job_type,
            "resource": scenario.resource,
            "more_info": LINK + pair_of(scenario).topics[0],
        },
    )


def email_details(scenario: Scenario) -> dict[str, Any]:
    """The JSON of the email for a scenario (position P23)."""
    return {
        "backup_policy": scenario.backup_policy,
        "backup_policy_job": scenario.backup_policy_job,
        "backup_policy_plan": scenario.backup_policy_plan,
        "match_resource_type": scenario.resource_type,
        "job_type": scenario.job_type,
        "reasons": [{"more_info": LINK + pair_of(scenario).topics[0], "status": scenario.reason}],
        "resource": scenario.resource,
    }


def email_body(scenario: Scenario, details: Any = None) -> str:
    """The body of the email for a scenario (position P22)."""
    return (
        f"{event_type_of(scenario).title}. Resource: {scenario.resource}. BackupJobID: {scenario.backup_policy_job}. "
        f"Reason: {pair_of(scenario).cause.rstrip('.')}. "
        f"Notification details: {compact(email_details(scenario) if details is None else details)}"
    )


def plain_email(title: str, body: str) -> str:
    """An email as the documentation prints one."""
    return f"Email Title: {title}\n\nEmail Body:\n\n{body}\n"


def source() -> str:
    """The `source` of the payload example: what the four types have in common."""
    return next(iter(catalog.event_types)).rpartition(".")[0]


def registration_crn(scenario: Scenario, last: str = "") -> str:
    """The CRN under which Backup for VPC is registered as a source."""
    return f"crn:v1:bluemix:public:is:{scenario.region}:a/{scenario.account_id}::backup-policy:{last}"


def resource_crn(resource_type: str, region: str, account_id: str, id: str) -> str:
    """The CRN of a volume or an instance, in the first zone of the region."""
    return f"crn:v1:bluemix:public:is:{region}-1:a/{account_id}::{resource_type}:{id}"


@cache
def _prefixes(kind: str) -> tuple[str, ...]:
    """The four characters that ids begin with, `regional` or `zonal`, as the catalog has them."""
    beginnings: list[str] = []
    for region in catalog.regions:
        beginnings += (prefix.prefix for prefix in region.id_prefixes if prefix.kind == kind)
    return tuple(beginnings)


@cache
def canonical_severity() -> str:
    """The one severity that the documentation shows."""
    return next(s.name for s in catalog.severities.values() if s.canonical)


@cache
def canonical_codes(pair: Pair) -> tuple[str, ...]:
    """The codes that the strict profile takes for a pair: its token, and the API codes mapped to it."""
    kind = catalog.event_types[pair.event_type]
    canonical = groups()[kind.resource_type, kind.job_type].canonical
    return tuple(code for code, other in canonical.items() if other.id == pair.id)


def sibling(scenario: Scenario, fact: Literal["resource_type", "job_type"]) -> EventType:
    """The event type that differs from the scenario's in this one fact."""
    other = "job_type" if fact == "resource_type" else "resource_type"
    return next(
        event_type
        for event_type in catalog.event_types.values()
        if getattr(event_type, other) == getattr(scenario, other)
        and getattr(event_type, fact) != getattr(scenario, fact)
    )


def scenario_of(pair: Pair, choices: Choices) -> Scenario:
    """A scenario in which a job failed for this reason."""
    kind = catalog.event_types[pair.event_type]
    region = choices.of(catalog.regions).name
    account_id = choices.hexadecimal(32)
    prefix = choices.of(_prefixes("regional"))
    is_volume = kind.resource_type == catalog.resource_types[0]
    resource_prefix = f"{prefix}-" if is_volume else f"{choices.of(_prefixes('zonal'))}_"
    return Scenario(
        resource_type=kind.resource_type,
        job_type=kind.job_type,
        reason=pair.reason,
        event_type=kind.type,
        severity=canonical_severity(),
        region=region,
        account_id=account_id,
        backup_policy=f"{prefix}-{choices.uuid()}",
        backup_policy_plan=f"{prefix}-{choices.uuid()}",
        backup_policy_job=f"{prefix}-{choices.uuid()}",
        resource=resource_crn(kind.resource_type, region, account_id, f"{resource_prefix}{choices.uuid()}"),
        source_id=f"{choices.uuid()}:api",
        time=time_of(choices),
    )


def time_of(choices: Choices) -> str:
    """A time from 2024 on, in UTC."""
    day = f"{2024 + choices.below(6)}-{1 + choices.below(12):02d}-{1 + choices.below(28):02d}"
    return f"{day}T{choices.below(24):02d}:{choices.below(60):02d}:{choices.below(60):02d}Z"
