"""From the text of a reason to the reasons that it names, as far as the documentation tells (P23)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import product, starmap

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair

__all__ = ["disagrees", "named_by"]

_WORD = re.compile(r"[a-z0-9]+")


def named_by(text: str) -> frozenset[str]:
    """The pairs whose reason the text gives; empty where it is a text that no page has.

    A text that the documentation or the VPC API has is known; any other one names the reasons whose words it has.
    """
    pairs = _documented().get(_normal(text))
    return pairs if pairs is not None else _by_words(text)


def disagrees(text: str, pairs: Iterable[Pair]) -> bool:
    """Whether the text gives another reason than the code, which means one of the pairs."""
    of_code = tuple(pairs)
    of_text = [catalog.pairs[id] for id in named_by(text)]
    if not of_text or not of_code or any(starmap(_same, product(of_text, of_code))):
        return False
    # a text that names its own reason in part may mention another one, as its cause
    is_documented = _normal(text) in _documented()
    return is_documented or not any(_mentions(text, pair) for pair in of_code)


def _mentions(text: str, pair: Pair) -> bool:
    """Whether the text has a word that tells the reason from others."""
    words = set(_words(text))
    return any(words & key for key in _keys(pair))


def _same(one: Pair, other: Pair) -> bool:
    """Whether two pairs are one condition, of one resource or the other."""
    return one.reason == other.reason or bool(one.api_code.code and one.api_code.code == other.api_code.code)


def _normal(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(". ")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


@cache
def _documented() -> dict[str, frozenset[str]]:
    """Every text that belongs to a reason, in normal form, and the pairs that it may stand for."""
    pairs: dict[str, set[str]] = {}
    for pair in catalog.pairs.values():
        code = catalog.api_codes.get(pair.api_code.code or "")
        texts = (pair.cause, catalog.reasons[pair.reason].meaning, *pair.texts)
        for text in (*texts, *((code.text, code.explanation) if code else ())):
            pairs.setdefault(_normal(text), set()).add(pair.id)
    return {text: frozenset(ids) for text, ids in pairs.items()}


@cache
def _keys(pair: Pair) -> tuple[frozenset[str], ...]:
    """The words that tell the reason from others, by each of its spellings."""
    common = frozenset(catalog.examples.common_words)
    spellings = (*(spelling.spelling for spelling in pair.spellings), pair.api_code.code or "")
    keys = (frozenset(_words(spelling)) - common for spelling in spellings)
    return tuple(dict.fromkeys(filter(None, keys)))


def _by_words(text: str) -> frozenset[str]:
    words = set(_words(text))
    return frozenset(pair.id for pair in catalog.pairs.values() if any(map(words.issuperset, _keys(pair))))
