"""The suite for whoever writes the emails about failed backup jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vpc_backup_events.suites import tests
from vpc_backup_events.trials.email import EMAIL, EmailRun
from vpc_backup_events.trials.producer import ProducerRun
from vpc_backup_events.trials.trial import Trial
from vpc_backup_events.values.scenario import Scenario

WriteEmail = Callable[[Scenario], Any]


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
        tests.any_scenario(request, EMAIL, email_run, lambda run, scenarios: EmailRun(email, run.profile, scenarios))
