"""What an event says of the failed job, whichever documented form it has."""

from __future__ import annotations

from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import SEVERITY
from vpc_backup_events.checking.rules import Context, codes
from vpc_backup_events.reading import NOTHING, Email, EventLike, Reading, read
from vpc_backup_events.values.scenario import Scenario

__all__ = ["MEMBERS", "canonical_type", "expected", "interpret", "interpretation"]

# members of an interpretation
MEMBERS = (
    "source",
    "id",
    "event_type",
    "resource_type",
    "job_type",
    "reason",
    "severity",
    "backup_policy",
    "backup_policy_plan",
    "backup_policy_job",
    "resource",
)


def interpret(event: EventLike) -> dict[str, str]:
    """The interpretation of an event, or an email, in any form that `check` takes; what it does not say is left out.

    Words are the catalog's: the reason is the documentation's token in whatever spelling it came, a job of retention is
    a deletion, and a type in the VPC API's words is the documentation's type.
    """
    return interpretation(read(event))


def interpretation(reading: Reading) -> dict[str, str]:
    """The interpretation of what was read: of an email its JSON, and the event below it where it has one."""
    event = reading.event if isinstance(reading.event, dict) else {}
    details = reading.details if isinstance(reading.details, dict) else {}
    context = Context.of(reading)
    facts: dict[str, Any] = {
        "source": event.get("source"),
        "id": event.get("id"),
        "event_type": canonical_type(event.get("type")),
        "resource_type": details.get("match_resource_type"),
        "job_type": codes.job_type(context) or details.get("job_type"),
        "reason": _reason(context),
        "severity": event.get(SEVERITY),
        **{name: details.get(name) for name in MEMBERS[7:]},
    }
    if reading.email is not None and reading.event is NOTHING:
        facts["event_type"] = _titled(reading.email)
    return {name: value for name, value in facts.items() if isinstance(value, str) and value.strip()}


def expected(scenario: Scenario, event: dict[str, Any]) -> dict[str, str]:
    """The interpretation that a conforming event of the scenario leads to."""
    facts = scenario.as_json()
    return {name: facts.get(name, value) for name, value in interpret(event).items()}


def _titled(email: Email) -> str | None:
    """The event type of which this is the title of an email."""
    title = " ".join(email.title.split())
    return next((event_type.type for event_type in catalog.event_types.values() if event_type.title == title), None)


def canonical_type(type: Any) -> Any:
    """The event type in the documentation's words; anything else as it is."""
    return next((e.type for e in catalog.event_types.values() if type in e.aliases), type)


def _reason(context: Context) -> str | None:
    """The one reason that the codes of the details mean, or None."""
    names: set[str] = set()
    for _, code in codes.occurrences(context):
        names.update(pair.reason for pair in codes.pairs_of(context, code))
    return names.pop() if len(names) == 1 else None
