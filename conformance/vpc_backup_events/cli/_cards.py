"""Entries of the catalog as cards: a kind, an id, a title and facts, the same for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from vpc_backup_events import catalog
from vpc_backup_events.catalog import model
from vpc_backup_events.catalog.delivery import Severity

_TOPIC = "https://cloud.ibm.com/docs/vpc?topic="

# name of a fact -> text, list of texts, or list of facts
Facts: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """What there is to say about one entry of the catalog."""

    # requirement, reason code, API code, event type, severity, position or ledger entry
    kind: str
    id: str
    title: str
    facts: Facts = field(default_factory=dict)
    # of a code: what a person with a failed backup needs, one for each kind of job and resource
    advice: tuple[Facts, ...] = ()

    def as_json(self) -> Facts:
        """The card as one JSON object; facts that are empty are left out."""
        return {"kind": self.kind, "id": self.id, "title": self.title, **without_empty(self.facts)}


def of_requirement(entry: model.Requirement) -> Card:
    """What the requirement demands, of whom, why, and what a breach means in each profile."""
    return Card(
        "requirement",
        entry.id,
        entry.title,
        {
            "sentence": entry.sentence,
            "binds": f"{', '.join(entry.subject)} ({entry.level})",
            "finding": [f"{profile}: {level}" for profile, level in entry.profiles.items()],
            "what_to_do": "" if "{" in entry.hint else entry.hint,
            "rests_on": ": ".join(filter(None, (entry.kind, " ".join(filter(None, (entry.premise, entry.basis)))))),
            "source": _cited(entry.source),
            "position": _titled([entry.position], catalog.positions),
            "ledger": _titled(entry.ledger, catalog.ledger),
            "history": entry.history,
            "status": f"{entry.status} by {entry.check}" if entry.check else entry.status,
        },
    )


def of_reason(entry: model.Reason, pairs: Iterable[model.Pair], note: str = "") -> Card:
    """What the reason code means, and for each of its event types the cause, what to do, and how it is written."""
    pairs = tuple(pairs)
    return Card(
        "reason code",
        entry.name,
        entry.meaning,
        {
            "note": note,
            "resource_types": ", ".join(entry.resource_types),
            "in": [_pair(pair) for pair in pairs],
            "ledger": _titled(entry.ledger, catalog.ledger),
        },
        tuple(map(_advice_of_pair, pairs)),
    )


def _advice_of_pair(pair: model.Pair) -> Facts:
    group = catalog.event_types[pair.event_type].group
    return _advice(
        f"{pair.cause} ({pair.reason}, {group[:1].lower()}{group[1:]})",
        pair.action,
        pair.api_code.code,
        pair.prevention,
        f"{_TOPIC}{pair.topics[0]}",
    )


def _advice(happened: str, action: str, code: str | None, prevention: str, page: str) -> Facts:
    """What a person with a failed backup needs, in five lines; `code` is that of the job."""
    ask = catalog.examples.confirmation
    job = f"`{ask.command}`, or {ask.call} of the VPC API"
    why = f"has the code {code}." if code else "says why: the VPC API has no code for this reason."
    return {
        "what_happened": happened,
        "what_to_do": action,
        "confirm_it": f"{job}; its status is failed, and its status_reasons {why}",
        "prevent_it": prevention,
        "page": page,
    }


def of_api_code(entry: model.JobCode) -> Card:
    """What the VPC API means by the code, and the reason codes that it stands for."""
    tokens = {resource: catalog.pairs[pair].reason for resource, pair in entry.tokens.items() if pair}
    return Card(
        "API code",
        entry.code,
        entry.text,
        {
            "meaning": entry.explanation,
            "what_to_do": entry.action,
            "prevent_it": entry.prevention,
            "job_types": ", ".join(entry.job_types),
            "resource_types": ", ".join(entry.resource_types),
            "status": entry.status,
            "renamed_to": entry.renamed_to,
            "reason_code": [f"{resource}: {token}" for resource, token in tokens.items()] or "none",
            "example": f'"status_reason": "{entry.code}: {entry.text}"',
            "source": _cited(entry.source),
        },
        # what it means for a token stands with the token
        () if tokens else (_advice_of_code(entry),),
    )


def _advice_of_code(entry: model.JobCode) -> Facts:
    jobs = f"{' or '.join(entry.job_types)} of backups of {', '.join(entry.resource_types)}"
    return _advice(
        f"{entry.explanation} ({entry.code}, {jobs})",
        entry.action,
        entry.renamed_to or entry.code,
        entry.prevention,
        entry.source.url,
    )


def of_event_type(entry: model.EventType) -> Card:
    """What the event tells, the reason codes that it can carry, and the members that go with it."""
    pairs = [pair for pair in catalog.pairs.values() if pair.event_type == entry.type]
    return Card(
        "event type",
        entry.type,
        entry.title,
        {
            "meaning": entry.description,
            "group": entry.group,
            "rests_on": entry.kind,
            "source": _cited(entry.source),
            "reason_codes": [f"{pair.id} {pair.reason}" for pair in pairs],
            "also_written": list(entry.aliases),
            "example": [
                f'"type": "{entry.type}"',
                f'"match_resource_type": "{entry.resource_type}"',
                f'"job_type": "{entry.job_type}"',
            ],
            "topics": _topics(entry.topics),
            "position": _titled([entry.position], catalog.positions),
            "ledger": _titled(entry.ledger, catalog.ledger),
        },
    )


def of_severity(entry: Severity) -> Card:
    """Whether the severity is the one to send, and what destinations make of it."""
    return Card(
        "severity",
        entry.name,
        "any other value" if entry.fallback else "the value to send" if entry.canonical else "known to destinations",
        {
            "example": "" if entry.fallback else f'"ibmenseverity": "{entry.name}"',
            "pagerduty": [f"{table}: {value or 'no row'}" for table, value in entry.pagerduty.items()],
            "servicenow": [f"{member}: {value}" for member, value in entry.servicenow.items()],
            "shown_by": [catalog.documents[name].title for name in entry.shown_by if name in catalog.documents],
            "source": _cited(entry.source),
            "ledger": _titled(entry.ledger, catalog.ledger),
        },
    )


def of_position(entry: model.Position) -> Card:
    """What the project decided, and the requirements that follow."""
    following = [id for id, requirement in catalog.requirements.items() if requirement.position == entry.id]
    return Card(
        "position",
        entry.id,
        entry.title,
        {
            "decision": entry.text,
            "area": entry.area,
            "requirements": _titled(following, catalog.requirements),
        },
    )


def of_ledger_entry(entry: model.LedgerEntry) -> Card:
    """Where the documentation contradicts itself, whom it hurts, and the position that settles it."""
    bound = [id for id, requirement in catalog.requirements.items() if entry.id in requirement.ledger]
    return Card(
        "ledger entry",
        entry.id,
        entry.title,
        {
            "documentation": entry.seed,
            "elsewhere": entry.elsewhere,
            "producer": entry.producer,
            "consumer": entry.consumer,
            "strict": entry.strict,
            "tolerant": entry.tolerant,
            "levels": [f"{name}: {level}" for name, level in entry.levels.items()],
            "positions": _titled(entry.positions, catalog.positions),
            "requirements": _titled(bound, catalog.requirements),
        },
    )


def _pair(pair: model.Pair) -> Facts:
    event_type = catalog.event_types[pair.event_type]
    api = pair.api_code
    code = f"{api.code} ({api.confidence})" if api.code else "none"
    # a text that belongs to the code
    text = catalog.api_codes[api.code].text if api.code else pair.cause
    return without_empty(
        {
            "id": pair.id,
            "event_type": f"{event_type.type} ({event_type.group})",
            "cause": pair.cause,
            "what_to_do": pair.action,
            "prevent_it": pair.prevention,
            "spellings": [f"{one.spelling} - {_where(one)}: {one.source.url}" for one in pair.spellings],
            "api_code": f"{code}; {api.note}" if api.note else code,
            "texts": list(pair.texts),
            "topics": _topics(pair.topics),
            "left_open": pair.note,
            "example": f'"status_reason": "{api.code or pair.reason}: {text}"',
        }
    )


def _where(spelling: model.Spelling) -> str:
    document = catalog.documents.get(spelling.where)
    return document.title if document else spelling.where


def _cited(source: model.Citation) -> list[str]:
    return [source.document.title, source.url, *([source.note] if source.note else [])]


def _topics(topics: Iterable[str]) -> list[str]:
    return [f"{_TOPIC}{topic}" for topic in topics]


class _Titled(Protocol):
    @property
    def title(self) -> str: ...


def _titled(ids: Iterable[str], entries: Mapping[str, _Titled]) -> list[str]:
    """Each id with the title of its entry, where there is one."""
    return [f"{id} {entries[id].title}" if id in entries else id for id in ids]


def without_empty(facts: Facts) -> Facts:
    """The facts that there are."""
    return {name: fact for name, fact in facts.items() if fact}
