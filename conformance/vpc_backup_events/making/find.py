"""From the names that people use to pairs of event type and reason, and to mutations."""

from __future__ import annotations

from collections.abc import Sequence

from vpc_backup_events import catalog
from vpc_backup_events.catalog import normal_form
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.making import mutations
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import scenario_of
from vpc_backup_events.making.mutations import Mutation
from vpc_backup_events.values.errors import UsageError


def pairs(event_type: str = "", reason: str = "", resource_type: str = "", job_type: str = "") -> tuple[Pair, ...]:
    """The documentation's pairs that have everything that is named. Raises `UsageError` where there is none.

    `reason` is any documented spelling of a reason code.
    """
    _one_of("resource type", resource_type, catalog.resource_types)
    _one_of("job type", job_type, catalog.job_types)
    types = {_type_of(event_type)} if event_type else set(catalog.event_types)
    of_reason = [pair for pair in catalog.pairs.values() if not reason or _is_spelled(pair, reason)]
    if not of_reason:
        raise UsageError(f"There is no reason code {reason!r}.", f"There are: {', '.join(catalog.reasons)}.")
    result: list[Pair] = []
    for pair in of_reason:
        kind = catalog.event_types[pair.event_type]
        is_of_job = resource_type in ("", kind.resource_type) and job_type in ("", kind.job_type)
        if kind.type in types and is_of_job:
            result.append(pair)
    if not result:
        names = ", ".join(filter(None, (event_type, reason, resource_type, job_type)))
        events = [f"{pair.reason} with {catalog.event_types[pair.event_type].name}" for pair in of_reason if reason]
        raise UsageError(
            f"The documentation has no event with {names}.", f"It has: {'; '.join(events) or 'nothing like it'}."
        )
    return tuple(result)


def _is_spelled(pair: Pair, reason: str) -> bool:
    normal = normal_form(reason)
    return any(normal_form(spelling.spelling) == normal for spelling in pair.spellings)


def _type_of(name: str) -> str:
    """The event type of a full `type`, or of its last part."""
    for kind in catalog.event_types.values():
        if name in (kind.type, kind.name, *kind.aliases):
            return kind.type
    names = ", ".join(kind.name for kind in catalog.event_types.values())
    raise UsageError(f"There is no event type {name!r}.", f"There are: {names}.")


def _one_of(what: str, name: str, names: tuple[str, ...]) -> None:
    if name and name not in names:
        raise UsageError(f"There is no {what} {name!r}.", f"There are: {', '.join(names)}.")


def breaches(requirement: str, profile: str, among: Sequence[Pair]) -> tuple[Mutation, ...]:
    """The mutations that break this requirement, or any, as the one error in the profile. Raises `UsageError`."""
    every = mutations.breaches(profile)
    result = tuple(m for m in every if requirement in ("", m.requirement) and _fits(m, among))
    if result:
        return result
    if requirement not in catalog.requirements:
        raise UsageError(
            f"There is no requirement {requirement!r}.",
            "List them with `vpc-backup-events explain`, or leave the id out.",
        )
    raise UsageError(
        f"No event of these types and reasons breaks {requirement} alone, as an error in {profile} (object).",
        f"`vpc-backup-events explain {requirement}` says what it is about; try --profile strict, or leave the id out.",
    )


def quirks(entry: str, among: Sequence[Pair]) -> tuple[Mutation, ...]:
    """The mutations that show this ledger entry, or any. Raises `UsageError`."""
    every = mutations.quirks(("object",))
    result = tuple(m for m in every if (not entry or entry in m.ledger) and _fits(m, among))
    if result:
        return result
    entries: set[str] = set()
    for mutation in every:
        entries.update(mutation.ledger)
    raise UsageError(
        f"No event of these types and reasons shows {entry or 'a contradiction'}.",
        f"Events show {', '.join(sorted(entries))}.",
    )


def _fits(mutation: Mutation, among: Sequence[Pair]) -> bool:
    return any(mutation.fits(scenario_of(pair, Plain())) for pair in among)
