"""Mutations of the email about a failed job (P21 to P23): its title, its prose, the JSON below, and its encoding."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import SHORT
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, compact, email_body, email_details, plain_email, sibling
from vpc_backup_events.making.mutations.registry import mutation
from vpc_backup_events.values.scenario import Scenario

# prose is found as such in documented, next to what is wrong in it
PROSE = ("P21-body-mapping",)
SHORT_TEXT = catalog.examples.short_text


def _email(
    name: str,
    old: str = "",
    new: str = "",
    *,
    title: str = "{title}",
    also: tuple[str, ...] = PROSE,
    ledger: tuple[str, ...] = (),
) -> None:
    """A mutation of an email in prose: of its title, or of what stands first for `old` in its body.

    Names in braces are those of `_parts`.
    """

    @mutation(name, form="email", also=also, ledger=ledger)
    def changed(draft: Draft, choices: Choices) -> bytes:
        parts = _parts(draft.scenario)
        body = parts["body"].replace(old.format_map(parts), new.format_map(parts), 1)
        return plain_email(title.format_map(parts), body).encode()


def _parts(scenario: Scenario) -> dict[str, str]:
    """What the email about a job is made of, and what another one would be."""
    kind = event_type_of(scenario)
    details = compact(email_details(scenario))
    return {
        "title": kind.title,
        "lower_title": kind.title.lower(),
        "group": kind.group,
        "title_of_other_resource": sibling(scenario, "resource_type").title,
        "title_of_other_job": sibling(scenario, "job_type").title,
        "body": email_body(scenario),
        "resource": scenario.resource,
        "other_resource": _other(scenario.resource),
        "job": scenario.backup_policy_job,
        "other_job": _other(scenario.backup_policy_job),
        "cause": pair_of(scenario).cause.rstrip("."),
        "other_cause": _following(scenario).cause.rstrip("."),
        "details": details,
        "cut_details": details[:-1],
    }


def _other(id: str) -> str:
    return id[:-1] + ("0" if id[-1] != "0" else "1")


def _following(scenario: Scenario) -> Pair:
    """The next pair of the group."""
    pairs = [pair for pair in catalog.pairs.values() if pair.event_type == scenario.event_type]
    return pairs[(pairs.index(pair_of(scenario)) + 1) % len(pairs)]


_email("P22-title/missing", title="")
_email("P22-title-form/short-text", title=SHORT_TEXT, ledger=("D26", "D27"))
_email("P22-title-form/lower-case", title="{lower_title}", ledger=("D27",))
_email("P22-title-form/group", title="{group}", ledger=("D27",))
_email("P22-title-form/with-prefix", title="[ALERT] {title}")
for _fact in ("resource", "job"):
    _email(f"P22-title-agrees/{_fact}", title=f"{{title_of_other_{_fact}}}")
    _email(f"P22-body-title/{_fact}", "{title}", f"{{title_of_other_{_fact}}}")
_email("P22-body-title/missing", "{title}. ", "")
_email("P22-body-title/no-full-stop", "{title}.", "{title}")
_email("P22-body-title/greeting", "{title}", "Dear administrator, {title}")
for _fact, _label in {"resource": "Resource", "job": "BackupJobID"}.items():
    _sentence = f"{_label}: {{{_fact}}}"
    _email(f"P22-body-{_fact}/missing", f"{_sentence}. ", "")
    _email(f"P22-body-{_fact}/empty", f"{_sentence}. ", f"{_label}: . ")
    _email(f"P22-body-{_fact}/other-label", f"{_label}:", f"The {_label} is")
    _email(f"P22-{_fact}-agrees/other", _sentence, f"{_label}: {{other_{_fact}}}")
    _email(f"P22-body-{_fact}/no-full-stop", f"{_sentence}.", _sentence)
_email(
    "P22-body-job/before-the-resource",
    "Resource: {resource}. BackupJobID: {job}. ",
    "BackupJobID: {job}. Resource: {resource}. ",
)
_email("P22-body-reason/missing", "Reason: {cause}. ", "")
_email("P22-body-reason/empty", "Reason: {cause}. ", "Reason: . ")
_email("P22-body-reason/no-full-stop", "{cause}. ", "{cause} ")
_email("P22-body-details/missing", " Notification details: {details}", "")
_email("P22-body-details/no-json", "{details}", "see the console")
_email("P23-details-json/cut", "{details}", "{cut_details}")
_email("P23-details-json/list", "{details}", "[{details}]")
_email("P22-body-details/no-label", "Notification details: ", "")
_email(
    "P22-body-details/words",
    "{body}",
    "A backup job failed. See the console.",
    also=(*PROSE, "P22-body-title", "P22-body-resource", "P22-body-job", "P22-body-reason"),
)
_email("P23-text-agrees/other-reason", "{cause}", "{other_cause}", ledger=("D25",))


def _details(name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """A mutation of the JSON in an email, where the prose does not show it."""

    @mutation(name, form="email", also=PROSE)
    def changed(draft: Draft, choices: Choices) -> bytes:
        details = email_details(draft.scenario)
        change(details)
        return plain_email(event_type_of(draft.scenario).title, email_body(draft.scenario, details)).encode()


_details("P23-reason-status/email", lambda details: details["reasons"][0].update(status=""))
_details("P23-reason-more-info/email", lambda details: details["reasons"][0].pop("more_info"))
_details("P23-reasons/email-empty", lambda details: details.update(reasons=[]))
_details("P13-id-form/email", lambda details: details.update(backup_policy_plan="plan-1"))
_details("P17-more-info-url/email", lambda details: details["reasons"][0].update(more_info="http://example.com/"))
_details("P12-unknown-member/email", lambda details: details.update(region="us-south"))


def _mapped(name: str, title: str | None, body: Callable[[Draft], str], also: tuple[str, ...] = ()) -> None:
    """A mutation of the email that the mapping of Event Notifications makes: title, long text, and the event."""

    @mutation(name, form="email", also=also, ledger=("D26",))
    def changed(draft: Draft, choices: Choices) -> bytes:
        return plain_email(title or draft.attributes[SHORT], body(draft)).encode()


def _with_event(draft: Draft, text: str) -> str:
    return f"{text}\n\nNotification details:\n\n{json.dumps(draft.event(), indent=2)}"


_mapped("P22-body-prose/long-text", None, lambda draft: draft.text)
_mapped("P22-body-prose/long-text-and-event", None, lambda draft: _with_event(draft, draft.text))
_mapped("P21-title-mapping/other", SHORT_TEXT, lambda draft: _with_event(draft, draft.text), ("P22-body-prose",))
_mapped("P21-body-mapping/other", None, lambda draft: _with_event(draft, "A backup job failed."), ("P22-body-prose",))
_mapped("P11-details-json/email", None, lambda draft: draft.text[:-1], ("P22-body-prose",))


def _mime(name: str, fields: str, body: Callable[[str], bytes], also: tuple[str, ...]) -> None:
    """A mutation of the message's encoding."""

    @mutation(name, form="email", also=also)
    def changed(draft: Draft, choices: Choices) -> bytes:
        head = f"Subject: {event_type_of(draft.scenario).title}\r\nMIME-Version: 1.0\r\n{fields}\r\n\r\n"
        return head.encode() + body(email_body(draft.scenario).replace(". Resource", ".\u00a0Resource", 1))


_mime("P21-readable/charset", "Content-Type: text/plain; charset=us-ascii", lambda text: text.encode("latin-1"), PROSE)
_mime("P21-readable/unknown-charset", "Content-Type: text/plain; charset=x-klingon", str.encode, PROSE)
_mime(
    "P21-readable/base64",
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64",
    lambda text: b"!!!\r\n" + b64encode(text.encode()),
    PROSE,
)
_mime("P21-readable/no-text", "Content-Type: image/png", str.encode, ())
