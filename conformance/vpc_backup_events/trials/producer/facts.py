"""The facts of a scenario that an event states, and where it states them."""

from __future__ import annotations

from dataclasses import dataclass

from vpc_backup_events.catalog import event_type_of
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.values.scenario import Scenario

__all__ = ["FACTS", "Fact"]

# kind of an event type whose name the documentation spells
DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that an event states as its scenario has it."""

    #: the requirement that it does
    requirement: str
    #: of an interpretation, and of a scenario
    member: str
    #: pointers to where an event states it; a more basic finding there says the same
    places: tuple[str, ...]
    #: where another requirement holds: whether it is about a type that the documentation spells; None for any
    documented_type: bool | None = None

    def concerns(self, scenario: Scenario) -> bool:
        """Whether the requirement is about events of the scenario."""
        if self.documented_type is None:
            return True
        return (event_type_of(scenario).kind == DOCUMENTED) is self.documented_type


_TYPE = ("/type", f"/{LONG}#/job_type")
FACTS = (
    Fact("P02-time-as-given", "time", ("/time",)),
    Fact("P05-type-as-given", "event_type", _TYPE, documented_type=True),
    Fact("P05-inferred-type-as-given", "event_type", _TYPE, documented_type=False),
    Fact("P07-source-id-as-given", "source_id", ("/ibmensourceid",)),
    Fact("P08-severity-as-given", "severity", ("/ibmenseverity",)),
    Fact("P12-policy-as-given", "backup_policy", (f"/{LONG}#/backup_policy",)),
    Fact("P12-plan-as-given", "backup_policy_plan", (f"/{LONG}#/backup_policy_plan",)),
    Fact("P12-job-as-given", "backup_policy_job", (f"/{LONG}#/backup_policy_job",)),
    Fact("P14-resource-type-as-given", "resource_type", (f"/{LONG}#/match_resource_type",)),
    Fact("P15-job-type-as-given", "job_type", (f"/{LONG}#/job_type",)),
    Fact("P16-reason-as-given", "reason", (f"/{LONG}#/status_reason", f"/{LONG}#/reasons/0/status")),
    Fact("P18-resource-as-given", "resource", (f"/{LONG}#/resource",)),
)
