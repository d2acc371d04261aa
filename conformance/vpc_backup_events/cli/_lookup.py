"""From any name that the documentation or the catalog uses to the cards of what it names."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.cli import _cards
from vpc_backup_events.cli._cards import Card
from vpc_backup_events.values.errors import UnknownIdError


def look_up(name: str) -> list[Card]:
    """Every entry of this name, in any case; a reason code in any spelling, or by its text.

    Raises `UnknownIdError`, which names the nearest, where there is none.
    """
    wanted = name.strip().casefold()
    cards = [*_by_id(wanted), *_by_code(wanted)] if wanted else []
    if wanted and not cards:
        cards = [*_by_text(wanted)]
    if cards:
        return cards
    near = nearest(wanted) or _with_part(wanted)
    hint = f"The nearest are: {', '.join(near)}." if near else "Without an ID, all ids are listed."
    raise UnknownIdError(f"{name!r} is no requirement, reason code, event type, severity, position or entry.", hint)


def nearest(name: str) -> list[str]:
    """Up to three names of the catalog that are written like this one, closest first."""
    names = {known.casefold(): known for known in _names()}
    return [names[match] for match in get_close_matches(name.casefold(), names, n=3, cutoff=0.6)]


def _with_part(part: str) -> list[str]:
    """The reason codes that have this part, of three letters or more, in their name."""
    return [name for name in catalog.reasons if len(part) > 2 and part in name.casefold()]


def everything() -> dict[str, list[tuple[str, str]]]:
    """Id and title of all that can be explained, by kind."""
    return {
        "event type": [(each.type, each.title) for each in catalog.event_types.values()],
        "reason code": [(each.name, each.meaning) for each in catalog.reasons.values()],
        "API code": [(each.code, each.text) for each in catalog.api_codes.values()],
        "severity": [(each.name, _cards.of_severity(each).title) for each in catalog.severities.values()],
        "requirement": [(each.id, each.title) for each in catalog.requirements.values()],
        "position": [(each.id, each.title) for each in catalog.positions.values()],
        "ledger entry": [(each.id, each.title) for each in catalog.ledger.values()],
    }


def _by_id(wanted: str) -> Iterator[Card]:
    for requirement in catalog.requirements.values():
        if requirement.id.casefold() == wanted:
            yield _cards.of_requirement(requirement)
    for position in catalog.positions.values():
        if position.id.casefold() == wanted:
            yield _cards.of_position(position)
    for entry in catalog.ledger.values():
        if entry.id.casefold() == wanted:
            yield _cards.of_ledger_entry(entry)
    for kind in catalog.event_types.values():
        names = (kind.type, kind.name, kind.group, kind.title, *kind.aliases)
        # an alias may be given by its last segment too, as the name is
        if wanted in {each.casefold() for name in names for each in (name, name.rpartition(".")[2])}:
            yield _cards.of_event_type(kind)
    for severity in catalog.severities.values():
        if severity.name.casefold() == wanted:
            yield _cards.of_severity(severity)


def _by_code(wanted: str) -> Iterator[Card]:
    if wanted in catalog.api_codes:
        yield _cards.of_api_code(catalog.api_codes[wanted])
    documented = [pair for pair in catalog.pairs.values() if wanted in _codes(pair)]
    equated = [pair for pair in catalog.pairs.values() if catalog.normal_form(wanted) in _normal_forms(pair)]
    for reason in catalog.reasons.values():
        pairs = [pair for pair in reason.pairs if pair in (documented or equated)]
        if not pairs:
            continue
        note = ""
        if not documented:
            note = f"{wanted} is not documented; it is another way to write this code"
        elif wanted not in {reason.name.casefold(), *(pair.id.casefold() for pair in pairs)}:
            note = f"{wanted} is another documented name of this code"
        yield _cards.of_reason(reason, pairs, note)


def _by_text(wanted: str) -> Iterator[Card]:
    """The codes whose text this is, or which stand before it as in `status_reason`."""
    code, colon, text = wanted.partition(": ")
    stated = [*_by_code(code)] if colon else []
    if stated:
        yield from stated
        return
    for job_code in catalog.api_codes.values():
        if _plain(job_code.text) in (_plain(wanted), _plain(text)):
            yield from _by_code(job_code.code)
            return
    for reason in catalog.reasons.values():
        pairs = [pair for pair in reason.pairs if _plain(wanted) in map(_plain, (pair.cause, *pair.texts))]
        if pairs:
            yield _cards.of_reason(reason, pairs, "this is a text of the code")


def _plain(text: str) -> str:
    """A text without what people leave out when they copy it."""
    return " ".join(text.casefold().strip(" .\"'`").split())


def _codes(pair: Pair) -> set[str]:
    written = {each.spelling.casefold() for each in pair.spellings}
    return {pair.id.casefold(), pair.reason.casefold(), (pair.api_code.code or pair.id).casefold(), *written}


def _normal_forms(pair: Pair) -> set[str]:
    return {catalog.normal_form(code) for code in _codes(pair)}


def _names() -> Iterator[str]:
    for entries in everything().values():
        yield from (id for id, _ in entries)
    yield from catalog.pairs
    for pair in catalog.pairs.values():
        yield from (each.spelling for each in pair.spellings)
    yield from (kind.name for kind in catalog.event_types.values())
