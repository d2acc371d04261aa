"""What is secret, and text without it: the one step through which all text goes that leaves the kit.

A secret is known by its look, by the name that stands before it, by its place in a URL, or because this run holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from vpc_backup_events import catalog
from vpc_backup_events.values.tokens import without

__all__ = [
    "HIDDEN",
    "holding",
    "looks_secret",
    "masked",
    "names_secret",
    "secret_name",
    "secret_names",
    "secret_patterns",
]

# what stands in the place of a secret
HIDDEN = "(hidden)"

_SEPARATORS = str.maketrans("", "", "-_")
# a name and what parts it from its value: `password=`, `"password": `, `\"password\":`
_NAMED = re.compile(r"""(?<![\w.-])([\w.-]++)["'\\]*+\s*+[:=]\s*+""")
# the value behind it: quoted, quoted inside a string, a list or an object, a scheme with its credentials, or a word
_VALUE = re.compile(
    r"""
    "(?:[^"\\]|\\.)*+"?
    | \\+"(?:(?!\\+").)*+(?:\\+")?
    | '(?:[^'\\]|\\.)*+'?
    | [\[{][^\]}]*+[\]}]?
    | (?:basic|bearer|digest|apikey|token)\s+[^\s,;&}\]"'`\\]+
    | [^\s,;&}\]"'`\\]+
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# neither a placeholder nor the name of a variable is a secret, and what is hidden stays as it is
_HARMLESS = re.compile(r"""["'\\]*(?:(?:\w+ )?(?:<[\w -]+>|\$\{?\w+\}?)|\(hidden\)?|HIDDEN|\*+|null)["'\\]*\Z""")
# a sentence that goes on behind a colon: "a secret: no password is shown", "Authorization: Bearer and the token"
_PROSE = re.compile(r"\w:\s+(?:[A-Z][a-z]+ )?[a-z]+,? [A-Za-z]")
_SENTENCE = re.compile(r"[Bb]earer [a-z]{1,4} [A-Za-z]")
# an option is named by a message of the command line
_OPTION = re.compile(r"--[\w-]+:\s")
# what stands before the host of a URL
_USER = re.compile(r"""(?<=://)[^\s/?#@"'<>]++(?=@)""")
# the end of an armoured key, which is secret from its first line on
_ARMOUR = re.compile(r"\A-----BEGIN ")
_ARMOUR_END = re.compile(r"-----END [A-Z0-9 ]*-----|\Z")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_HELD: ContextVar[tuple[str, ...]] = ContextVar("secrets of this run", default=())


@contextmanager
def holding(secrets: Iterable[str | None]) -> Iterator[None]:
    """Inside, `masked` also hides these: tokens that the command line or a setting gave to this run."""
    before = _HELD.set((*_HELD.get(), *(secret.strip() for secret in secrets if secret and secret.strip())))
    try:
        yield
    finally:
        _HELD.reset(before)


@cache
def secret_names() -> frozenset[str]:
    """The names of secrets, in lower case and without separators."""
    return frozenset(catalog.secrets.names)


@cache
def secret_patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Of each kind of secret: what a finding calls it, what it contains in lower case, and how it looks."""
    return tuple((kind.label, kind.contains, re.compile(kind.regex)) for kind in catalog.secrets.patterns)


def secret_name(name: str) -> bool:
    """Whether a value under this name is a secret."""
    return name.lower().translate(_SEPARATORS) in secret_names()


@cache
def names_secret(name: str) -> bool:
    """Whether a name ends in that of a secret, as `db_password` and `--service-token` do."""
    words = _WORDS.findall(name)
    return any("".join(words[-count:]).lower() in secret_names() for count in range(1, min(len(words), 4) + 1))


def looks_secret(text: str) -> str:
    """What kind of secret the text contains, or an empty string."""
    lower = text.lower()
    for label, literal, pattern in secret_patterns():
        if literal in lower and pattern.search(text):
            return label
    return ""


def masked(text: str) -> str:
    """The text with `HIDDEN` in place of every secret in it."""
    for secret in _HELD.get():
        text = without(secret, text, HIDDEN)
    if ":" in text or "=" in text:
        text = _USER.sub(HIDDEN, _without_named(text))
    lower = text.lower()
    for _, literal, pattern in secret_patterns():
        if literal in lower:
            text = _without_matches(text, pattern)
    return text


def _without_named(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for name in _NAMED.finditer(text):
        if name.start() < end or not names_secret(name[1]):
            continue
        # P34-wrong-token is a requirement
        if name[1] in catalog.requirements:
            continue
        value = _VALUE.match(text, name.end())
        if value is None or _HARMLESS.match(value[0]):
            continue
        if _OPTION.match(text, name.start()) or _PROSE.match(text, name.end(1) - 1):
            continue
        quote = value[0][0] if value[0][0] in "\"'" else ""
        pieces += [text[end : name.end()], quote, HIDDEN, quote]
        end = value.end()
    return "".join([*pieces, text[end:]])


def _without_matches(text: str, pattern: re.Pattern[str]) -> str:
    pieces: list[str] = []
    end = 0
    for match in pattern.finditer(text):
        start, behind = match.span()
        if start < end or _SENTENCE.search(text, start, behind + 2):
            continue
        if _ARMOUR.match(match[0]):
            behind = _armour_end(text, behind)
        elif not match[0][0].isalnum():
            # what stands before a secret is no part of it
            start += 1
        pieces += [text[end:start], HIDDEN]
        end = behind
    return "".join([*pieces, text[end:]])


def _armour_end(text: str, start: int) -> int:
    end = _ARMOUR_END.search(text, start)
    return end.end() if end else len(text)
