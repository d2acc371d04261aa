"""The suite for services that implement the API."""

from __future__ import annotations

from typing import Any

import pytest

from vpc_backup_events.suites import _pytest
from vpc_backup_events.suites.service_trials import SERVICE, ServiceRun
from vpc_backup_events.suites.trial import Trial


class ServiceSuite:
    """Judges a service of the sources API: subclass it and override the fixture `service`.

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
    def service_run(
        self, request: pytest.FixtureRequest, service: Any, token: str | None, instance_id: str | None
    ) -> ServiceRun:
        """The service under test: one run for as long as the fixture gives the same service."""

        def start(last: ServiceRun | None) -> ServiceRun:
            if last is not None and last.service == service:
                return last
            if last is not None:
                last.close()
            return ServiceRun(service, token, instance_id, _pytest.profile_of(request))

        return _pytest.subject_of(request, start)

    @_pytest.trials(SERVICE)
    def test_requirement(
        self, request: pytest.FixtureRequest, trial: Trial[ServiceRun], service_run: ServiceRun
    ) -> None:
        """What the service answers satisfies the requirement."""
        _pytest.judge(request, trial, service_run)
