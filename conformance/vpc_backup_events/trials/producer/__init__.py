"""How a producer is judged: every event that it makes is held against its scenario and against the register."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.event import event_breaches
from vpc_backup_events.checking.findings import findings
from vpc_backup_events.checking.interpretation import canonical_type, interpretation
from vpc_backup_events.checking.uniqueness import Identities
from vpc_backup_events.making.choices import Plain, Seeded
from vpc_backup_events.making.draft import registration_crn, scenario_of
from vpc_backup_events.reading import Reading, read_event
from vpc_backup_events.trials.trial import Breached, Evidence, Skipped, Trials
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.errors import Declined
from vpc_backup_events.values.report import Finding, Profile, Source
from vpc_backup_events.values.scenario import Scenario
from vpc_backup_events.values.visible import visible

Produce = Callable[[Scenario], Any]
THREADS = 8
# failures that a message shows whole
SHOWN = 3
# characters of an event that a message shows
LONGEST = 8_000
DECOY = "decoy-0a1b2c3d4e5f6a7b"


@dataclass(frozen=True, slots=True)
class DecoyScenario(Scenario):
    """A scenario that carries secrets as well: facts that a producer has at hand and must not state."""

    api_key: str = DECOY
    iam_token: str = f"Bearer {DECOY}"
    endpoint: str = f"https://backup:{DECOY}@example.com/"


@dataclass(frozen=True, slots=True)
class Made:
    """One event that the producer made, and what was found in it."""

    scenario: Scenario
    # plain, varied, concurrent, or with decoys
    how: str
    event: Any
    reading: Reading
    findings: tuple[Finding, ...]
    said: dict[str, str]


class ProducerRun:
    """A producer under test; its events are made once, when the first trial asks for them."""

    # what it makes, and what the fixture is called
    noun = "event"
    fixture = "producer"

    def __init__(self, produce: Produce, profile: Profile = "documented", more: Sequence[Scenario] = ()) -> None:
        self.produce = produce
        self.profile = profile
        # scenarios in place of the run's own
        self._more = more
        # by scenario: why there is no event
        self.errors: dict[Scenario, Exception] = {}
        self._identities = Identities()
        self.cases = 0

    @cached_property
    def made(self) -> tuple[Made, ...]:
        """Every event of the run, in the order of the scenarios."""
        if self._more:
            return tuple(self._make([("varied", scenario) for scenario in self._more], map))
        with ThreadPoolExecutor(THREADS) as pool:
            alone = list(self._make(list(scenarios()), map))
            return (*alone, *self._make(list(concurrent()), pool.map))

    @property
    def pairs(self) -> dict[str, tuple[int, int]]:
        """Id of each pair of event type and reason -> events made for it so far, and those with a finding."""
        pairs: dict[str, tuple[int, int]] = {}
        for made in self.__dict__.get("made", ()):
            events, found = pairs.get(pair_of(made.scenario).id, (0, 0))
            pairs[pair_of(made.scenario).id] = events + 1, found + bool(made.findings)
        return pairs

    def _make(self, asked: list[tuple[str, Scenario]], run: Any) -> Iterator[Made]:
        for (how, scenario), event in zip(asked, run(self._produced, [s for _, s in asked]), strict=True):
            if isinstance(event, Exception):
                self.errors[scenario] = event
                continue
            reading, breaches, said = self._judged(event)
            yield Made(scenario, how, event, reading, findings(breaches, self.profile), said)

    def _judged(self, event: Any) -> tuple[Reading, list[Breach], dict[str, str]]:
        """What was read of an event, what is wrong in it, and what it says."""
        reading = read_event(event)
        breaches = [*event_breaches(reading), *self._identities.breaches(reading, Source())]
        return reading, breaches, interpretation(reading)

    def text(self, event: Any) -> str:
        """The event as it was made, in one line."""
        if isinstance(event, bytes | bytearray):
            return bytes(event).decode("utf-8", "backslashreplace")
        if isinstance(event, str):
            return event
        try:
            return json.dumps(event, default=repr)
        except (TypeError, ValueError):
            return repr(event)

    def _produced(self, scenario: Scenario) -> Any:
        try:
            made = self.produce(scenario)
            # an asynchronous producer
            return asyncio.run(made) if inspect.iscoroutine(made) else made
        except SystemExit as end:
            # it would end the run, and the next subject's with it
            return RuntimeError(f"the {self.fixture} ended the process: SystemExit({end.code!r})")
        except Exception as error:
            return error

    def judged(self) -> tuple[Made, ...]:
        """The events; raises `Skipped` where there is none."""
        if not self.made:
            declined = next((error for error in self.errors.values() if isinstance(error, Declined)), "")
            raise Skipped(f"the {self.fixture} made no {self.noun}{f': {declined}' if declined else ''}")
        self.cases += len(self.made)
        return self.made


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
        known = {field.name: getattr(scenario_of(pair, choices), field.name) for field in fields(Scenario)}
        yield "with decoys", DecoyScenario(**known)


def concurrent() -> Iterator[tuple[str, Scenario]]:
    """Of each pair two scenarios, in turns, for several threads."""
    choices = Seeded(2)
    for _ in range(2):
        for pair in catalog.pairs.values():
            yield "concurrent", scenario_of(pair, choices)


PRODUCER: Trials[ProducerRun] = Trials()


# ------------------------------------------------------------------------------------------- what check finds


def found(trials: Trials[ProducerRun], requirement: str) -> None:
    """The trial of a requirement that `check` judges: no finding of it."""

    @trials.judges(requirement)
    def run(subject: ProducerRun) -> None:
        _breached(
            subject,
            requirement,
            [
                (
                    made,
                    finding.pointer,
                    f"{finding.pointer or f'the {subject.noun}'}: {finding.message}",
                    finding.hint,
                )
                for made in subject.judged()
                for finding in made.findings
                if finding.requirement == requirement
            ],
        )


for _requirement in catalog.requirements.values():
    if (
        _requirement.status == "checked"
        and _requirement.check in ("schema", "rule")
        and "producer" in _requirement.subject
        and _requirement.id != "P20-no-secret"
    ):
        found(PRODUCER, _requirement.id)


def no_secret(subject: ProducerRun) -> None:
    """No secret by its form, and none of the decoys in any form."""
    breaches = []
    for made in subject.judged():
        secret = [f for f in made.findings if f.requirement == "P20-no-secret"]
        if secret:
            place = secret[0].pointer
            breaches.append((made, place, f"{place}: {secret[0].message}", secret[0].hint))
        elif isinstance(made.scenario, DecoyScenario) and DECOY in subject.text(made.event):
            hint = catalog.requirements["P20-no-secret"].hint
            breaches.append((made, "", f"the {subject.noun} holds a secret of the scenario", hint))
    _breached(subject, "P20-no-secret", breaches)


PRODUCER.judges("P20-no-secret")(no_secret)


# -------------------------------------------------------------------------------------- the scenario's facts

# requirement, member of the interpretation, field of the scenario, places where a more basic finding says the same
FACTS = (
    ("P02-time-as-given", "time", "time", ("/time",)),
    ("P05-type-as-given", "event_type", "event_type", ("/type", f"/{LONG}#/job_type")),
    ("P07-source-id-as-given", "source_id", "source_id", ("/ibmensourceid",)),
    ("P08-severity-as-given", "severity", "severity", ("/ibmenseverity",)),
    ("P12-policy-as-given", "backup_policy", "backup_policy", (f"/{LONG}#/backup_policy",)),
    ("P12-plan-as-given", "backup_policy_plan", "backup_policy_plan", (f"/{LONG}#/backup_policy_plan",)),
    ("P12-job-as-given", "backup_policy_job", "backup_policy_job", (f"/{LONG}#/backup_policy_job",)),
    ("P14-resource-type-as-given", "resource_type", "resource_type", (f"/{LONG}#/match_resource_type",)),
    ("P15-job-type-as-given", "job_type", "job_type", (f"/{LONG}#/job_type",)),
    ("P16-reason-as-given", "reason", "reason", (f"/{LONG}#/status_reason", f"/{LONG}#/reasons/0/status")),
    ("P18-resource-as-given", "resource", "resource", (f"/{LONG}#/resource",)),
)


def fact_trial(trials: Trials[ProducerRun], requirement: str, member: str, fact: str, places: tuple[str, ...]) -> None:
    """The trial of one fact: what is said is what the scenario states."""

    @trials.judges(requirement)
    def run(subject: ProducerRun) -> None:
        breaches = []
        own = catalog.requirements[requirement]
        for made in subject.judged():
            said = _said(made, member)
            stated = getattr(made.scenario, fact)
            basic = any(f.requirement in own.refines and f.pointer in places for f in made.findings)
            if said is not None and not basic and not _same(member, said, stated):
                words = {"value": json.dumps(said), "expected": stated}
                breaches.append((made, places[0], own.message.format(**words), own.hint))
        _breached(subject, requirement, breaches)


for _row in FACTS:
    fact_trial(PRODUCER, *_row)


def _said(made: Made, member: str) -> str | None:
    """What the event says, or None where it says nothing."""
    event = made.reading.event if isinstance(made.reading.event, dict) else {}
    own = {"time": "time", "source_id": "ibmensourceid"}
    said = event.get(own[member]) if member in own else made.said.get(member)
    return said if isinstance(said, str) else None


def _same(member: str, said: str, stated: str) -> bool:
    """Whether the event says what the scenario states; forms that the documentation accepts are the same."""
    if member == "time":
        return bool(_instant(said) == _instant(stated))
    if member == "event_type":
        return bool(canonical_type(said) == stated)
    said, stated = said.casefold(), stated.casefold()
    if member in ("backup_policy", "backup_policy_plan", "backup_policy_job"):
        # a bare UUID has lost its prefix, which is a finding of its own
        return said in (stated, stated[5:])
    return said == stated


def _instant(time: str) -> Any:
    """A time as a moment; one that is none stands for itself."""
    try:
        return datetime.fromisoformat(time.upper())
    except ValueError:
        return time


# ------------------------------------------------------------------------------------------------- what it says


def _breached(subject: ProducerRun, requirement: str, breaches: list[tuple[Made, str, str, str]]) -> None:
    """Raises `Breached` with the first of the breaches, each with its place, message and hint, where there are any."""
    if not breaches:
        return
    required = catalog.requirements[requirement]
    pairs = dict.fromkeys(pair_of(made.scenario).id for made, *_ in breaches)
    lines = [
        f"{requirement}: {required.sentence}",
        f"{len(breaches)} of {len(subject.made)} {subject.noun}s break it, of the reasons {', '.join(pairs)}.",
    ]
    evidence = []
    for made, place, message, hint in breaches[:SHOWN]:
        title = f"{made.scenario.reason} in {event_type_of(made.scenario).name} ({made.how})"
        evidence.append(Evidence(title, None if _secret(made) else made.event, place, message, hint))
        lines += [
            "",
            f"  scenario ({made.how}): {made.scenario.reason} in {event_type_of(made.scenario).name}",
            f"  produced: {_shown(subject, made)}",
            f"  finding:  {message}",
            f"  fix:      {hint}",
        ]
    lines += ["", f"doc: {required.doc}", f"reproduce: {subject.fixture}({breaches[0][0].scenario!r})"]
    raise Breached("\n".join(lines), evidence)


def _secret(made: Made) -> bool:
    """Whether a secret may be in the event."""
    return isinstance(made.scenario, DecoyScenario) or any(f.requirement == "P20-no-secret" for f in made.findings)


def _shown(subject: ProducerRun, made: Made) -> str:
    """The event, unless it holds a secret."""
    if _secret(made):
        return f"(hidden: the {subject.noun}, or its scenario, holds secrets)"
    return visible(subject.text(made.event), LONGEST)
