"""Hypothesis strategies: scenarios, valid events, documented contradictions, breaches of one requirement, deliveries.

Wherever an argument is a fact, a value or a strategy of values may be given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, TypedDict, TypeVar, Unpack

from vpc_backup_events.values.extras import install

try:
    from hypothesis import reject
    from hypothesis import strategies as st
    from hypothesis.strategies import DrawFn, SearchStrategy
except ImportError as error:  # pragma: no cover
    raise ImportError(f"The strategies need Hypothesis. {install('hypothesis')}") from error

from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.checking.check import check
from vpc_backup_events.making import find
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.deliveries import MODES, Delivery, received
from vpc_backup_events.making.draft import draft, resource_crn, scenario_of
from vpc_backup_events.making.mutations import Form, Mutation, breaches
from vpc_backup_events.making.mutations import quirks as all_quirks
from vpc_backup_events.making.variation import vary
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import Profile
from vpc_backup_events.values.scenario import Scenario

__all__ = [
    "Delivery",
    "EventFacts",
    "Facts",
    "Scenario",
    "ScenarioFacts",
    "deliveries",
    "events",
    "invalid_events",
    "quirks",
    "scenarios",
]

T = TypeVar("T")
Value: TypeAlias = T | SearchStrategy[T]


class Facts(TypedDict, total=False):
    """Facts of a scenario beside its event type and reason."""

    severity: Value[str]
    region: Value[str]
    account_id: Value[str]
    backup_policy: Value[str]
    backup_policy_plan: Value[str]
    backup_policy_job: Value[str]
    resource: Value[str]
    source_id: Value[str]
    time: Value[str]


class ScenarioFacts(Facts, total=False):
    """The arguments of `scenarios`."""

    event_type: Value[str] | None
    reason: Value[str] | None
    resource_type: Value[str] | None
    job_type: Value[str] | None


class EventFacts(ScenarioFacts, total=False):
    """The arguments of `events` beside the profile."""

    scenario: Value[Scenario] | None
    id: Value[str] | None
    extensions: Value[dict[str, Any]] | None


class _Drawn(Choices):
    """Choices that Hypothesis makes, and shrinks towards the first."""

    def __init__(self, draw: DrawFn) -> None:
        self._draw = draw

    def below(self, limit: int) -> int:
        return self._draw(_below(limit))


@cache
def _below(limit: int) -> SearchStrategy[int]:
    return st.integers(0, limit - 1)


def _strategy(value: Any) -> SearchStrategy[Any]:
    return value if isinstance(value, SearchStrategy) else st.just(value)


def scenarios(
    *,
    event_type: Value[str] | None = None,
    reason: Value[str] | None = None,
    resource_type: Value[str] | None = None,
    job_type: Value[str] | None = None,
    **facts: Unpack[Facts],
) -> SearchStrategy[Scenario]:
    """Scenarios of failed backup jobs: `Scenario` values, one of the documentation's 20 pairs of type and reason.

    `event_type` is a full `type` or its short name, `reason` any spelling of a reason code; `facts` are the other
    fields of `Scenario`. Raises `UsageError` for a name that is not in the catalog, or where no pair is left.
    """
    for name in facts:
        if name not in Scenario.__dataclass_fields__:
            raise UsageError(f"A scenario has no {name!r}.", f"It has {', '.join(Scenario.__dataclass_fields__)}.")
    options = {"event_type": event_type, "reason": reason, "resource_type": resource_type, "job_type": job_type}
    names: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if not any(isinstance(value, SearchStrategy) for value in names.values()):
        return _scenarios(st.sampled_from(find.pairs(**names)), facts)
    return st.fixed_dictionaries({name: _strategy(value) for name, value in names.items()}).flatmap(
        lambda names: _scenarios(st.sampled_from(find.pairs(**names)), facts)
    )


@st.composite
def _scenarios(draw: DrawFn, pairs: SearchStrategy[Pair], facts: Mapping[str, Any]) -> Scenario:
    scenario = scenario_of(draw(pairs), _Drawn(draw))
    if not facts:
        return scenario
    fields = scenario.as_json() | {name: draw(_strategy(value)) for name, value in facts.items()}
    if "resource" not in facts and {"region", "account_id"} & set(facts):
        id = scenario.resource.rpartition(":")[2]
        fields["resource"] = resource_crn(scenario.resource_type, fields["region"], fields["account_id"], id)
    return Scenario(**fields)


def events(
    profile: Profile = "documented",
    *,
    scenario: Value[Scenario] | None = None,
    id: Value[str] | None = None,
    extensions: Value[dict[str, Any]] | None = None,
    **facts: Unpack[ScenarioFacts],
) -> SearchStrategy[dict[str, Any]]:
    """Conforming events as dicts: `check` has no finding in the profile, nor in documented.

    `facts` are arguments of `scenarios` (`event_type`, `reason`, ...), or `scenario` stands for them all; `extensions`
    are further attributes, which may well break the event.
    """
    _known(profile)
    return _events(profile, _facts(scenario, facts), id, extensions)


@st.composite
def _events(
    draw: DrawFn, profile: str, scenarios: SearchStrategy[Scenario], id: Any, extensions: Any
) -> dict[str, Any]:
    scenario = draw(scenarios)
    choices = _Drawn(draw)
    event = vary(draft(scenario, _id(draw, id, choices)), choices, profile)
    return event if extensions is None else {**event, **draw(_strategy(extensions))}


def quirks(
    ledger: str | None = None,
    *,
    scenario: Value[Scenario] | None = None,
    id: Value[str] | None = None,
    **facts: Unpack[ScenarioFacts],
) -> SearchStrategy[tuple[dict[str, Any] | str, str]]:
    """Documented contradictions: pairs of an event, which documented passes, and the ledger entry that it shows.

    `ledger` asks for one entry. Events are dicts, but for the raw line breaks of D18, which only text can have. Facts
    as in `events`. Raises `UsageError` for an entry that no event shows.
    """
    every: list[tuple[Mutation, str]] = []
    for mutation in all_quirks():
        every += ((mutation, entry) for entry in mutation.ledger)
    options = [(mutation, entry) for mutation, entry in every if ledger in (None, entry)]
    if not options:
        entries = ", ".join(sorted({entry for _, entry in every}))
        raise UsageError(f"No event shows {ledger!r}.", f"These ledger entries are shown by events: {entries}.")
    return _changed(options, _facts(scenario, facts), id, None)


def invalid_events(
    profile: Profile = "documented",
    *,
    requirement: str | None = None,
    forms: Sequence[Form] = ("object",),
    scenario: Value[Scenario] | None = None,
    id: Value[str] | None = None,
    **facts: Unpack[ScenarioFacts],
) -> SearchStrategy[tuple[Any, str]]:
    """Events that break one requirement: pairs of an event and the id, the one error of `check` in the profile.

    `forms` says what an event may be: `object` (a dict), `text` (JSON text that is broken as such) or `message`
    (headers and body). Facts as in `events`. Raises `UsageError` for a requirement that no such event breaks alone.
    """
    _known(profile)
    every = breaches(profile, tuple(forms))
    options = [(mutation, mutation.requirement) for mutation in every if requirement in (None, mutation.requirement)]
    if not options:
        raise UsageError(
            f"No event of the forms {', '.join(forms)} breaks {requirement!r} alone, as an error in {profile}.",
            "Give an id that `catalog.requirements` has as an error in the profile, or other forms.",
        )
    return _changed(options, _facts(scenario, facts), id, profile)


@st.composite
def _changed(
    draw: DrawFn,
    options: list[tuple[Mutation, str]],
    scenarios: SearchStrategy[Scenario],
    id: Any,
    profile: Profile | None,
) -> tuple[Any, str]:
    """An event that a mutation changed, and what the mutation stands for; judged again before it is given away."""
    scenario = draw(scenarios)
    choices = _Drawn(draw)
    fitting = [(mutation, meaning) for mutation, meaning in options if mutation.fits(scenario)]
    if not fitting:
        reject()
    mutation, meaning = choices.of(fitting)
    event = mutation.apply(draft(scenario, _id(draw, id, choices)), choices)
    # facts of the user's own may break more, or mend what was broken
    findings = check(event, profile or "documented").findings
    errors = {finding.requirement for finding in findings if finding.level == "error"}
    if errors != (mutation.errors(profile) if profile else set()):
        reject()
    return event, meaning


def deliveries(
    profile: Profile = "documented",
    *,
    event: Value[dict[str, Any]] | None = None,
    mode: Value[str] | None = None,
    notification_id: Value[str | None] | None = None,
    **facts: Unpack[EventFacts],
) -> SearchStrategy[Delivery]:
    """HTTP requests that carry a conforming event: `Delivery` values, pairs of headers and body.

    `mode` is `structured`, `sdk-style` or `binary`. With and without `notification_id`, which Event Notifications adds.
    Facts as in `events`, or `event` stands for them all.
    """
    _known(profile)
    return _deliveries(
        events(profile, **facts) if event is None else _strategy(event),
        st.sampled_from(sorted(MODES, reverse=True)) if mode is None else _strategy(mode),
        st.none() | st.uuids().map(str) if notification_id is None else _strategy(notification_id),
    )


@st.composite
def _deliveries(
    draw: DrawFn, events: SearchStrategy[dict[str, Any]], modes: SearchStrategy[str], ids: SearchStrategy[str | None]
) -> Delivery:
    event, id = draw(events), draw(ids)
    return MODES[draw(modes)](event if id is None else received(event, id))


def _facts(scenario: Any, facts: ScenarioFacts) -> SearchStrategy[Scenario]:
    if scenario is None:
        return scenarios(**facts)
    if facts:
        raise UsageError(
            f"Both `scenario` and {', '.join(map(repr, facts))} were given.", "Give one scenario, or facts of one."
        )
    return _strategy(scenario)


def _id(draw: DrawFn, id: Any, choices: Choices) -> str:
    return choices.uuid() if id is None else draw(_strategy(id))


def _known(profile: str) -> None:
    check({}, profile)  # type: ignore[arg-type]
