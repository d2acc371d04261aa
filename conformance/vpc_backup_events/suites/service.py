"""The suite for services that implement the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vpc_backup_events.suites import tests
from vpc_backup_events.trials.service import FUZZ, SERVICE, ServiceFacts, ServiceRun
from vpc_backup_events.trials.trial import Trial


class ServiceSuite:
    """Judges a service of the API: subclass it and override the fixture `service`.

        class TestMyService(ServiceSuite):
            @pytest.fixture
            def service(self):
                return app

    A service is a base URL, or an ASGI or WSGI application. `token` and `instance_id` say what it accepts.
    """

    @pytest.fixture
    def service(self) -> Any:
        """The service; to be overridden."""
        pytest.fail("Override the fixture `service` with a URL, or an ASGI or WSGI application.", pytrace=False)

    @pytest.fixture
    def token(self) -> str | None:
        """The bearer token that the service accepts; without it any is sent, and none is wrong."""
        return None

    @pytest.fixture
    def instance_id(self) -> str | None:
        """The instance that the service has; without it any is asked for."""
        return None

    @pytest.fixture
    def other_instance_id(self) -> str | None:
        """A second instance of the same account; without it a service with one instance is not asked for another."""
        return None

    @pytest.fixture
    def forbidden_token(self) -> str | None:
        """A token that is valid and may do nothing; without it none is tried."""
        return None

    @pytest.fixture
    def backup_policy(self) -> str | None:
        """A policy that has a failed backup job; without it that of IBM's example is tried."""
        return None

    @pytest.fixture
    def backup_policy_job(self) -> str | None:
        """A failed backup job of the policy."""
        return None

    @pytest.fixture
    def authorize(self) -> Callable[[bool], Any] | None:
        """Called with whether the IAM authorization is to exist; without it there is one all the time."""
        return None

    @pytest.fixture
    def provoke(self) -> Callable[[int], Any] | None:
        """Called with the status, 429 or 500, that the next request is to be answered with."""
        return None

    @pytest.fixture
    def fuzz(self) -> int:
        """Requests that are made up for each operation, besides those that cover its parameters; 0 makes none up."""
        return FUZZ

    @pytest.fixture
    def delivers(self) -> bool:
        """Whether it calls webhooks on this machine; judging how takes half a minute, in which it is called often."""
        return False

    @pytest.fixture
    def service_run(
        self,
        request: pytest.FixtureRequest,
        service: Any,
        token: str | None,
        instance_id: str | None,
        other_instance_id: str | None,
        forbidden_token: str | None,
        backup_policy: str | None,
        backup_policy_job: str | None,
        authorize: Callable[[bool], Any] | None,
        provoke: Callable[[int], Any] | None,
        fuzz: int,
        delivers: bool,
    ) -> ServiceRun:
        """The service under test: one run for as long as the fixture gives the same service."""
        facts = ServiceFacts(
            other_instance_id, forbidden_token, backup_policy, backup_policy_job, authorize, provoke, fuzz, delivers
        )
        profile = tests.profile_of(request)
        return tests.run_of(request, lambda _: ServiceRun(service, token, instance_id, profile, facts), service)

    @tests.trials(SERVICE)
    def test_requirement(
        self, request: pytest.FixtureRequest, trial: Trial[ServiceRun], service_run: ServiceRun
    ) -> None:
        """What the service answers satisfies the requirement."""
        tests.run_trial(request, trial, service_run)
