"""Events by the million, for load tests and archives: seeded, the same bytes for the same seed everywhere.

Conforming events are made from templates: an event is written once with marks where it differs from others, and the
marks are filled in. Everything else is made one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, cycle
from typing import Any

from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.making.choices import Choices, Plain, Seeded, as_uuid
from vpc_backup_events.making.draft import compact, draft, scenario_of
from vpc_backup_events.making.mutations import Mutation
from vpc_backup_events.making.variation import vary

# of one pair of event type and reason: enough that each thing left open takes each of its forms
TEMPLATES = 48
_UUIDS = tuple(f"0000000{digit}-0000-0000-0000-000000000000" for digit in "1234567")
_ACCOUNT = "8" * 32
_DAY, _TIME = "2024-01-01", "00:00:00"
_MARKS = {**{uuid: f"u{n}" for n, uuid in enumerate(_UUIDS)}, _ACCOUNT: "account", _DAY: "day", _TIME: "time"}
_DAYS = tuple(f"{2024 + n // 336}-{1 + n // 28 % 12:02d}-{1 + n % 28:02d}" for n in range(2016))
_TIMES = tuple(f"{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}" for n in range(86_400))


def conforming(pairs: Sequence[Pair], seed: int = 0, profile: str = "strict") -> Iterator[bytes]:
    """Endless events as JSON on one line each: no finding in the profile, nor in documented."""
    templates = list(chain.from_iterable(_templates(pair, profile) for pair in pairs))
    count, days, times = len(templates), len(_DAYS), len(_TIMES)
    bits = Seeded(seed).bits
    while True:
        number = bits(96)
        h = f"{bits(1024):0256x}"
        facts = {f"u{n}": as_uuid(h[n * 32 : n * 32 + 32]) for n in range(7)}
        facts["account"] = h[224:]
        facts["day"], facts["time"] = _DAYS[(number >> 32) % days], _TIMES[(number >> 64) % times]
        yield (templates[number % count] % facts).encode()


@cache
def _templates(pair: Pair, profile: str) -> tuple[str, ...]:
    choices = Seeded(int(pair.id[1:]))
    return tuple(_template(pair, profile, choices) for _ in range(TEMPLATES))


def _template(pair: Pair, profile: str, choices: Choices) -> str:
    """An event of the pair as a format string, with names for the facts that differ from event to event."""
    marked = _Marked(choices)
    scenario = replace(scenario_of(pair, marked), time=f"{_DAY}T{_TIME}Z")
    text = compact(vary(draft(scenario, marked.uuid()), choices, profile)).replace("%", "%%")
    for mark, name in _MARKS.items():
        text = text.replace(mark, f"%({name})s")
    return text


class _Marked(Choices):
    """Choices of another, but for UUIDs and the account, in whose place there are marks."""

    def __init__(self, choices: Choices) -> None:
        self._uuids = iter(_UUIDS)
        self.below = choices.below  # type: ignore[method-assign]

    def uuid(self) -> str:
        return next(self._uuids)

    def hexadecimal(self, digits: int) -> str:
        assert digits == len(_ACCOUNT)
        return _ACCOUNT


def changed(pairs: Sequence[Pair], mutations: Sequence[Mutation], seed: int = 0) -> Iterator[tuple[Any, Mutation]]:
    """Endless events that mutations changed, each mutation in its turn, with the mutation.

    An event is a dict, text, a message or a list of events, as the mutation's form says. Ends at once where no mutation
    fits any pair.
    """
    choices = Seeded(seed)
    fitting = {mutation.name: _fitting(mutation, pairs) for mutation in mutations}
    first: dict[str, Any] = {}
    for mutation in cycle(m for m in mutations if fitting[m.name]):
        scenario = scenario_of(choices.of(fitting[mutation.name]), choices)
        event = mutation.apply(draft(scenario, choices.uuid()), choices)
        before = first.setdefault(mutation.name, event)
        # an id that the mutation gives is that of one event, which comes again unchanged
        yield (before if _is_same(event, before) else event), mutation


def _fitting(mutation: Mutation, pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if mutation.fits(scenario_of(pair, Plain()))]


def _is_same(event: Any, other: Any) -> bool:
    """Whether both are events with one id."""
    if not isinstance(event, dict) or not isinstance(other, dict):
        return False
    return isinstance(event.get("id"), str) and event["id"] == other.get("id")
