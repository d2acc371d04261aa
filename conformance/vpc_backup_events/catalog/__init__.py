"""The register as typed, immutable values: event types, reasons, severities, requirements, positions, ledger.

Everything is read from `schemas/catalog/` on first use; no other module spells a type, a reason or a requirement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from vpc_backup_events.catalog.model import (
    ApiCode,
    Citation,
    Destination,
    Document,
    Entry,
    EventType,
    JobCode,
    LedgerEntry,
    Limit,
    Pair,
    Position,
    Reason,
    Requirement,
    RetryPolicy,
    Role,
    Severity,
    Spelling,
)
from vpc_backup_events.catalog.spelling import normal_form
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.lazy import lazy_names

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
    secrets: Mapping[str, Any]
    crns: Mapping[str, Any]
    examples: Mapping[str, Any]
    regions: tuple[Mapping[str, Any], ...]
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


def _make(model: Callable[..., T], entry: Entry, **replaced: Any) -> T:
    """The entry as a value of `model`: lists become tuples, `source` a citation, and `replaced` wins."""
    members: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }
    if "source" in entry:
        members["source"] = _cite(entry["source"])
    return model(**{**members, **replaced})


def _cite(source: Entry) -> Citation:
    return Citation(_attribute("documents")[source["document"]], source.get("anchor", ""), source.get("note", ""))


def _documents() -> Mapping[str, Document]:
    entries = _load("documents", "documents")
    return _by("id", (Document(id, entry["title"], entry["url"], entry["kind"]) for id, entry in entries.items()))


def _event_types() -> Mapping[str, EventType]:
    return _by("type", (_make(EventType, entry) for entry in _load("event-types", "event_types")))


def _distinct(member: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(getattr(entry, member) for entry in _attribute("event_types").values()))


def _pair(reason: str, entry: Entry) -> Pair:
    spellings = (
        Spelling(item["spelling"], item["where"], _cite(item["source"]), tuple(item["ledger"]))
        for item in entry["spellings"]
    )
    return _make(
        Pair,
        {"note": "", **entry},
        reason=reason,
        api_code=ApiCode(**entry["api_code"]),
        spellings=tuple(spellings),
        texts=tuple(item["text"] for item in entry["texts"]),
    )


def _reasons() -> Mapping[str, Reason]:
    return _by(
        "name",
        (
            _make(Reason, entry, pairs=tuple(_pair(entry["name"], pair) for pair in entry["pairs"]))
            for entry in _load("reasons", "reasons")
        ),
    )


def _pairs() -> Mapping[str, Pair]:
    every = (pair for reason in _attribute("reasons").values() for pair in reason.pairs)
    return _by("id", sorted(every, key=lambda pair: pair.id))


def _api_codes() -> Mapping[str, JobCode]:
    return _by("code", (_make(JobCode, {"renamed_to": "", **entry}) for entry in _load("api-codes", "api_codes")))


def _severities() -> Mapping[str, Severity]:
    return _by(
        "name",
        (
            _make(Severity, {"fallback": False, "canonical": False, **entry})
            for entry in _load("severities", "severities")
        ),
    )


def _requirements() -> Mapping[str, Requirement]:
    folder = data_root("schemas") / "catalog" / "requirements"
    entries = (
        entry for path in sorted(folder.glob("*.json")) for entry in json.loads(path.read_bytes())["requirements"]
    )
    requirements = (
        _make(Requirement, {"premise": "", "basis": "", "history": "", **entry}, refines=frozenset(entry["refines"]))
        for entry in sorted(entries, key=lambda entry: entry["position"])
    )
    return _by("id", requirements)


def _positions() -> Mapping[str, Position]:
    entries = _load("positions", "positions")
    return _by("id", (Position(id, **entry) for id, entry in entries.items()))


def _ledger() -> Mapping[str, LedgerEntry]:
    entries = _load("ledger", "ledger")
    return _by("id", (_make(LedgerEntry, {"positions": [], **entry}, id=id) for id, entry in entries.items()))


def _destinations() -> Mapping[str, Destination]:
    return _by(
        "name",
        (
            _make(Destination, entry, limits=tuple(Limit(**limit) for limit in entry["limits"]))
            for entry in _load("destinations", "destinations")
        ),
    )


_LOADERS: dict[str, Callable[[], Any]] = {
    "documents": _documents,
    "event_types": _event_types,
    "reasons": _reasons,
    "pairs": _pairs,
    "api_codes": _api_codes,
    "severities": _severities,
    "requirements": _requirements,
    "positions": _positions,
    "ledger": _ledger,
    "examples": lambda: MappingProxyType(_load("examples", "examples")),
    "resource_types": lambda: _distinct("resource_type"),
    "job_types": lambda: _distinct("job_type"),
    "secrets": lambda: MappingProxyType(_load("secrets", "secrets")),
    "retry_policies": lambda: _by("name", (_make(RetryPolicy, entry) for entry in _load("delivery", "retry_policies"))),
    "roles": lambda: _by("name", (_make(Role, entry) for entry in _load("roles", "roles"))),
    "destinations": _destinations,
    "crns": lambda: MappingProxyType(_load("crns", "crns")),
    "regions": lambda: tuple(MappingProxyType(entry) for entry in _load("regions", "regions")),
}


__getattr__, __dir__ = lazy_names(__name__, __all__, _LOADERS)
_attribute = __getattr__
