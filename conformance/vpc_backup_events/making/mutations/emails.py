"""Mutations of the email about a failed job (P21 to P23): its title, its prose, the JSON below, and its encoding."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Literal

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import SHORT
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, email_body, email_details, plain_email, sibling
from vpc_backup_events.making.mutations.registry import mutation
from vpc_backup_events.values.scenario import Scenario

# prose is found as such in documented, next to what is wrong in it
PROSE = ("P21-body-mapping",)
SHORT_TEXT = catalog.examples.short_text


def _email(
    name: str,
    *,
    title: Callable[[Scenario], str] = lambda s: event_type_of(s).title,
    body: Callable[[str, Scenario], str] = lambda text, _: text,
    also: tuple[str, ...] = PROSE,
    ledger: tuple[str, ...] = (),
) -> None:
    """A mutation of the title, of the body, or of both, of an email in prose."""

    @mutation(name, form="email", also=also, ledger=ledger)
    def changed(draft: Draft, choices: Choices) -> bytes:
        scenario = draft.scenario
        return plain_email(title(scenario), body(email_body(scenario), scenario)).encode()


def _replacement(name: str, old: str, new: str, ledger: tuple[str, ...] = ()) -> None:
    """A mutation of the body: what stands first for `old` becomes `new`; names in braces are facts of `_facts`."""

    def body(text: str, scenario: Scenario) -> str:
        facts = _facts(scenario)
        return text.replace(old.format_map(facts), new.format_map(facts), 1)

    _email(name, body=body, ledger=ledger)


def _facts(scenario: Scenario) -> dict[str, str]:
    return {
        "title": event_type_of(scenario).title,
        "resource": scenario.resource,
        "other_resource": _other(scenario.resource),
        "job": scenario.backup_policy_job,
        "other_job": _other(scenario.backup_policy_job),
        "cause": pair_of(scenario).cause.rstrip("."),
        "other_cause": _following(scenario).cause.rstrip("."),
    }


def _other(id: str) -> str:
    return id[:-1] + ("0" if id[-1] != "0" else "1")


def _following(scenario: Scenario) -> Pair:
    """The next pair of the group."""
    pairs = [pair for pair in catalog.pairs.values() if pair.event_type == scenario.event_type]
    return pairs[(pairs.index(pair_of(scenario)) + 1) % len(pairs)]


_email("P22-title/missing", title=lambda _: "")
_email("P22-title-form/short-text", title=lambda _: SHORT_TEXT, ledger=("D26", "D27"))
_email("P22-title-form/lower-case", title=lambda s: event_type_of(s).title.lower(), ledger=("D27",))
_email("P22-title-form/group", title=lambda s: event_type_of(s).group, ledger=("D27",))
_email("P22-title-form/with-prefix", title=lambda s: f"[ALERT] {event_type_of(s).title}")


def _of_another_failure(what: str, fact: Literal["resource_type", "job_type"]) -> None:
    """The title of another failure, above or in the body."""
    _email(f"P22-title-agrees/{what}", title=lambda s: sibling(s, fact).title)
    _email(
        f"P22-body-title/{what}",
        body=lambda text, s: text.replace(event_type_of(s).title, sibling(s, fact).title, 1),
    )


_of_another_failure("resource", "resource_type")
_of_another_failure("job", "job_type")
_replacement("P22-body-title/missing", "{title}. ", "")
_replacement("P22-body-title/no-full-stop", "{title}.", "{title}")
_email("P22-body-title/greeting", body=lambda text, _: f"Dear administrator, {text}")
for _fact, _label in {"resource": "Resource", "job": "BackupJobID"}.items():
    _sentence = f"{_label}: {{{_fact}}}"
    _replacement(f"P22-body-{_fact}/missing", f"{_sentence}. ", "")
    _replacement(f"P22-body-{_fact}/empty", f"{_sentence}. ", f"{_label}: . ")
    _replacement(f"P22-body-{_fact}/other-label", f"{_label}:", f"The {_label} is")
    _replacement(f"P22-{_fact}-agrees/other", _sentence, f"{_label}: {{other_{_fact}}}")
    _replacement(f"P22-body-{_fact}/no-full-stop", f"{_sentence}.", _sentence)
_replacement(
    "P22-body-job/before-the-resource",
    "Resource: {resource}. BackupJobID: {job}. ",
    "BackupJobID: {job}. Resource: {resource}. ",
)
_replacement("P22-body-reason/missing", "Reason: {cause}. ", "")
_replacement("P22-body-reason/empty", "Reason: {cause}. ", "Reason: . ")
_replacement("P22-body-reason/no-full-stop", "{cause}. ", "{cause} ")
_email("P22-body-details/missing", body=lambda text, _: text.partition(" Notification details:")[0])
_email("P22-body-details/no-json", body=lambda text, _: f"{text.partition('{')[0]}see the console")
_email("P23-details-json/cut", body=lambda text, _: text[:-1])
_email("P23-details-json/list", body=lambda text, _: text.replace("{", "[{", 1) + "]")
_replacement("P22-body-details/no-label", "Notification details: ", "")
_email(
    "P22-body-details/words",
    body=lambda text, _: "A backup job failed. See the console.",
    also=(*PROSE, "P22-body-title", "P22-body-resource", "P22-body-job", "P22-body-reason"),
)
_replacement("P23-text-agrees/other-reason", "{cause}", "{other_cause}", ledger=("D25",))


def _details(name: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """A mutation of the JSON in an email, where the prose does not show it."""

    def body(_: str, scenario: Scenario) -> str:
        details = email_details(scenario)
        change(details)
        return email_body(scenario, details)

    _email(name, body=body)


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
