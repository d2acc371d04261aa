"""The events of a run: each is about a job of its own, so that no delivery is taken for another."""

from __future__ import annotations

from threading import Lock
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.making.mutations import Mutation
from vpc_backup_events.values.scenario import Scenario

__all__ = ["Jobs", "named"]


def named(mutation: Mutation) -> str:
    """An event with this mutation in words: what `check` finds in it, and how it came to that."""
    what, _, how = mutation.name.partition("/")
    return f"an event with {what} ({how.replace('-', ' ')})"


class Jobs:
    """Makes events of failed jobs, and knows which pair each is of.

    `run` ends every id, so that a consumer that remembers what it got takes no event for one of a run before; the facts
    are the same in every run. It has 12 hexadecimal digits, or none.
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._choices = Seeded(3)
        self._lock = Lock()
        # id of each event that was made of a scenario -> id of its pair
        self.pairs: dict[str, str] = {}

    def scenario(self, pair: Pair | None = None) -> Scenario:
        """The facts of a job that no other delivery of the run is about."""
        with self._lock:
            return scenario_of(pair or self._choices.of(list(catalog.pairs.values())), self._choices)

    def id(self) -> str:
        """A new id."""
        with self._lock:
            id = self._choices.uuid()
        return id[: len(id) - len(self._run)] + self._run

    def event(self, pair: Pair | None = None) -> dict[str, Any]:
        """A canonical event that no other delivery of the run carries."""
        return self.of_scenario(pair)[1]

    def plain(self) -> dict[str, Any]:
        """Such an event of the first pair, for trials that are about several events of a kind."""
        return self.event(next(iter(catalog.pairs.values())))

    def of_scenario(self, pair: Pair | None = None, code: str | None = None) -> tuple[Scenario, dict[str, Any]]:
        """A scenario and the event of it; `code` is how its reason is spelled."""
        scenario = self.scenario(pair)
        job = draft(scenario, self._id(pair_of(scenario)))
        if code is not None:
            job.details["status_reason"] = f"{code}: {pair_of(job.scenario).cause}"
        return job.scenario, job.event()

    def mutated(self, mutation: Mutation, pair: Pair | None = None) -> Any:
        """An event that a mutation changed, of a pair that it fits."""
        chosen = pair or next(p for p in catalog.pairs.values() if mutation.fits(self.scenario(p)))
        return mutation.apply(draft(self.scenario(chosen), self._id(chosen)), self._choices)

    def _id(self, pair: Pair) -> str:
        """A new id for an event of the pair."""
        id = self.id()
        self.pairs[id] = pair.id
        return id
