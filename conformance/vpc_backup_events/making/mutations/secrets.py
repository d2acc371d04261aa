"""Mutations that hide a secret (P20). Every secret here is invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, compact
from vpc_backup_events.making.mutations.registry import attribute, member

SECRET = "correct-horse-battery-1"
VALUES = {
    "bearer-token": f"Bearer {SECRET}",
    "jwt": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl",
    "private-key": "-----BEGIN PRIVATE KEY----- MIIBVAIBADANBg -----END PRIVATE KEY-----",
    "url-password": f"https://nobody:{SECRET}@example.com/",
}
# decoys by pattern of the catalog: a pattern without one is an error at import
assert set(VALUES) == {pattern.name for pattern in catalog.secrets.patterns}


def _under(name: str) -> Callable[[Draft, Choices], Any]:
    """Data with a secret under the name, in one of its spellings."""
    spellings = (name, name.upper(), "-".join(name), "_".join(name))
    return lambda _, choices: {"jobs": [{"headers": {choices.of(spellings): SECRET}}]}


def _appended(member: str, text: str) -> Callable[[Draft, Choices], str]:
    return lambda draft, _: draft.details[member] + text


for _name in catalog.secrets.names:
    attribute("P20-no-secret", _name, {f"attribute-{_name}": SECRET})
    attribute("P20-no-secret", "data", {f"data-{_name}": _under(_name)})
attribute("P20-no-secret", "data", {"list-under-a-name": {"login": {"password": ["", SECRET]}}})
attribute("P20-no-secret", "data", {"object-under-a-name": {"Credentials": {"basic": [{"user": "x", "word": SECRET}]}}})
for _what, _value in VALUES.items():
    attribute("P20-no-secret", "extra", {f"attribute-value-{_what}": _value})
    attribute("P20-no-secret", "data", {f"data-value-{_what}": {"log": ["starting", f"with {_value}"]}})
    member("P20-no-secret", "status", {f"details-{_what}": _appended("status", f" ({_value})")})
    member("P20-no-secret", "status_reason", {f"reason-{_what}": _appended("status_reason", f" {_value}")})
attribute("P20-no-secret", "extra", {"json-in-a-string": compact({"request": {"apikey": SECRET}})})
