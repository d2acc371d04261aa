"""Entries of the catalog as cards: a kind, an id, a title and facts, the same for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

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
    # its facts, of which some may be empty; made when they are asked for, as most are not
    describe: Callable[[], Facts]
    # of a code: what a person with a failed backup needs, one for each kind of job and resource
    advise: Callable[[], list[Facts]] = list
    # what it is called besides
    names: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        """The facts that there are."""
        return _without_empty(self.describe())

    def as_json(self) -> Facts:
        """The card as one JSON object."""
        return {"kind": self.kind, "id": self.id, "title": self.title, **self.facts}


def every() -> Iterator[Card]:
    """All that can be explained, by kind."""
    for kind in catalog.event_types.values():
        names = (kind.type, kind.name, kind.group, kind.title, *kind.aliases)
        # an alias may be given by its last segment too, as the name is
        segments = (name.rpartition(".")[2] for name in names)
        yield Card("event type", kind.type, kind.title, partial(_event_type, kind), names=(*names, *segments))
    for reason in catalog.reasons.values():
        yield of_reason(reason, reason.pairs)
    yield from map(of_api_code, catalog.api_codes.values())
    for severity in catalog.severities.values():
        yield Card("severity", severity.name, _role(severity), partial(_severity, severity))
    for requirement in catalog.requirements.values():
        yield Card("requirement", requirement.id, requirement.title, partial(_requirement, requirement))
    for position in catalog.positions.values():
        yield Card("position", position.id, position.title, partial(_position, position))
    for entry in catalog.ledger.values():
        yield Card("ledger entry", entry.id, entry.title, partial(_ledger_entry, entry))


def of_reason(entry: model.Reason, pairs: Sequence[model.Pair], note: str = "") -> Card:
    """The reason code in some of its pairs; the note says how it was named."""
    describe = partial(_reason, entry, pairs, note)
    return Card("reason code", entry.name, entry.meaning, describe, partial(_advice_of_pairs, pairs))


def of_api_code(entry: model.JobCode) -> Card:
    """The code of the VPC API."""
    return Card("API code", entry.code, entry.text, partial(_api_code, entry), partial(_advice_of_code, entry))


def _requirement(entry: model.Requirement) -> Facts:
    """What the requirement demands, of whom, why, and what a breach means in each profile."""
    return {
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
    }


def _reason(entry: model.Reason, pairs: Iterable[model.Pair], note: str) -> Facts:
    """What the reason code means, and for each of its event types the cause, what to do, and how it is written."""
    return {
        "note": note,
        "resource_types": ", ".join(entry.resource_types),
        "in": [_pair(pair) for pair in pairs],
        "ledger": _titled(entry.ledger, catalog.ledger),
    }


def _advice_of_pairs(pairs: Iterable[model.Pair]) -> list[Facts]:
    advice = []
    for pair in pairs:
        group = catalog.event_types[pair.event_type].group
        happened = f"{pair.cause} ({pair.reason}, {group[:1].lower()}{group[1:]})"
        page = f"{_TOPIC}{pair.topics[0]}"
        advice.append(_advice(happened, pair.action, pair.api_code.code, pair.prevention, page))
    return advice


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


def _api_code(entry: model.JobCode) -> Facts:
    """What the VPC API means by the code, and the reason codes that it stands for."""
    tokens = [f"{resource}: {catalog.pairs[pair].reason}" for resource, pair in entry.tokens.items() if pair]
    return {
        "meaning": entry.explanation,
        "what_to_do": entry.action,
        "prevent_it": entry.prevention,
        "job_types": ", ".join(entry.job_types),
        "resource_types": ", ".join(entry.resource_types),
        "status": entry.status,
        "renamed_to": entry.renamed_to,
        "reason_code": tokens or "none",
        "example": f'"status_reason": "{entry.code}: {entry.text}"',
        "source": _cited(entry.source),
    }


def _advice_of_code(entry: model.JobCode) -> list[Facts]:
    # what it means for a token stands with the token
    if any(entry.tokens.values()):
        return []
    jobs = f"{' or '.join(entry.job_types)} of backups of {', '.join(entry.resource_types)}"
    happened = f"{entry.explanation} ({entry.code}, {jobs})"
    code = entry.renamed_to or entry.code
    return [_advice(happened, entry.action, code, entry.prevention, entry.source.url)]


def _event_type(entry: model.EventType) -> Facts:
    """What the event tells, the reason codes that it can carry, and the members that go with it."""
    pairs = [pair for pair in catalog.pairs.values() if pair.event_type == entry.type]
    return {
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
    }


def _role(entry: Severity) -> str:
    if entry.fallback:
        return "any other value"
    return "the value to send" if entry.canonical else "known to destinations"


def _severity(entry: Severity) -> Facts:
    """What destinations make of the severity."""
    return {
        "example": "" if entry.fallback else f'"ibmenseverity": "{entry.name}"',
        "pagerduty": [f"{table}: {value or 'no row'}" for table, value in entry.pagerduty.items()],
        "servicenow": [f"{member}: {value}" for member, value in entry.servicenow.items()],
        "shown_by": [catalog.documents[name].title for name in entry.shown_by if name in catalog.documents],
        "source": _cited(entry.source),
        "ledger": _titled(entry.ledger, catalog.ledger),
    }


def _position(entry: model.Position) -> Facts:
    """What the project decided, and the requirements that follow."""
    following = [id for id, requirement in catalog.requirements.items() if requirement.position == entry.id]
    return {
        "decision": entry.text,
        "area": entry.area,
        "requirements": _titled(following, catalog.requirements),
    }


def _ledger_entry(entry: model.LedgerEntry) -> Facts:
    """Where the documentation contradicts itself, whom it hurts, and the position that settles it."""
    bound = [id for id, requirement in catalog.requirements.items() if entry.id in requirement.ledger]
    return {
        "documentation": entry.seed,
        "elsewhere": entry.elsewhere,
        "producer": entry.producer,
        "consumer": entry.consumer,
        "strict": entry.strict,
        "tolerant": entry.tolerant,
        "levels": [f"{name}: {level}" for name, level in entry.levels.items()],
        "positions": _titled(entry.positions, catalog.positions),
        "requirements": _titled(bound, catalog.requirements),
    }


def _pair(pair: model.Pair) -> Facts:
    event_type = catalog.event_types[pair.event_type]
    api = pair.api_code
    code = f"{api.code} ({api.confidence})" if api.code else "none"
    # a text that belongs to the code
    text = catalog.api_codes[api.code].text if api.code else pair.cause
    return _without_empty(
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


def _titled(ids: Iterable[str], entries: Mapping[str, Any]) -> list[str]:
    return [f"{id} {entries[id].title}" if id in entries else id for id in ids]


def _without_empty(facts: Facts) -> Facts:
    return {name: fact for name, fact in facts.items() if fact}
