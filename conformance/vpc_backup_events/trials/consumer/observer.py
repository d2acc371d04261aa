"""What a consumer makes of events: looked at again and again, for as long as it may take to appear."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import monotonic, sleep
from typing import Any

from vpc_backup_events.trials.trial import NotExercised, Skipped

__all__ = ["PATIENCE", "SETTLE", "Observe", "Observer"]

# returns every interpretation so far, oldest first
Observe = Callable[[], Iterable[Mapping[str, Any]]]

# seconds that an interpretation may take to appear after the answer
PATIENCE = 2.0
# seconds that a second effect may take to appear
SETTLE = 0.3
# the same where it answered that it works later (202), after the last that appeared
LATER = 10.0
# seconds that all interpretations of some events may take
LONGEST_WAIT = 60.0
# seconds between two looks at the interpretations
_LOOK = 0.02


class Observer:
    """Observes a consumer; where `is_apart`, it may work on after it answered."""

    def __init__(self, observe: Observe | None, is_apart: bool, hint: str) -> None:
        self.observe = observe
        self._is_apart = is_apart
        # what is said to do where there is no `observe`
        self._hint = hint
        # it answered that it works later
        self.works_later = False
        # something was waited for as long as it may take, and did not appear
        self._gave_up = False
        # seconds that an interpretation is waited for, and that one is still waited for after one did not come
        self.patience = PATIENCE
        self._waits = self.patience
        # seconds of the longest wait for an interpretation that came
        self._lag = 0.0

    def every(self) -> list[dict[str, Any]]:
        """The interpretations so far, none where they are not observed."""
        return [dict(interpretation) for interpretation in (self.observe or list)()]

    def interpretations(self, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """What the consumer made of the events with these ids, waiting a moment for those that are missing."""
        if self.observe is None:
            raise Skipped(f"what the consumer makes of events is not observed: {self._hint}")
        started = monotonic()
        appeared = started
        by_id: dict[str, list[dict[str, Any]]] = {id: [] for id in ids}
        while True:
            every = self.every()
            if every and not any("id" in interpretation for interpretation in every):
                raise NotExercised("its interpretations have no `id`")
            for id, before in by_id.items():
                matching = [interpretation for interpretation in every if interpretation.get("id") == id]
                if len(matching) > len(before):
                    by_id[id] = matching
                    appeared = monotonic()
            now = monotonic()
            if all(by_id.values()):
                if by_id:
                    self._lag = max(self._lag, now - started)
                return by_id
            # what works later works on as long as more appears
            patience = max(self._waits, LATER) if self.works_later and not self._gave_up else self._waits
            if now - appeared > patience or now - started > LONGEST_WAIT:
                self._lag = max(self._lag, appeared - started)
                # what did not come in time once will not come in time again; what comes late has its time
                self._waits = max(self.patience / 10, 2 * self._lag)
                self._gave_up = True
                return by_id
            sleep(_LOOK)

    def settle(self) -> None:
        """Waits as long as a second effect may take."""
        if self._is_apart or self._lag > SETTLE / 10:
            sleep(max(SETTLE, 2 * self._lag))
