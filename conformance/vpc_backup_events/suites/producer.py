"""The suite for producers."""

from __future__ import annotations

import pytest

from vpc_backup_events.suites import tests
from vpc_backup_events.trials.producer import PRODUCER, Produce, ProducerRun
from vpc_backup_events.trials.trial import Trial


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
        return tests.run_of(request, lambda _: ProducerRun(producer, tests.profile_of(request)))

    @tests.trials(PRODUCER)
    def test_requirement(
        self, request: pytest.FixtureRequest, trial: Trial[ProducerRun], producer_run: ProducerRun
    ) -> None:
        """Every event of the run satisfies the requirement."""
        tests.run_trial(request, trial, producer_run)

    def test_any_scenario(self, request: pytest.FixtureRequest, producer: Produce, producer_run: ProducerRun) -> None:
        """No scenario of chance has an event that breaks a requirement which the other tests found satisfied."""
        tests.any_scenario(
            request, PRODUCER, producer_run, lambda run, scenarios: ProducerRun(producer, run.profile, scenarios)
        )
