"""The suite for consumers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from vpc_backup_events.suites import tests
from vpc_backup_events.suites.search import deliveries_of_chance, fail_with_the_plainest
from vpc_backup_events.trials.consumer import CONSUMER, LIMIT, ConsumerRun
from vpc_backup_events.trials.consumer.observer import Observe
from vpc_backup_events.trials.trial import Breached, Skipped, Trial, result_of
from vpc_backup_events.trials.words import text_of


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
            run = ConsumerRun(
                consumer,
                observe,
                tests.profile_of(request),
                methods=self.methods,
                limit=self.time_limit,
                path=self.path,
                headers=self.headers,
            )
            run.too_slow = last.too_slow if last else 0.0
            return run

        run = tests.run_of(request, start, consumer)
        run.observer.observe = observe
        return run

    @tests.trials(CONSUMER)
    def test_requirement(
        self, request: pytest.FixtureRequest, trial: Trial[ConsumerRun], consumer_run: ConsumerRun
    ) -> None:
        """What the consumer answers, and what it makes of the events, satisfies the requirement."""
        tests.run_trial(request, trial, consumer_run)

    def test_any_delivery(self, request: pytest.FixtureRequest, consumer_run: ConsumerRun) -> None:
        """The consumer accepts conforming events that chance wrote, where the other tests passed."""
        profile = tests.profile_of(request)
        satisfied = all(
            result_of(CONSUMER[requirement], consumer_run, profile).status in ("passed", "not exercised")
            for requirement in ("P25-some-form", "P25-notification-id", "P25-unknown-attributes")
        )
        if not satisfied:
            pytest.skip("the consumer does not accept every event and attribute, as other tests say")

        modes = [mode for mode in sorted(consumer_run.modes) if consumer_run.takes(mode)]

        def wrong(delivery: tuple[dict[str, Any], str]) -> str:
            event, mode = delivery
            try:
                exchange = consumer_run.send("a conforming event", event, mode)
            except Skipped as reason:
                pytest.skip(str(reason))
            except Breached as late:
                return text_of(CONSUMER["P25-in-time"].requirement, late)
            if exchange.accepted:
                return ""
            return f"P25: a conforming event was answered {exchange.status or exchange.error}, {mode}:\n{event}"

        def strategy() -> Any:
            from hypothesis import strategies as st

            from vpc_backup_events.strategies import events

            return st.tuples(events(profile), st.sampled_from(modes))

        for delivery in deliveries_of_chance(profile, modes):
            if message := wrong(delivery):
                fail_with_the_plainest(message, wrong, strategy)
