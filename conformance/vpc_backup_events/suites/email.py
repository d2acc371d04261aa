"""The suite for whoever writes the emails about failed backup jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vpc_backup_events.scenario import Scenario
from vpc_backup_events.suites import _pytest
from vpc_backup_events.suites.email_trials import EMAIL, EmailRun
from vpc_backup_events.suites.producer_trials import ProducerRun
from vpc_backup_events.suites.trial import Trial

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

        def start(last: EmailRun | None) -> EmailRun:
            return EmailRun(email, _pytest.profile_of(request)) if last is None else last

        return _pytest.subject_of(request, start)

    @_pytest.per_pair
    def test_scenario(self, made_of_each_scenario: int) -> None:
        """The writer makes an email of every scenario of the pair; where it can't, that is an error, not a breach."""
        assert made_of_each_scenario

    @pytest.fixture
    def made_of_each_scenario(self, request: pytest.FixtureRequest, email_run: EmailRun) -> int:
        """How many emails were made of a pair's scenarios."""
        return _pytest.made_of(request, email_run)

    @_pytest.trials(EMAIL)
    def test_requirement(self, request: pytest.FixtureRequest, trial: Trial[ProducerRun], email_run: EmailRun) -> None:
        """Every email of the run satisfies the requirement."""
        _pytest.judge(request, trial, email_run)

    def test_any_scenario(self, request: pytest.FixtureRequest, email: WriteEmail, email_run: EmailRun) -> None:
        """Hypothesis looks for a scenario whose email breaks a requirement that the other tests found satisfied."""
        _pytest.any_scenario(request, EMAIL, email_run, lambda run, scenario: EmailRun(email, run.profile, (scenario,)))
