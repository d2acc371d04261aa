"""A producer under test: it is asked for an event of every scenario, and each event is judged once."""

from __future__ import annotations

import asyncio
import inspect
import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.checking.event import event_breaches
from vpc_backup_events.checking.findings import findings
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.checking.uniqueness import Identities
from vpc_backup_events.reading import Reading, read_event
from vpc_backup_events.trials.pairs import add_pairs
from vpc_backup_events.trials.producer.scenarios import DECOY, NEXT_JOB, DecoyScenario, concurrent, next_jobs, scenarios
from vpc_backup_events.trials.trial import Evidence, Skipped
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.errors import Declined, KitError
from vpc_backup_events.values.report import Finding, Profile, Source
from vpc_backup_events.values.scenario import Scenario

__all__ = ["SECRET", "NoEvent", "Produce", "ProducerRun", "Product"]

Produce = Callable[[Scenario], Any]
THREADS = 8
# characters of an event that evidence holds
LONGEST = 8_000
SECRET = "P20-no-secret"


class NoEvent(Exception):
    """The producer made nothing of a scenario; `str()` says what it did instead."""


@dataclass(frozen=True, slots=True)
class Product:
    """One event that the producer made, and what is wrong with it."""

    scenario: Scenario
    # plain, varied, concurrent, or with decoys
    how: str
    event: Any
    reading: Reading
    findings: tuple[Finding, ...]
    # what it says, by member
    interpretation: dict[str, str]

    @property
    def title(self) -> str:
        """Its scenario in words."""
        return f"{self.scenario.reason} in {event_type_of(self.scenario).name} ({self.how})"

    @property
    def hidden(self) -> bool:
        """Whether a secret may be in the event."""
        return isinstance(self.scenario, DecoyScenario) or any(f.requirement == SECRET for f in self.findings)


class ProducerRun:
    """A producer under test; its events are made once, when the first trial asks for them."""

    # what it makes, and what the fixture is called
    noun = "event"
    fixture = "producer"
    # whether an event may break a requirement beside those before it
    compares = True

    def __init__(self, produce: Produce, profile: Profile = "documented", more: Sequence[Scenario] = ()) -> None:
        self.produce = produce
        self.profile = profile
        # scenarios in place of the run's own
        self._more = more
        # by scenario: why there is no event
        self.errors: dict[Scenario, Exception] = {}
        self._identities = Identities()
        self.cases = 0

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """Every event of the run, in the order of the scenarios."""
        if self._more:
            return tuple(self._make([("varied", scenario) for scenario in self._more], map))
        with ThreadPoolExecutor(THREADS) as pool:
            alone = list(self._make([*scenarios(), *next_jobs()], map))
            return (*alone, *self._make(list(concurrent()), pool.map))

    @property
    def pairs(self) -> dict[str, tuple[int, int]]:
        """Id of each pair of event type and reason -> events made for it so far, and those with a finding."""
        pairs: dict[str, tuple[int, int]] = {}
        for product in self.__dict__.get("products", ()):
            add_pairs(pairs, {pair_of(product.scenario).id: (1, bool(product.findings))})
        return pairs

    def _make(self, requests: list[tuple[str, Scenario]], run: Any) -> Iterator[Product]:
        events = run(self._produced, [scenario for _, scenario in requests])
        for (how, scenario), event in zip(requests, events, strict=True):
            if isinstance(event, Exception):
                self.errors[scenario] = event
                continue
            reading, breaches, facts = self._judged(event)
            if self.compares and how != NEXT_JOB:
                breaches += self._identities.breaches(reading, Source())
            yield Product(scenario, how, event, reading, findings(breaches, self.profile), facts)

    def _judged(self, event: Any) -> tuple[Reading, list[Breach], dict[str, str]]:
        """What was read of an event, what is wrong in it, and what it says."""
        reading = read_event(event)
        return reading, list(event_breaches(reading, self.profile)), interpretation(reading)

    def text(self, event: Any) -> str:
        """The event as it was made, in one line."""
        if isinstance(event, bytes | bytearray):
            return bytes(event).decode("utf-8", "backslashreplace")
        if isinstance(event, str):
            return event
        try:
            return json.dumps(event, default=repr)
        except (TypeError, ValueError):
            return repr(event)

    def _produced(self, scenario: Scenario) -> Any:
        try:
            event = self.produce(scenario)
            # an asynchronous producer
            event = asyncio.run(event) if inspect.iscoroutine(event) else event
            is_nothing = event is None or (isinstance(event, str | bytes | dict) and not event)
            return NoEvent(f"the {self.fixture} returned {event!r}") if is_nothing else event
        except SystemExit as end:
            # it would end the run, and the next subject's with it
            return NoEvent(f"the {self.fixture} ended the process: SystemExit({end.code!r})")
        except Exception as error:
            return error

    def judged(self) -> tuple[Product, ...]:
        """The events; raises `Skipped` where there is none."""
        if not self.products:
            declined = next((error for error in self.errors.values() if isinstance(error, Declined)), "")
            why = f": {declined}" if declined else ", see P16-every-pair"
            raise Skipped(f"the {self.fixture} made no {self.noun}{why}")
        self.cases += len(self.products)
        return self.products

    @property
    def failures(self) -> dict[Scenario, Exception]:
        """The scenarios of which nothing was made, though the producer did not decline them and its program works."""
        return {
            scenario: error for scenario, error in self.errors.items() if not isinstance(error, Declined | KitError)
        }

    def failure(self, scenario: Scenario, error: Exception) -> Evidence:
        """What a scenario shows of which nothing was made."""
        title = f"{scenario.reason} in {event_type_of(scenario).name}"
        outcome = str(error)
        if not isinstance(error, NoEvent):
            # where it was raised says more than what
            frames = traceback.extract_tb(error.__traceback__)
            place = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
            outcome = f"the {self.fixture} raised {type(error).__name__}: {error}{place}"
        hidden = outcome.replace(DECOY, "(secret)")
        call = f"{self.fixture}({scenario!r})".replace(DECOY, "(secret)")
        return Evidence(title, values={"value": title}, outcome=hidden, exhibits=(("came", hidden),), reproduce=call)

    def evidence(self, product: Product, pointer: str, message: str, hint: str) -> Evidence:
        """What an event shows: its place, what is wrong there, and what to write instead."""
        hidden = f"(hidden: the {self.noun}, or its scenario, holds secrets)"
        return Evidence(
            product.title,
            message,
            hint,
            event=None if product.hidden else product.event,
            pointer=pointer,
            hidden=product.hidden,
            outcome=message,
            exhibits=(("produced", hidden if product.hidden else self.text(product.event)[:LONGEST]),),
            reproduce=f"{self.fixture}({product.scenario!r})",
        )
