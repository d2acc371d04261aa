"""Mutations of the email about a failed job (P21 to P23): its title, its prose, the JSON below, and its encoding."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.catalog.names import SHORT
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, email_body, email_details, plain_email
from vpc_backup_events.making.mutations.registry import mutation
from vpc_backup_events.values.scenario import Scenario

# prose is found as such in documented, next to what is wrong in it
PROSE = ("P21-body-mapping",)
SHORT_TEXT = catalog.examples["short_text"]


def _email(
    name: str,
    *,
    title: Callable[[Scenario], str] = lambda s: event_type_of(s).title,
    body: Callable[[str, Scenario], str] = lambda text, _: text,
    also: tuple[str, ...] = PROSE,
    **more: Any,
) -> None:
    """A mutation of the title, of the body, or of both, of an email in prose."""

    @mutation(name, form="email", also=also, **more)
    def changed(draft: Draft, choices: Choices) -> bytes:
        scenario = draft.scenario
        return plain_email(title(scenario), body(email_body(scenario), scenario)).encode()


def _cause(scenario: Scenario) -> str:
    return pair_of(scenario).cause.rstrip(".")


def _other(id: str) -> str:
    return id[:-1] + ("0" if id[-1] != "0" else "1")


def _other_title(scenario: Scenario, fact: str) -> str:
    """The title of the failure that differs in one fact: `resource_type` or `job_type`."""
    facts = ("resource_type", "job_type")
    return next(
        e.title
        for e in catalog.event_types.values()
        if all((getattr(e, name) == getattr(scenario, name)) == (name != fact) for name in facts)
    )


_email("P22-title/missing", title=lambda _: "")
_email("P22-title-form/short-text", title=lambda _: SHORT_TEXT, ledger=("D26", "D27"))
_email("P22-title-form/lower-case", title=lambda s: event_type_of(s).title.lower(), ledger=("D27",))
_email("P22-title-form/group", title=lambda s: event_type_of(s).group, ledger=("D27",))
_email("P22-title-form/with-prefix", title=lambda s: f"[ALERT] {event_type_of(s).title}")


def _of_another_failure(what: str, fact: str) -> None:
    """The title of another failure, above or in the body."""
    _email(f"P22-title-agrees/{what}", title=lambda s: _other_title(s, fact))
    _email(
        f"P22-body-title/{what}",
        body=lambda text, s: text.replace(event_type_of(s).title, _other_title(s, fact), 1),
    )


_of_another_failure("resource", "resource_type")
_of_another_failure("job", "job_type")
_email("P22-body-title/missing", body=lambda text, s: text.removeprefix(f"{event_type_of(s).title}. "))
_email(
    "P22-body-title/no-full-stop",
    body=lambda text, s: text.replace(f"{event_type_of(s).title}.", event_type_of(s).title, 1),
)
_email("P22-body-title/greeting", body=lambda text, s: f"Dear administrator, {text}")


def _labelled(what: str, label: str, member: str) -> None:
    """A sentence of the prose that is not as it should be: `label`, and the member's value."""

    def changed(old: str, new: str) -> Callable[[str, Scenario], str]:
        def change(text: str, scenario: Scenario) -> str:
            value = getattr(scenario, member)
            return text.replace(old.format(value), new.format(_other(value)), 1)

        return change

    _email(f"P22-body-{what}/missing", body=changed(f"{label}: {{}}. ", ""))
    _email(f"P22-body-{what}/empty", body=changed(f"{label}: {{}}. ", f"{label}: . "))
    _email(f"P22-body-{what}/other-label", body=changed(f"{label}:", f"The {label} is"))
    _email(f"P22-{what}-agrees/other", body=changed(f"{label}: {{}}", f"{label}: {{}}"))

    def unended(text: str, scenario: Scenario) -> str:
        value = getattr(scenario, member)
        return text.replace(f"{label}: {value}.", f"{label}: {value}", 1)

    _email(f"P22-body-{what}/no-full-stop", body=unended)


_labelled("resource", "Resource", "resource")
_labelled("job", "BackupJobID", "backup_policy_job")
_email("P22-body-job/before-the-resource", body=lambda text, s: _swapped(text, s))
_email("P22-body-reason/missing", body=lambda text, s: text.replace(f"Reason: {_cause(s)}. ", "", 1))
_email("P22-body-reason/empty", body=lambda text, s: text.replace(f"Reason: {_cause(s)}. ", "Reason: . ", 1))
_email("P22-body-reason/no-full-stop", body=lambda text, s: text.replace(f"{_cause(s)}. ", f"{_cause(s)} ", 1))
_email("P22-body-details/missing", body=lambda text, s: text.partition(" Notification details:")[0])
_email("P22-body-details/no-json", body=lambda text, s: f"{text.partition('{')[0]}see the console")
_email("P23-details-json/cut", body=lambda text, s: text[:-1])
_email("P23-details-json/list", body=lambda text, s: text.replace("{", "[{", 1) + "]")
_email("P22-body-details/no-label", body=lambda text, s: text.replace("Notification details: ", "", 1))
_email(
    "P22-body-details/words",
    body=lambda text, s: "A backup job failed. See the console.",
    also=(*PROSE, "P22-body-title", "P22-body-resource", "P22-body-job", "P22-body-reason"),
)


def _swapped(text: str, scenario: Scenario) -> str:
    """The job before the resource."""
    resource, job = f"Resource: {scenario.resource}. ", f"BackupJobID: {scenario.backup_policy_job}. "
    return text.replace(resource + job, job + resource, 1)


def _of_another(scenario: Scenario) -> str:
    """The text of another reason of the group."""
    names = [p for p in catalog.pairs.values() if p.event_type == scenario.event_type]
    return names[([p.id for p in names].index(pair_of(scenario).id) + 1) % len(names)].cause.rstrip(".")


_email("P23-text-agrees/other-reason", body=lambda text, s: text.replace(_cause(s), _of_another(s), 1), ledger=("D25",))


def _details(name: str, change: Callable[[dict[str, Any]], Any], **more: Any) -> None:
    """A mutation of the JSON in an email, where the prose does not show it."""

    @mutation(name, form="email", also=PROSE, **more)
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
