"""What only some scenario or event shows: many are tried, and of what fails Hypothesis looks for the plainest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.making.choices import Choices, Seeded
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.making.variation import vary
from vpc_backup_events.values.report import Profile
from vpc_backup_events.values.scenario import Scenario

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["CASES", "deliveries_of_chance", "fail_with_the_plainest", "scenarios_of_chance"]

# that a run tries, as many of each pair of event type and reason; the same in every run, so that what fails fails again
CASES = 100
SEED = 0
# that Hypothesis tries, where something failed
EXAMPLES = 500


def scenarios_of_chance() -> tuple[Scenario, ...]:
    """Scenarios whose facts chance chose."""
    return tuple(scenario_of(pair, choices) for pair, choices in _pairs())


def deliveries_of_chance(profile: Profile, modes: list[str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Conforming events that chance wrote, each with a mode."""
    for pair, choices in _pairs():
        event = vary(draft(scenario_of(pair, choices), choices.uuid()), choices, profile)
        yield event, choices.of(modes)


def _pairs() -> Iterator[tuple[Pair, Choices]]:
    choices = Seeded(SEED)
    for pair in islice(cycle(catalog.pairs.values()), CASES):
        yield pair, choices


def fail_with_the_plainest(
    message: str, look: Callable[[Any], str], strategy: Callable[[], SearchStrategy[Any]]
) -> None:
    """Ends the test with the message of the plainest value that Hypothesis finds, else with the one that is there.

    `look` says what is wrong with a value, or nothing; `strategy` makes the values.
    """
    __tracebackhide__ = True
    if find_spec("hypothesis") is not None:
        from hypothesis import Phase, given, settings

        # the same in every run too; its database would take what another subject failed for this one's
        @settings(
            deadline=None,
            derandomize=True,
            max_examples=EXAMPLES,
            database=None,
            phases=(Phase.generate, Phase.shrink),
        )
        @given(value=strategy())
        def shrink(value: Any) -> None:
            if wrong := look(value):
                pytest.fail(wrong, pytrace=False)

        # it gives up on a subject that fails now and then, and one that has become slow is judged no more, which skips
        with suppress(Exception, pytest.skip.Exception):
            shrink()
    pytest.fail(message, pytrace=False)
