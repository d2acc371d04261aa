"""From the text of a reason to the reasons that it names, as far as the documentation tells (P23)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair

__all__ = ["disagrees", "named_by"]

# words that stand in the names of many reasons
_COMMON = frozenset(
    {"a", "backup", "can", "consistency", "group", "in", "is", "not", "of", "per", "service"}
    | {"snapshot", "snapshots", "source", "state", "the", "to", "volume"}
)
_WORD = re.compile(r"[a-z0-9]+")


def named_by(text: str) -> frozenset[str]:
    """The pairs whose reason the text gives; empty where it is a text that no page has.

    A text that the documentation or the VPC API has is known; any other one names the reasons whose words it has.
    """
    known = _known().get(_normal(text))
    return known if known is not None else _by_words(text)


def disagrees(text: str, pairs: Iterable[Pair]) -> bool:
    """Whether the text gives another reason than the code, which means one of the pairs."""
    means = list(pairs)
    named = [catalog.pairs[id] for id in named_by(text)]
    if not named or not means or any(_same(one, other) for one in named for other in means):
        return False
    # a text that names its own reason in part may mention another one, as its cause
    exact = _normal(text) in _known()
    words = set(_words(text))
    return exact or not any(words & key for pair in means for key in _keys(pair))


def _same(one: Pair, other: Pair) -> bool:
    """Whether two pairs are one condition, of one resource or the other."""
    return one.reason == other.reason or bool(one.api_code.code and one.api_code.code == other.api_code.code)


def _normal(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(". ")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


@cache
def _known() -> dict[str, frozenset[str]]:
    """Every text that belongs to a reason, in normal form, and the pairs that it may stand for."""
    known: dict[str, set[str]] = {}
    for pair in catalog.pairs.values():
        code = catalog.api_codes.get(pair.api_code.code or "")
        texts = (pair.cause, catalog.reasons[pair.reason].meaning, *pair.texts)
        for text in (*texts, *((code.text, code.explanation) if code else ())):
            known.setdefault(_normal(text), set()).add(pair.id)
    return {text: frozenset(ids) for text, ids in known.items()}


@cache
def _keys(pair: Pair) -> tuple[frozenset[str], ...]:
    """The words that tell the reason from others, by each of its spellings."""
    return tuple(dict.fromkeys(filter(None, _split(pair))))


def _split(pair: Pair) -> Iterator[frozenset[str]]:
    for spelling in (*(s.spelling for s in pair.spellings), pair.api_code.code or ""):
        yield frozenset(_words(spelling)) - _COMMON


def _by_words(text: str) -> frozenset[str]:
    words = set(_words(text))
    return frozenset(p.id for p in catalog.pairs.values() if any(key <= words for key in _keys(p)))
