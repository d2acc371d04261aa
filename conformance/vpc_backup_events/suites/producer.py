"""The suite for producers."""

from __future__ import annotations

from typing import Any

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.errors import Declined
from vpc_backup_events.suites import _pytest
from vpc_backup_events.suites.producer_trials import PRODUCER, Produce, ProducerRun
from vpc_backup_events.suites.trial import Trial, result_of


class ProducerSuite:
    """Judges a producer: subclass it and override the fixture `producer`.

        class TestMyProducer(ProducerSuite):
            @pytest.fixture
            def producer(self):
                return build_event

    A producer takes a `Scenario` and returns the event: a dict, JSON text, bytes, or a pair of headers and body.
    """

    @pytest.fixture
    def producer(self) -> Produce:
        """A callable from `Scenario` to an event; to be overridden."""
        pytest.fail("Override the fixture `producer` with a callable that makes an event of a Scenario.", pytrace=False)

    @pytest.fixture
    def producer_run(self, request: pytest.FixtureRequest, producer: Produce) -> ProducerRun:
        """The producer under test, with its events."""

        def start(last: ProducerRun | None) -> ProducerRun:
            return ProducerRun(producer, _pytest.profile_of(request)) if last is None else last

        return _pytest.subject_of(request, start)

    @pytest.fixture
    def _event_of_each_scenario(self, request: pytest.FixtureRequest, producer_run: ProducerRun) -> int:
        """How many events were made of a pair's scenarios; the producer's error where it raised one."""
        made = [made for made in producer_run.made if made.scenario.pair.id == request.param]
        for scenario, error in producer_run.errors.items():
            if scenario.pair.id == request.param and isinstance(error, Declined):
                pytest.skip(str(error))
            if scenario.pair.id == request.param:
                raise error
        return len(made)

    @pytest.mark.parametrize("_event_of_each_scenario", list(catalog.pairs), indirect=True)
    def test_scenario(self, _event_of_each_scenario: int) -> None:
        """The producer makes an event of every scenario of the pair; where it can't, that is an error, not a breach."""
        assert _event_of_each_scenario

    @_pytest.trials(PRODUCER)
    def test_requirement(
        self, request: pytest.FixtureRequest, trial: Trial[ProducerRun], producer_run: ProducerRun
    ) -> None:
        """Every event of the run satisfies the requirement."""
        _pytest.judge(request, trial, producer_run)

    def test_any_scenario(self, request: pytest.FixtureRequest, producer: Produce, producer_run: ProducerRun) -> None:
        """Hypothesis looks for a scenario whose event breaks a requirement that the other tests found satisfied."""
        pytest.importorskip("hypothesis", reason="Hypothesis is not installed")
        from hypothesis import given, settings

        from vpc_backup_events.strategies import scenarios

        if producer_run.errors:
            pytest.skip("the producer does not make an event of every scenario")
        profile = _pytest.profile_of(request)
        satisfied = [t for t in PRODUCER if result_of(t, producer_run, profile).status == "passed"]

        @settings(deadline=None)
        @given(scenario=scenarios())
        def look(scenario: Any) -> None:
            run = ProducerRun(producer, profile, more=(scenario,))
            if not run.made:
                raise next(iter(run.errors.values()))
            for trial in satisfied:
                result = result_of(trial, run, profile)
                if result.status == "failed":
                    pytest.fail(result.message, pytrace=False)

        look()
