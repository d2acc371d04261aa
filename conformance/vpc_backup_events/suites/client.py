"""The suite for clients of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vpc_backup_events.suites import tests
from vpc_backup_events.trials.client import CLIENT, Abilities, ClientRun, Register
from vpc_backup_events.trials.trial import Trial


class ClientSuite:
    """Judges a client that registers Backup for VPC as a source: subclass it and override the fixture `register`.

        class TestMyClient(ClientSuite):
            @pytest.fixture
            def register(self):
                return register_source

    It is called with base URL, token, instance id, CRN of the source and CRN of the instance, in this order; it returns
    on success and raises on failure. It may be a coroutine function. Needs the extra `api`.
    """

    @pytest.fixture
    def register(self) -> Register:
        """The client; to be overridden."""
        pytest.fail("Override the fixture `register` with a callable that registers a source.", pytrace=False)

    @pytest.fixture
    def list_sources(self) -> Callable[..., Any] | None:
        """Optional: called with base URL, token and instance id; lists all sources."""
        return None

    @pytest.fixture
    def send(self) -> Callable[..., Any] | None:
        """Optional: called with base URL, token, instance id and event; sends the event."""
        return None

    @pytest.fixture
    def confirm(self) -> Callable[..., Any] | None:
        """Optional: called with the base URL of the VPC API, token, policy and job; looks at the job."""
        return None

    @pytest.fixture
    def client_run(
        self,
        request: pytest.FixtureRequest,
        register: Register,
        list_sources: Callable[..., Any] | None,
        send: Callable[..., Any] | None,
        confirm: Callable[..., Any] | None,
    ) -> ClientRun:
        """The client under test."""
        abilities = Abilities(list_sources, send, confirm)
        return tests.run_of(request, lambda _: ClientRun(register, tests.profile_of(request), abilities))

    @tests.trials(CLIENT)
    def test_requirement(self, request: pytest.FixtureRequest, trial: Trial[ClientRun], client_run: ClientRun) -> None:
        """What the client asks, and how it takes the answers, satisfies the requirement."""
        tests.run_trial(request, trial, client_run)
