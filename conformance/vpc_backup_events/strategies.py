"""Hypothesis strategies: scenarios, valid events, documented contradictions, breaches of one requirement, deliveries.

Wherever an argument is a fact, a value or a strategy of values may be given.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar

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

__all__ = ["Delivery", "Scenario", "deliveries", "events", "invalid_events", "quirks", "scenarios"]

T = TypeVar("T")
Value: TypeAlias = T | SearchStrategy[T]


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
    **facts: Any,
) -> SearchStrategy[Scenario]:
    """Scenarios of failed backup jobs: `Scenario` values, one of the documentation's 20 pairs of type and reason.

    `event_type` is a full `type` or its short name, `reason` any spelling of a reason code; `facts` are the other
    fields of `Scenario`. Raises `UsageError` for a name that is not in the catalog, or where no pair is left.
    """
    unknown = [name for name in facts if name not in Scenario.__dataclass_fields__]
    if unknown:
        known = ", ".join(Scenario.__dataclass_fields__)
        raise UsageError(f"A scenario has no {unknown[0]!r}.", f"It has {known}.")
    chosen = {"event_type": event_type, "reason": reason, "resource_type": resource_type, "job_type": job_type}
    named: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
    if not any(isinstance(value, SearchStrategy) for value in named.values()):
        return _scenarios(st.sampled_from(find.pairs(**named)), facts)
    return st.fixed_dictionaries({n: _strategy(v) for n, v in named.items()}).flatmap(
        lambda names: _scenarios(st.sampled_from(find.pairs(**names)), facts)
    )


@st.composite
def _scenarios(draw: DrawFn, pairs: SearchStrategy[Pair], facts: dict[str, Any]) -> Scenario:
    made = scenario_of(draw(pairs), _Drawn(draw))
    if not facts:
        return made
    given = {name: draw(_strategy(value)) for name, value in facts.items()}
    fields = {**made.as_json(), **given}
    if "resource" not in given and {"region", "account_id"} & set(given):
        id = made.resource.rpartition(":")[2]
        fields["resource"] = resource_crn(made.resource_type, fields["region"], fields["account_id"], id)
    return Scenario(**fields)


def events(
    profile: Profile = "documented",
    *,
    scenario: Value[Scenario] | None = None,
    id: Value[str] | None = None,
    extensions: Value[dict[str, Any]] | None = None,
    **facts: Any,
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
    ledger: str | None = None, *, scenario: Value[Scenario] | None = None, id: Value[str] | None = None, **facts: Any
) -> SearchStrategy[tuple[dict[str, Any] | str, str]]:
    """Documented contradictions: pairs of an event, which documented passes, and the ledger entry that it shows.

    `ledger` asks for one entry. Events are dicts, but for the raw line breaks of D18, which only text can have. Facts
    as in `events`. Raises `UsageError` for an entry that no event shows.
    """
    every = [(m, entry) for m in all_quirks() for entry in m.ledger]
    chosen = [(m, entry) for m, entry in every if ledger in (None, entry)]
    if not chosen:
        shown = ", ".join(sorted({entry for _, entry in every}))
        raise UsageError(f"No event shows {ledger!r}.", f"These ledger entries are shown by events: {shown}.")
    return _changed(chosen, _facts(scenario, facts), id, None)


def invalid_events(
    profile: Profile = "documented",
    *,
    requirement: str | None = None,
    forms: Sequence[Form] = ("object",),
    scenario: Value[Scenario] | None = None,
    id: Value[str] | None = None,
    **facts: Any,
) -> SearchStrategy[tuple[Any, str]]:
    """Events that break one requirement: pairs of an event and the id, the one error of `check` in the profile.

    `forms` says what an event may be: `object` (a dict), `text` (JSON text that is broken as such) or `message`
    (headers and body). Facts as in `events`. Raises `UsageError` for a requirement that no such event breaks alone.
    """
    _known(profile)
    every = breaches(profile, tuple(forms))
    chosen = [(m, m.requirement) for m in every if requirement in (None, m.requirement)]
    if not chosen:
        raise UsageError(
            f"No event of the forms {', '.join(forms)} breaks {requirement!r} alone, as an error in {profile}.",
            "Give an id that `catalog.requirements` has as an error in the profile, or other forms.",
        )
    return _changed(chosen, _facts(scenario, facts), id, profile)


@st.composite
def _changed(
    draw: DrawFn,
    chosen: list[tuple[Mutation, str]],
    scenarios: SearchStrategy[Scenario],
    id: Any,
    profile: Profile | None,
) -> tuple[Any, str]:
    """An event that a mutation changed, and what the mutation stands for; judged again before it is given away."""
    scenario = draw(scenarios)
    choices = _Drawn(draw)
    fitting = [each for each in chosen if each[0].fits(scenario)]
    if not fitting:
        reject()
    mutation, stands_for = choices.of(fitting)
    event = mutation.apply(draft(scenario, _id(draw, id, choices)), choices)
    # facts of the user's own may break more, or mend what was broken
    found = {f.requirement for f in check(event, profile or "documented").findings if f.level == "error"}
    if found != (mutation.errors(profile) if profile else set()):
        reject()
    return event, stands_for


def deliveries(
    profile: Profile = "documented",
    *,
    event: Value[dict[str, Any]] | None = None,
    mode: Value[str] | None = None,
    notification_id: Value[str | None] | None = None,
    **facts: Any,
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
    event, added = draw(events), draw(ids)
    return MODES[draw(modes)](event if added is None else received(event, added))


def _facts(scenario: Any, facts: dict[str, Any]) -> SearchStrategy[Scenario]:
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
