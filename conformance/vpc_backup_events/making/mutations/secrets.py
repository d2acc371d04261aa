"""Mutations that hide a secret (P20). Every secret here is invented."""

from __future__ import annotations

from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, compact
from vpc_backup_events.making.mutations.registry import attribute, mutation

SECRET = "correct-horse-battery-1"
VALUES = {
    "bearer-token": f"Bearer {SECRET}",
    "jwt": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl",
    "private-key": "-----BEGIN PRIVATE KEY----- MIIBVAIBADANBg -----END PRIVATE KEY-----",
    "url-password": f"https://nobody:{SECRET}@example.com/",
}
# decoys by pattern of the catalog: a pattern without one is an error at import
assert set(VALUES) == {pattern.name for pattern in catalog.secrets.patterns}

for _name in catalog.secrets.names:
    attribute("P20-no-secret", _name, {f"attribute-{_name}": SECRET})

    @mutation(f"P20-no-secret/data-{_name}")
    def in_data(draft: Draft, choices: Choices, name: str = _name) -> None:
        spelled = choices.of((name, name.upper(), "-".join(name), "_".join(name)))
        draft.attributes["data"] = {"jobs": [{"headers": {spelled: SECRET}}]}


attribute("P20-no-secret", "data", {"list-under-a-name": {"login": {"password": ["", SECRET]}}})
attribute("P20-no-secret", "data", {"object-under-a-name": {"Credentials": {"basic": [{"user": "x", "word": SECRET}]}}})

for _what, _value in VALUES.items():
    attribute("P20-no-secret", "extra", {f"attribute-value-{_what}": _value})

    @mutation(f"P20-no-secret/data-value-{_what}")
    def in_data_value(draft: Draft, choices: Choices, value: str = _value) -> None:
        draft.attributes["data"] = {"log": ["starting", f"with {value}"]}

    @mutation(f"P20-no-secret/details-{_what}")
    def in_details(draft: Draft, choices: Choices, value: str = _value) -> None:
        draft.details["status"] += f" ({value})"

    @mutation(f"P20-no-secret/reason-{_what}")
    def in_reason(draft: Draft, choices: Choices, value: str = _value) -> None:
        draft.details["status_reason"] += f" {value}"


@mutation("P20-no-secret/json-in-a-string")
def in_json(draft: Draft, choices: Choices) -> Any:
    draft.attributes["extra"] = compact({"request": {"apikey": SECRET}})
