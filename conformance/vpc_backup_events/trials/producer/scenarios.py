"""The scenarios of a run, of every pair of event type and reason, and the facts of one that an event states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.making.choices import Plain, Seeded
from vpc_backup_events.making.draft import registration_crn, scenario_of
from vpc_backup_events.values.scenario import Scenario

__all__ = ["DECOY", "FACTS", "NEXT_JOB", "DecoyScenario", "Fact", "concurrent", "next_jobs", "scenarios"]

# how a scenario came to be that differs from the one before in job and time alone
NEXT_JOB = "the next job of the same policy"
# days on which the policy runs again
_DAYS = 3
DECOY = "decoy-0a1b2c3d4e5f6a7b"


@dataclass(frozen=True, slots=True)
class DecoyScenario(Scenario):
    """A scenario that carries secrets as well: facts that a producer has at hand and must not state."""

    api_key: str = DECOY
    iam_token: str = f"Bearer {DECOY}"
    endpoint: str = f"https://backup:{DECOY}@example.com/"


class _Counted(Plain):
    """The first of everything, but for UUIDs: each job is another."""

    def __init__(self) -> None:
        self._count = 0

    def uuid(self) -> str:
        self._count += 1
        return f"{self._count:08x}-0000-4000-8000-000000000000"


def scenarios() -> Iterator[tuple[str, Scenario]]:
    """Of each pair a plain scenario, a varied one, which is asked for twice, and one with decoys."""
    counted, choices = _Counted(), Seeded(1)
    for pair in catalog.pairs.values():
        yield "plain", scenario_of(pair, counted)
    for pair in catalog.pairs.values():
        scenario = scenario_of(pair, choices)
        if choices.below(2):
            scenario = replace(scenario, source_id=registration_crn(scenario))
        yield "varied", scenario
        yield "asked for again", scenario
    for pair in catalog.pairs.values():
        scenario = scenario_of(pair, choices)
        facts = {field.name: getattr(scenario, field.name) for field in fields(Scenario)}
        yield "with decoys", DecoyScenario(**facts)


def concurrent() -> Iterator[tuple[str, Scenario]]:
    """Of each pair two scenarios, in turns, for several threads."""
    choices = Seeded(2)
    for _ in range(2):
        for pair in catalog.pairs.values():
            yield "concurrent", scenario_of(pair, choices)


def next_jobs() -> Iterator[tuple[str, Scenario]]:
    """Of each event type the failures of one policy, plan and resource on several days, each another job."""
    choices = Seeded(4)
    for kind in catalog.event_types.values():
        pair = next(pair for pair in catalog.pairs.values() if pair.event_type == kind.type)
        first = scenario_of(pair, choices)
        for day in range(1, _DAYS + 1):
            job = f"{first.backup_policy_job[:5]}{choices.uuid()}"
            yield NEXT_JOB, replace(first, backup_policy_job=job, time=f"2030-06-{day:02d}T02:00:00Z")


# ------------------------------------------------------------------------------------------------- facts of a scenario

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
