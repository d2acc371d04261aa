"""Rules for reason codes: which group they belong to, and how they are spelled (P16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import normal_form
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules.registry import Context, rule, string
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.memo import memo

__all__ = [
    "SHARE",
    "Group",
    "candidates",
    "code_breach",
    "code_breaches",
    "code_of",
    "groups",
    "job_type",
    "occurrences",
    "pairs_of",
    "reason_items",
]

SHARE = "share"
_STATUS_REASON: Path = (LONG, INSIDE, "status_reason")


@dataclass(frozen=True, eq=False)
class Group:
    """The codes that may stand with one resource type and one job type.

    Attributes:
        canonical: Codes that strict takes as they stand.
        spellings: Normal form of every documented spelling.
    """

    name: str
    resource_type: str
    job_type: str
    canonical: dict[str, Pair] = field(default_factory=dict)
    spellings: dict[str, Pair] = field(default_factory=dict)


@cache
def groups() -> dict[tuple[str, str], Group]:
    """The four groups of the documentation's table, by resource type and job type."""
    by_types = {}
    for event_type in catalog.event_types.values():
        group = Group(event_type.group, event_type.resource_type, event_type.job_type)
        for pair in catalog.pairs.values():
            if pair.event_type == event_type.type:
                group.canonical[pair.reason] = pair
                group.spellings.update((normal_form(s.spelling), pair) for s in pair.spellings)
        for code in catalog.api_codes.values():
            pair_id = code.tokens.get(event_type.resource_type)
            if pair_id and code.status == "current" and catalog.pairs[pair_id].event_type == event_type.type:
                group.canonical[code.code] = catalog.pairs[pair_id]
        by_types[group.resource_type, group.job_type] = group
    return by_types


@cache
def _codes(kind: str) -> dict[str, tuple[str, ...]]:
    """Normal form -> job types, of the VPC API's codes of this kind: without_token or share_only."""
    return {normal_form(c.code): c.job_types for c in catalog.api_codes.values() if getattr(c, kind)}


@cache
def _shared_tokens() -> frozenset[str]:
    """Normal forms of the tokens that stand in every group, which hold for shares too."""
    tokens: set[str] = set()
    for reason in catalog.reasons.values():
        if len(reason.pairs) == len(catalog.event_types):
            for pair in reason.pairs:
                tokens.update(normal_form(spelling.spelling) for spelling in pair.spellings)
    return frozenset(tokens)


def code_of(status_reason: str) -> str:
    """The code before the first colon and space."""
    return status_reason.partition(": ")[0]


def reason_items(context: Context) -> Iterable[tuple[int, Mapping[str, Any]]]:
    """The objects in `reasons`, with their index."""
    reasons = context.details.get("reasons")
    if not isinstance(reasons, list):
        return ()
    return ((index, item) for index, item in enumerate(reasons) if isinstance(item, dict))


def occurrences(context: Context) -> Iterator[tuple[Path, str]]:
    """Every code that the details state, and where."""
    reason = "" if context.prose else string(context.details, "status_reason")
    if reason:
        yield _STATUS_REASON, code_of(reason)
    for index, item in reason_items(context):
        status = string(item, "status")
        if status:
            yield (LONG, INSIDE, "reasons", index, "status"), status


def job_type(context: Context) -> str:
    """The job type in the API's words, or an empty string where it is not known."""
    return _job_type(string(context.details, "job_type"))


def _job_type(word: str) -> str:
    if word == "retention":
        return catalog.job_types[1]
    return word if word in catalog.job_types else ""


def candidates(context: Context) -> tuple[Group, ...]:
    """The groups that the details leave possible: one where both members are known, none for shares."""
    return _candidates(string(context.details, "match_resource_type"), string(context.details, "job_type"))


@memo
def _candidates(resource: str, job: str) -> tuple[Group, ...]:
    if resource == SHARE:
        return ()
    resource = resource if resource in catalog.resource_types else ""
    job = _job_type(job)
    return tuple(group for (r, j), group in groups().items() if resource in ("", r) and job in ("", j))


def pairs_of(context: Context, code: str) -> tuple[Pair, ...]:
    """The reasons that a code may mean in this event."""
    return _meanings(candidates(context), code)


@memo
def _meanings(groups: tuple[Group, ...], code: str) -> tuple[Pair, ...]:
    normal = normal_form(code)
    return tuple(group.spellings[normal] for group in groups if normal in group.spellings)


@memo
def code_breach(resource: str, job: str, code: str) -> tuple[str, Mapping[str, Any]] | None:
    """The requirement that the code breaks in a job of these words, and what is said of it, or None."""
    possible, job = _candidates(resource, job), _job_type(job)
    if any(code in group.canonical for group in possible):
        return None
    normal = normal_form(code)
    canonical = dict.fromkeys(chain.from_iterable(group.canonical for group in possible))
    expected = ", ".join(canonical) or "(none for shares)"
    pairs = _meanings(possible, code)
    if pairs:
        return "P16-code-spelling", {"value": code, "expected": pairs[0].reason}
    without, share = _codes("without_token"), _codes("share_only")
    if not possible:
        jobs = {**without, **share}.get(normal, ())
        if normal in _shared_tokens() or job in jobs or (jobs and not job):
            return "P16-code-share", {"value": code}
    elif normal in without and (not job or job in without[normal]):
        return "P16-code-without-token", {"value": code, "expected": expected}
    others = [g.name for g in groups().values() if normal in g.spellings]
    if normal in without:
        others.append("jobs of the type " + " or ".join(without[normal]))
    if normal in share:
        others.append("backups of shares")
    group = possible[0].name if len(possible) == 1 else "backups of shares" if not possible else "the group of the job"
    if others:
        values = {"value": code, "other": " and ".join(others), "group": group, "expected": expected}
        return "P16-code-group", values
    return "P16-code-known", {"value": code, "expected": expected}


@rule("P16-code-known", "P16-code-group", "P16-code-spelling", "P16-code-without-token", "P16-code-share")
def code_breaches(context: Context) -> Iterator[Breach]:
    """A code that its group does not have, or does not spell so."""
    resource, job = string(context.details, "match_resource_type"), string(context.details, "job_type")
    for path, code in occurrences(context):
        verdict = code_breach(resource, job, code)
        if verdict:
            requirement, values = verdict
            yield Breach(requirement, path, values)
