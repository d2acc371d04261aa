"""One email against positions P20 to P23: its form, its prose, and the JSON below."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import LONG, SHORT
from vpc_backup_events.checking.event import details_uri, event_breaches
from vpc_backup_events.checking.reason_texts import disagrees
from vpc_backup_events.checking.rules import Context, codes, details_rules, rule_breaches, secrecy_rules
from vpc_backup_events.checking.rules.registry import string
from vpc_backup_events.checking.schema import schema_breaches
from vpc_backup_events.reading import NOTHING
from vpc_backup_events.reading.email_bodies import BODY, TITLE, inside
from vpc_backup_events.reading.model import Email, EmailBody, Sentence
from vpc_backup_events.values.breach import INSIDE, Breach, Path, Verbatim
from vpc_backup_events.values.levels import Profile

__all__ = ["email_breaches"]


def email_breaches(email: Email, body: EmailBody, profile: Profile) -> list[Breach]:
    """Every breach in one email, in no particular order; paths begin with `title` or `body`."""
    breaches = [Breach("P21-readable", (), {"problem": problem}) for problem in email.problems]
    breaches += body.breaches
    if not email.title:
        breaches.append(Breach("P22-title", (TITLE,)))
    if email.problems and not email.text.strip():
        # nothing was read that could be judged
        return breaches
    if body.form == "prose":
        breaches += _of_prose(email, body)
    else:
        breaches += _of_mapping(email, body, profile)
    breaches += _of_details(email, body, profile)
    return breaches


def _of_mapping(email: Email, body: EmailBody, profile: Profile) -> Iterator[Breach]:
    """Title and body as Event Notifications maps them, held against the event where the email has it."""
    yield Breach("P22-body-prose", (BODY,))
    if body.form == "mapped" and body.details is NOTHING:
        yield Breach("P11-details-json", (BODY,), {"reason": body.problem})
    if body.event is None:
        return
    for breach in event_breaches(body.event, profile):
        yield breach._replace(path=(BODY, INSIDE, *breach.path))
    event = body.event.event if isinstance(body.event.event, dict) else {}
    short, long = string(event, SHORT), string(event, LONG)
    if short and email.title and not _same(short, email.title):
        yield Breach("P21-title-mapping", (TITLE,), {"value": email.title, "expected": json.dumps(short)})
    if long and not _same(long, body.head):
        yield Breach("P21-body-mapping", (BODY,))


def _of_prose(email: Email, body: EmailBody) -> Iterator[Breach]:
    """Title and prose as the sample of the documentation has them."""
    if body.details is NOTHING:
        requirement = "P23-details-json" if body.has_json else "P22-body-details"
        yield Breach(requirement, (BODY,), {"problem": Verbatim(body.problem)})
    yield Breach("P21-body-mapping", (BODY,))
    facts = _context(email, body)
    own = " ".join(email.title.split())
    titles = {event_type.title for event_type in catalog.event_types.values()}
    possible = _titles(facts)
    if own and own not in titles:
        yield Breach("P22-title-form", (TITLE,), {"value": own})
    elif own and own not in possible:
        yield Breach("P22-title-agrees", (TITLE,), {"value": own, "expected": " or ".join(sorted(possible))})
    openings = {own} if own in possible else titles | {own} - {""}
    if not any(re.match(rf"{re.escape(title)} ?\.", body.opening) for title in openings):
        expected = own if own in titles else "the title of the event type"
        yield Breach("P22-body-title", (BODY,), {"value": body.opening, "expected": f"{expected} and a full stop"})
    for requirement, sentence in (
        ("P22-body-resource", body.resource),
        ("P22-body-job", body.job),
        ("P22-body-reason", body.reason),
    ):
        if not sentence.ends:
            yield Breach(requirement, (BODY,), {"problem": _problem(sentence)})
    for requirement, sentence, member in (
        ("P22-resource-agrees", body.resource, "resource"),
        ("P22-job-agrees", body.job, "backup_policy_job"),
    ):
        value = string(facts.details, member)
        if sentence.value and value and sentence.value != value:
            yield Breach(requirement, (BODY,), {"value": sentence.value, "expected": value})
    for path, code in codes.occurrences(facts):
        if disagrees(body.reason.value, codes.pairs_of(facts, code)):
            yield Breach("P23-text-agrees", inside(path), {"value": body.reason.value, "name": code})


def _problem(sentence: Sentence) -> Verbatim:
    return Verbatim("does not end with a full stop" if sentence.value else "is not there")


def _titles(facts: Context) -> set[str]:
    """The titles that the JSON leaves possible; all of them where it does not say."""
    possible = {(group.resource_type, group.job_type) for group in codes.candidates(facts)}
    event_types = catalog.event_types.values()
    agreeing = {e.title for e in event_types if (e.resource_type, e.job_type) in possible}
    return agreeing or {event_type.title for event_type in event_types}


def _of_details(email: Email, body: EmailBody, profile: Profile) -> Iterator[Breach]:
    """The JSON by its schema and the rules; secrets anywhere in the email."""
    facts = _context(email, body)
    if body.event is None and body.details is not NOTHING:
        yield from schema_breaches(details_uri("", facts.prose), body.details, (BODY, INSIDE), profile)
    rules = details_rules(profile) if body.event is None else secrecy_rules(profile)
    for breach in rule_breaches(facts, rules):
        yield breach._replace(path=_placed(breach.path))


def _context(email: Email, body: EmailBody) -> Context:
    """The email in the words of an event."""
    is_object = body.event is None and isinstance(body.details, dict)
    members: Mapping[str, Any] = body.details if is_object else {}
    text = body.head if body.event is not None else email.text
    return Context({SHORT: email.title, LONG: text}, "", 0, members, is_object, body.form == "prose")


def _placed(path: Path) -> Path:
    return (TITLE, *path[1:]) if path[:1] == (SHORT,) else inside(path)


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space, which a mail system may change."""
    return one.split() == other.split()
