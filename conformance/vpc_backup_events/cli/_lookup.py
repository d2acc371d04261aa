"""From any name that the documentation or the catalog uses to the cards of what it names."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.cli import _cards
from vpc_backup_events.cli._cards import Card
from vpc_backup_events.values.errors import UnknownIdError

# kinds of cards that `_by_code` finds
_CODES = ("reason code", "API code")


def look_up(name: str) -> list[Card]:
    """Every entry of this name, in any case; a reason code in any spelling, or by its text.

    Raises `UnknownIdError`, which names the nearest, where there is none.
    """
    word = name.strip().casefold()
    cards = [*_by_id(word), *_by_code(word)] if word else []
    if word and not cards:
        cards = [*_by_text(word)]
    if cards:
        return cards
    near = _nearest(word) or [name for name in catalog.reasons if len(word) > 2 and word in name.casefold()]
    hint = f"The nearest are: {', '.join(near)}." if near else "Without an ID, all ids are listed."
    raise UnknownIdError(f"{name!r} is no requirement, reason code, event type, severity, position or entry.", hint)


def _nearest(name: str) -> list[str]:
    """Up to three names of the catalog that are written like this one, closest first."""
    names = [card.id for card in _cards.every()]
    names += catalog.pairs
    for pair in catalog.pairs.values():
        names += (spelling.spelling for spelling in pair.spellings)
    names += (kind.name for kind in catalog.event_types.values())
    by_folded = {name.casefold(): name for name in names}
    return [by_folded[match] for match in get_close_matches(name, by_folded, n=3, cutoff=0.6)]


def _by_id(word: str) -> Iterator[Card]:
    """What is called so; codes have names of their own."""
    for card in _cards.every():
        if card.kind not in _CODES and word in map(str.casefold, (card.id, *card.names)):
            yield card


def _by_code(word: str) -> Iterator[Card]:
    if word in catalog.api_codes:
        yield _cards.of_api_code(catalog.api_codes[word])
    documented = [pair for pair in catalog.pairs.values() if word in _codes(pair)]
    equated = [pair for pair in catalog.pairs.values() if catalog.normal_form(word) in _normal_forms(pair)]
    for reason in catalog.reasons.values():
        pairs = [pair for pair in reason.pairs if pair in (documented or equated)]
        if not pairs:
            continue
        note = ""
        if not documented:
            note = f"{word} is not documented; it is another way to write this code"
        elif word not in {reason.name.casefold(), *(pair.id.casefold() for pair in pairs)}:
            note = f"{word} is another documented name of this code"
        yield _cards.of_reason(reason, pairs, note)


def _by_text(word: str) -> Iterator[Card]:
    """The codes whose text this is, or which stand before it as in `status_reason`."""
    code, colon, text = word.partition(": ")
    stated = [*_by_code(code)] if colon else []
    if stated:
        yield from stated
        return
    for job_code in catalog.api_codes.values():
        if _plain(job_code.text) in (_plain(word), _plain(text)):
            yield from _by_code(job_code.code)
            return
    for reason in catalog.reasons.values():
        pairs = [pair for pair in reason.pairs if _plain(word) in map(_plain, (pair.cause, *pair.texts))]
        if pairs:
            yield _cards.of_reason(reason, pairs, "this is a text of the code")


def _plain(text: str) -> str:
    """A text without what people leave out when they copy it."""
    return " ".join(text.casefold().strip(" .\"'`").split())


def _codes(pair: Pair) -> set[str]:
    spellings = {spelling.spelling.casefold() for spelling in pair.spellings}
    return {pair.id.casefold(), pair.reason.casefold(), (pair.api_code.code or pair.id).casefold(), *spellings}


def _normal_forms(pair: Pair) -> set[str]:
    return {catalog.normal_form(code) for code in _codes(pair)}
