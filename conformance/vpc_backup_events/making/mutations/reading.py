"""Mutations of the JSON itself, of the prose around it, and of the message that carries it (P11, P23, P25)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Unpack

from vpc_backup_events.catalog import pair_of
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, compact, email_body, email_details
from vpc_backup_events.making.mutations.envelope import NOTHING
from vpc_backup_events.making.mutations.registry import MISSING, Marks, mutation, required_members, with_member
from vpc_backup_events.reading import Message


def _text(name: str, change: str | Callable[[str], str | bytes]) -> None:
    """A mutation of the event's text."""

    @mutation(name, form="text")
    def changed(draft: Draft, choices: Choices) -> str | bytes:
        return change if isinstance(change, str) else change(compact(draft.event()))


_text("P11-event-json/cut", lambda text: text[:-1])
_text("P11-event-json/comma-at-the-end", lambda text: text[:-1] + ",}")
_text("P11-event-json/single-quotes", lambda text: text.replace('"', "'"))
_text("P11-event-json/not-a-number", lambda text: text[:-1] + ',"extra":NaN}')
_text("P11-event-json/comment", lambda text: "// a failed job\n" + text)
_text("P11-event-json/two-documents", lambda text: text + text)
_text("P11-event-json/byte-order-mark", lambda text: "\ufeff" + text)
_text("P11-event-json/empty", "")
_text("P11-event-json/latin-1", lambda text: text.replace("specversion", "spécversion").encode("latin-1"))
_text("P11-event-json/nested-too-deep", lambda text: '{"data":' + "[" * 1_000 + "]" * 1_000 + "}")
for _what, _value in {"list": "[]", "text": '"event"', "number": "5", "null": "null", "true": "true"}.items():
    _text(f"P11-event-object/{_what}", _value)
_text("P11-event-duplicate-member/id", lambda text: text[:-1] + ',"id":"0f6a1c52-3f0e-4d5e-9a57-6c1f0b7c2d11"}')
_text("P11-event-duplicate-member/in-data", lambda text: text[:-1] + ',"data":{"a":1,"a":1}}')


@mutation("P11-raw-line-break/between-members", form="text", ledger=("D18",))
def raw_breaks(draft: Draft, choices: Choices) -> str:
    """As the payload example prints it."""
    escaped = json.dumps(draft.text)
    return compact(draft.event()).replace(escaped, escaped.replace(',\\"', ',\n  \\"'))


def _long(name: str, text: str | Callable[[Draft], str], **marks: Unpack[Marks]) -> None:
    """A mutation of the long text."""

    @mutation(name, **marks)
    def changed(draft: Draft, choices: Choices) -> None:
        draft.attributes[LONG] = text if isinstance(text, str) else text(draft)


_long("P11-line-break/between-members", lambda draft: json.dumps(draft.details, indent=2), ledger=("D21",))
_long("P11-line-break/carriage-return", lambda draft: draft.text + "\r", ledger=("D21",))
_long("P11-unquoted-id/backup-policy", lambda draft: _unquoted(draft, draft.scenario.backup_policy), ledger=("D19",))
_long("P11-details-json/cut", lambda draft: draft.text[:-1])
_long("P11-details-json/comma-at-the-end", lambda draft: draft.text[:-1] + ",}")
_long("P11-details-json/single-quotes", lambda draft: draft.text.replace('"', "'"))
_long("P11-details-json/words", "The backup job failed.")
_long("P11-details-json/prose-without-json", lambda draft: email_body(draft.scenario).partition(" Notification")[0])
_long("P11-details-json/unquoted-word", lambda draft: _unquoted(draft, draft.scenario.job_type))
_long("P11-details-json/json-twice", lambda draft: draft.text * 2)
_long("P11-details-json/encoded-twice", lambda draft: draft.text.replace('"', '\\"'))
for _what, _value in {"list": "[]", "number": "5", "null": "null", "true": "true"}.items():
    _long(f"P11-details-object/{_what}", _value)
_long("P11-details-object/json-in-a-string", lambda draft: json.dumps(draft.text))
_long(
    "P11-details-duplicate-member/job-type", lambda draft: f'{draft.text[:-1]},"job_type":"{draft.scenario.job_type}"}}'
)
_long("P11-prose/email-body", lambda draft: email_body(draft.scenario), ledger=("D26",))
_long(
    # a text that the code does not mean, as the email example has it
    "P11-prose/other-reason-text",
    lambda draft: email_body(draft.scenario).replace(pair_of(draft.scenario).cause.rstrip("."), "Nobody knows"),
    ledger=("D25",),
)


def _unquoted(draft: Draft, value: str) -> str:
    """The details with one value that stands without quotes."""
    return draft.text.replace(f'"{value}"', value, 1)


def _prose(name: str, member: str, value: Any) -> None:
    """A mutation of the JSON in the email's prose, which is in an event only with the prose around it."""

    @mutation(name, also=("P11-prose",))
    def changed(draft: Draft, choices: Choices) -> None:
        details = with_member(email_details(draft.scenario), member, value)
        draft.attributes[LONG] = email_body(draft.scenario, details)


for _member in required_members("P23"):
    # what else `reasons` may be is told of the details, where it may stand, too
    if _member != "reasons":
        for _what, _value in NOTHING.items():
            _prose(f"P23-{_member.replace('_', '-')}/{_what}", _member, _value)
_prose("P23-reasons/missing", "reasons", MISSING)


for _what, _type in {"text": "text/plain", "batch": "application/x-www-form-urlencoded"}.items():

    @mutation(f"P25-media-type/{_what}", form="message")
    def media_type(draft: Draft, choices: Choices, type: str = _type) -> Message:
        return Message.of({"Content-Type": type}, compact(draft.event()))


@mutation("P25-header-encoding/raw", form="message", ledger=("D22",))
def raw_headers(draft: Draft, choices: Choices) -> Message:
    return Message.of({f"ce-{name}": str(value) for name, value in draft.event().items()}, "")
