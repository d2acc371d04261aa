"""The suite for consumers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from vpc_backup_events.making.deliveries import MODES
from vpc_backup_events.suites import tests
from vpc_backup_events.trials.consumer import CONSUMER, LIMIT, ConsumerRun
from vpc_backup_events.trials.trial import Trial, result_of

Observe = Callable[[], Iterable[Mapping[str, Any]]]


class ConsumerSuite:
    """Judges a consumer: subclass it and override the fixture `consumer`, and `observe` where it interprets events.

        class TestMyConsumer(ConsumerSuite):
            @pytest.fixture
            def consumer(self):
                return app

            @pytest.fixture
            def observe(self):
                return log.read

    A consumer is a URL, an ASGI or WSGI application, or a callable that takes headers and body and returns a status;
    or, of `vpc_backup_events.delivery`, a `MessageHandler` for Event Streams, an `ObjectHandler` for Cloud Object
    Storage, or a `Job` of Code Engine.
    """

    # the methods that the consumer says it serves
    methods: Sequence[str] = ("POST",)
    # where an application is called; a URL has its own
    path: str = "/"
    # custom headers of the destination, such as the secret that a consumer asks for
    headers: Mapping[str, str] = MappingProxyType({})
    # seconds that an answer may take
    time_limit: float = LIMIT

    @pytest.fixture
    def consumer(self) -> Any:
        """The consumer; to be overridden."""
        pytest.fail(
            "Override the fixture `consumer` with a URL, an ASGI or WSGI application, or a callable.", pytrace=False
        )

    @pytest.fixture
    def observe(self) -> Observe | None:
        """What the consumer made of the events, oldest first; without it, that part is skipped."""
        return None

    @pytest.fixture
    def consumer_run(self, request: pytest.FixtureRequest, consumer: Any, observe: Observe | None) -> ConsumerRun:
        """The consumer under test: one run for as long as the fixture gives the same consumer."""

        def start(last: ConsumerRun | None) -> ConsumerRun:
            if last is not None and last.consumer == consumer:
                last.observe = observe
                return last
            profile = tests.profile_of(request)
            run = ConsumerRun(
                consumer,
                observe,
                profile,
                methods=self.methods,
                limit=self.time_limit,
                path=self.path,
                headers=self.headers,
            )
            if last is not None:
                last.close()
                run.too_slow = last.too_slow
            return run

        return tests.subject_of(request, start)

    @tests.trials(CONSUMER)
    def test_requirement(
        self, request: pytest.FixtureRequest, trial: Trial[ConsumerRun], consumer_run: ConsumerRun
    ) -> None:
        """What the consumer answers, and what it makes of the events, satisfies the requirement."""
        tests.run_trial(request, trial, consumer_run)

    def test_any_delivery(self, request: pytest.FixtureRequest, consumer_run: ConsumerRun) -> None:
        """Hypothesis looks for a conforming event that the consumer does not accept though the other tests passed."""
        pytest.importorskip("hypothesis", reason="Hypothesis is not installed")
        from hypothesis import given, settings
        from hypothesis import strategies as st

        from vpc_backup_events.strategies import events

        profile = tests.profile_of(request)
        satisfied = all(
            result_of(CONSUMER[requirement], consumer_run, profile).status in ("passed", "not exercised")
            for requirement in ("P25-some-form", "P25-notification-id", "P25-unknown-attributes")
        )
        if not satisfied:
            pytest.skip("the consumer does not accept every event and attribute, as other tests say")

        modes = [consumer_run.mode]
        if not consumer_run.carrier:
            modes = [mode for mode in sorted(MODES) if consumer_run.takes(mode)]

        @settings(deadline=None)
        @given(event=events(profile), mode=st.sampled_from(modes))
        def look(event: dict[str, Any], mode: str) -> None:
            sent = consumer_run.send("a conforming event", event, mode)
            if not sent.accepted:
                came = sent.status or sent.error
                pytest.fail(f"P25: a conforming event was answered {came}, {mode}:\n{event}", pytrace=False)

        look()
