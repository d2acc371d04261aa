"""The suites for producers of events, and for whoever writes the emails about failed backup jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from vpc_backup_events.suites import tests
from vpc_backup_events.suites.search import fail_with_the_plainest, scenarios_of_chance
from vpc_backup_events.trials.email import EMAIL, EmailRun
from vpc_backup_events.trials.producer import PRODUCER, Produce, ProducerRun
from vpc_backup_events.trials.trial import Trial, result_of
from vpc_backup_events.values.scenario import Scenario

WriteEmail = Callable[[Scenario], Any]


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
        _any_scenario(
            request, PRODUCER, producer_run, lambda run, scenarios: ProducerRun(producer, run.profile, scenarios)
        )


class EmailSuite:
    """Judges a writer of emails: subclass it and override the fixture `email`.

        class TestMyEmails(EmailSuite):
            @pytest.fixture
            def email(self):
                return write_email

    A writer takes a `Scenario` and returns the message: RFC 5322 as text, bytes or an `email.message.EmailMessage`, the
    plain form of the documentation, or a pair of title and text.
    """

    @pytest.fixture
    def email(self) -> WriteEmail:
        """A callable from `Scenario` to an email; to be overridden."""
        pytest.fail("Override the fixture `email` with a callable that writes an email of a Scenario.", pytrace=False)

    @pytest.fixture
    def email_run(self, request: pytest.FixtureRequest, email: WriteEmail) -> EmailRun:
        """The writer under test, with its emails."""
        return tests.run_of(request, lambda _: EmailRun(email, tests.profile_of(request)))

    @tests.trials(EMAIL)
    def test_requirement(self, request: pytest.FixtureRequest, trial: Trial[ProducerRun], email_run: EmailRun) -> None:
        """Every email of the run satisfies the requirement."""
        tests.run_trial(request, trial, email_run)

    def test_any_scenario(self, request: pytest.FixtureRequest, email: WriteEmail, email_run: EmailRun) -> None:
        """No scenario of chance has an email that breaks a requirement which the other tests found satisfied."""
        _any_scenario(request, EMAIL, email_run, lambda run, scenarios: EmailRun(email, run.profile, scenarios))


def _any_scenario(
    request: pytest.FixtureRequest,
    every: Iterable[Trial[ProducerRun]],
    run: ProducerRun,
    again: Callable[[ProducerRun, tuple[Scenario, ...]], ProducerRun],
) -> None:
    """Many scenarios of chance: none breaks a requirement that the run found satisfied.

    `again` makes a run of the same subject from the scenarios that it is given.
    """
    if not run.products or run.errors:
        pytest.skip(f"the {run.fixture} does not make an {run.noun} of every scenario, see P16-every-pair")
    profile = tests.profile_of(request)
    satisfied = [trial for trial in every if result_of(trial, run, profile).status == "passed"]

    def wrong(scenarios: tuple[Scenario, ...]) -> str:
        other = again(run, scenarios)
        results = (result_of(trial, other, profile) for trial in satisfied)
        return next((result.message for result in results if result.status == "failed"), "")

    def strategy() -> Any:
        from vpc_backup_events.strategies import scenarios

        return scenarios().map(lambda scenario: (scenario,))

    if message := wrong(scenarios_of_chance()):
        fail_with_the_plainest(message, wrong, strategy)
