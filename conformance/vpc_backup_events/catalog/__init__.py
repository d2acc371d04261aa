"""The register as typed, immutable values: event types, reasons, severities, requirements, positions, ledger.

Everything is read from `schemas/catalog/` on first use; no other module spells a type, a reason or a requirement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from vpc_backup_events.catalog.delivery import Destination, RetryPolicy, Severity
from vpc_backup_events.catalog.facts import Examples, Region, Secrets
from vpc_backup_events.catalog.model import (
    Citation,
    Document,
    Entry,
    EventType,
    JobCode,
    LedgerEntry,
    Pair,
    Position,
    Reason,
    Requirement,
    Role,
    Spelling,
)
from vpc_backup_events.catalog.spelling import normal_form
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.lazy import lazy_names
from vpc_backup_events.values.records import record

if TYPE_CHECKING:
    from vpc_backup_events.values.scenario import Scenario

    documents: Mapping[str, Document]
    event_types: Mapping[str, EventType]
    reasons: Mapping[str, Reason]
    pairs: Mapping[str, Pair]
    api_codes: Mapping[str, JobCode]
    severities: Mapping[str, Severity]
    requirements: Mapping[str, Requirement]
    retry_policies: Mapping[str, RetryPolicy]
    roles: Mapping[str, Role]
    destinations: Mapping[str, Destination]
    positions: Mapping[str, Position]
    ledger: Mapping[str, LedgerEntry]
    secrets: Secrets
    crns: Mapping[str, Any]
    examples: Examples
    regions: tuple[Region, ...]
    resource_types: tuple[str, ...]
    job_types: tuple[str, ...]

__all__ = [
    "api_codes",
    "crns",
    "destinations",
    "documents",
    "event_type_of",
    "event_types",
    "examples",
    "job_types",
    "ledger",
    "normal_form",
    "pair_of",
    "pairs",
    "positions",
    "reasons",
    "regions",
    "requirements",
    "resource_types",
    "retry_policies",
    "roles",
    "secrets",
    "severities",
]


T = TypeVar("T")


def event_type_of(scenario: Scenario) -> EventType:
    """The event type that a scenario names; raises `KeyError` where there is none of this name."""
    kind: EventType = _attribute("event_types")[scenario.event_type]
    return kind


def pair_of(scenario: Scenario) -> Pair:
    """The reason of a scenario within its event type; raises `KeyError` where the table has no such cell."""
    reason: Reason = _attribute("reasons")[scenario.reason]
    for pair in reason.pairs:
        if pair.event_type == scenario.event_type:
            return pair
    raise KeyError((scenario.event_type, scenario.reason))


def _load(path: str, key: str) -> Any:
    return json.loads((data_root("schemas") / "catalog" / f"{path}.json").read_bytes())[key]


def _by(key: str, values: Iterable[T]) -> Mapping[str, T]:
    return MappingProxyType({getattr(value, key): value for value in values})


def _make(model: Callable[..., T], entry: Entry, **fields: Any) -> T:
    """The entry as a value of `model`, its source as a citation."""
    if "source" in entry:
        fields["source"] = _cite(entry["source"])
    return record(model, entry, **fields)


def _cite(source: Entry) -> Citation:
    return Citation(_attribute("documents")[source["document"]], source.get("anchor", ""), source.get("note", ""))


def _listed(path: str, key: str, model: Callable[..., T], by: str = "name") -> Mapping[str, T]:
    """The entries of a file that lists them."""
    return _by(by, (_make(model, entry) for entry in _load(path, key)))


def _keyed(path: str, model: Callable[..., T]) -> Mapping[str, T]:
    """The entries of a file that has each under its id."""
    return _by("id", (record(model, entry, id=id) for id, entry in _load(path, path).items()))


def _distinct(member: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(getattr(entry, member) for entry in _attribute("event_types").values()))


def _reasons() -> Mapping[str, Reason]:
    return _by("name", map(_reason, _load("reasons", "reasons")))


def _reason(entry: Entry) -> Reason:
    return record(Reason, entry, pairs=tuple(_pair(entry["name"], pair) for pair in entry["pairs"]))


def _pair(reason: str, entry: Entry) -> Pair:
    spellings = tuple(map(_spelling, entry["spellings"]))
    texts = tuple(text["text"] for text in entry["texts"])
    return record(Pair, entry, reason=reason, spellings=spellings, texts=texts)


def _spelling(entry: Entry) -> Spelling:
    return Spelling(entry["spelling"], entry["where"], _cite(entry["source"]), tuple(entry["ledger"]))


def _pairs() -> Mapping[str, Pair]:
    every: list[Pair] = []
    for reason in _attribute("reasons").values():
        every += reason.pairs
    return _by("id", sorted(every, key=lambda pair: pair.id))


def _requirements() -> Mapping[str, Requirement]:
    entries: list[Entry] = []
    for path in sorted((data_root("schemas") / "catalog" / "requirements").glob("*.json")):
        entries += json.loads(path.read_bytes())["requirements"]
    entries.sort(key=lambda entry: entry["position"])
    return _by("id", (_make(Requirement, entry) for entry in entries))


_LOADERS: dict[str, Callable[[], Any]] = {
    "documents": lambda: _keyed("documents", Document),
    "event_types": lambda: _listed("event-types", "event_types", EventType, "type"),
    "reasons": _reasons,
    "pairs": _pairs,
    "api_codes": lambda: _listed("api-codes", "api_codes", JobCode, "code"),
    "severities": lambda: _listed("severities", "severities", Severity),
    "requirements": _requirements,
    "positions": lambda: _keyed("positions", Position),
    "ledger": lambda: _keyed("ledger", LedgerEntry),
    "examples": lambda: _make(Examples, _load("examples", "examples")),
    "resource_types": lambda: _distinct("resource_type"),
    "job_types": lambda: _distinct("job_type"),
    "secrets": lambda: record(Secrets, _load("secrets", "secrets")),
    "retry_policies": lambda: _listed("delivery", "retry_policies", RetryPolicy),
    "roles": lambda: _listed("roles", "roles", Role),
    "destinations": lambda: _listed("destinations", "destinations", Destination),
    "crns": lambda: MappingProxyType(_load("crns", "crns")),
    "regions": lambda: tuple(record(Region, entry) for entry in _load("regions", "regions")),
}


__getattr__, __dir__ = lazy_names(__name__, __all__, _LOADERS)
_attribute = __getattr__
