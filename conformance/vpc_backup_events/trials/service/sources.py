"""Sources are created, listed, found and refused, and each answer is looked at (positions P31, P33, P34)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from vpc_backup_events.trials.service.run import (
    BASE,
    TIME,
    Answer,
    ServiceRun,
    judge,
    other_than,
    refused,
    status,
)
from vpc_backup_events.trials.trial import Skipped
from vpc_backup_events.values.tokens import stands_in

# --------------------------------------------------------------------------------------------- creating a source

status("P31-created", 201, lambda s: s.create(**s.least))
status("P31-accepts-minimal", 201, lambda s: _after(s, s.create()))
status("P31-accepts-description", 201, lambda s: _after(s, s.create(description="d")))
status("P31-accepts-store-notifications", 201, lambda s: _after(s, s.create(store_notifications=False)))


def _after(subject: ServiceRun, answer: Answer) -> Answer:
    """The answer; raises `Skipped` where no source is created at all."""
    subject.created()
    return answer


def _answers(requirement: str, name: str, wrong: Callable[[Any, dict[str, Any]], bool]) -> None:
    """The trial of a member of the answer to a new source."""

    @judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        asked = {"name": subject.name(), "enabled": False, "description": "of the kit"}
        answer = subject.ask("POST", "", asked)
        if answer.status != 201:
            raise Skipped(f"the service does not create a source ({answer.status}), see P31-created")
        value = answer.members.get(name)
        if name == "description" and not wrong(value, asked):
            # also where the request has none
            answer = subject.created()
            value = answer.members.get(name)
        return answer, f"`{name}` is {json.dumps(value)[:100]}" if wrong(value, asked) else ""


_answers("P31-answer-id", "id", lambda value, _: not isinstance(value, str) or not value.strip())
_answers("P31-answer-name", "name", lambda value, asked: value != asked["name"])
_answers("P31-answer-description", "description", lambda value, _: not isinstance(value, str))
_answers("P31-answer-enabled", "enabled", lambda value, asked: value is not asked["enabled"])
_answers("P31-answer-created-at", "created_at", lambda value, _: not isinstance(value, str) or not TIME.match(value))
refused("P31-refuses-no-name", lambda s: s.ask("POST", "", {"enabled": True}), "P31-refuses-no-name-status")
refused("P31-refuses-enabled-type", lambda s: s.create(enabled="true"), "P31-refuses-enabled-type-status")
status("P31-refuses-empty-name", 400, lambda s: s.create(name=""))
status("P31-refuses-long-name", 400, lambda s: s.create(name="n" * 256))
status("P31-refuses-no-enabled", 400, lambda s: s.ask("POST", "", {"name": s.name()}))
status("P31-refuses-long-description", 400, lambda s: s.create(description="d" * 256))
status("P31-refuses-source-form", 400, lambda s: s.create(source="com.ibm.cloud.is.backup-policy"))
status("P33-encoded-id", 200, lambda s: s.ask("GET", quote(s.source(), safe="")))
status("P33-plain-id", 200, lambda s: s.ask("GET", quote(s.source(), safe=":")))


@judge("P32-serves-base")
def serves_base(subject: ServiceRun) -> tuple[Answer, str]:
    """Where IBM's clients look for it."""
    answer = subject.ask("GET")
    return answer, "" if subject.base.endswith(BASE) else f"the base is {subject.base or '/'}, not {BASE}"


# ------------------------------------------------------------------------------------------------------ refusing

status("P34-malformed-json", 400, lambda s: s.ask("POST", "", body=b'{"name":'))
status("P34-no-token", 401, lambda s: s.ask("GET", headers={"Authorization": None}))
status("P34-wrong-scheme", 401, lambda s: s.ask("GET", headers={"Authorization": f"Basic {s.token}"}))
status("P34-unknown-id", 404, lambda s: s.ask("GET", "00000000-0000-0000-0000-000000000000:api"))
status("P34-unknown-path", 404, lambda s: s.ask("GET", f"/v1/instances/{s.instance}/no-such-thing"))


@judge("P34-media-type")
def media_type(subject: ServiceRun) -> tuple[Answer, str]:
    """A body that is no JSON by its media type."""
    members = {"name": subject.name(), "enabled": True}
    answer = subject.ask("POST", "", members, headers={"Content-Type": "text/plain"})
    return answer, other_than(answer, 415, 400)


@judge("P34-wrong-token")
def wrong_token(subject: ServiceRun) -> tuple[Answer, str]:
    """Another token than the one that was given."""
    if not subject.has_token:
        raise Skipped("no token was given, so none is wrong: override the fixture `token`")
    answer = subject.ask("GET", headers={"Authorization": "Bearer another"})
    return answer, other_than(answer, 401)


@judge("P34-deleted-id")
def deleted_id(subject: ServiceRun) -> tuple[Answer, str]:
    """A source that was there."""
    id = quote(subject.source(), safe="")
    gone = subject.ask("DELETE", id)
    if gone.status not in (200, 202, 204):
        raise Skipped(f"the service does not delete a source ({gone.status})")
    answer = subject.ask("GET", id)
    return answer, other_than(answer, *GONE)


# a deleted resource is not found, or said to be gone
GONE = (404, 410)


@judge("P34-update-keeps")
def update_keeps(subject: ServiceRun) -> tuple[Answer, str]:
    """One member at a time, and none."""
    members = {"name": subject.name(), "enabled": False, "description": "of the kit"}
    created = subject.ask("POST", "", members)
    if created.status != 201 or not isinstance(created.members.get("id"), str):
        raise Skipped(f"the service does not create a source ({created.status}), see P31-created")
    id = quote(created.members["id"], safe="")
    changes: tuple[dict[str, Any], ...] = ({}, {"description": "changed by the kit"}, {"enabled": True})
    for change in changes:
        answer = subject.ask("PATCH", id, change)
        if answer.status != 200:
            raise Skipped(f"the service does not update a source ({answer.status}), see P34-answer-form")
        answer = subject.ask("GET", id)
        if answer.status != 200:
            raise Skipped(f"the service does not find a source ({answer.status}), see P33-encoded-id")
        members |= change
        for name, value in members.items():
            if name not in change and answer.members.get(name) != value:
                return answer, (
                    f"`{name}` was {json.dumps(value)} and is {json.dumps(answer.members.get(name))[:100]} "
                    f"after an update of {', '.join(change) or 'nothing'}"
                )
    return answer, ""


@judge("P34-duplicate-name")
def duplicate_name(subject: ServiceRun) -> tuple[Answer, str]:
    """A name that another source has."""
    name = subject.name()
    subject.created(name=name)
    answer = subject.create(name=name)
    return answer, other_than(answer, 409)


def _errs(requirement: str, wrong: Callable[[Answer], str]) -> None:
    """The trial of an error's body."""

    @judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        return next(((each, said) for each in subject.errors if (said := wrong(each))), (subject.error, ""))


def _entries(answer: Answer) -> list[Any]:
    entries = answer.members.get("errors")
    return entries if isinstance(entries, list) else []


def _entry(name: str) -> Callable[[Answer], str]:
    def wrong(answer: Answer) -> str:
        for entry in _entries(answer):
            value = entry.get(name) if isinstance(entry, dict) else None
            if not isinstance(value, str) or not value.strip():
                return f"`{name}` of an entry is {json.dumps(value)}"
        return ""

    return wrong


def _error_member(name: str, right: Callable[[Any, Answer], bool]) -> Callable[[Answer], str]:
    def wrong(answer: Answer) -> str:
        # a body that is no object is found as such
        value = answer.members.get(name)
        return f"`{name}` is {json.dumps(value)[:100]}" if answer.members and not right(value, answer) else ""

    return wrong


_errs("P34-error-json", lambda answer: "" if isinstance(answer.json, dict) else "the body is no JSON object")
_errs("P34-error-trace", _error_member("trace", lambda value, _: isinstance(value, str) and bool(value.strip())))
_errs("P34-error-status-code", _error_member("status_code", lambda value, answer: value == answer.status))
_errs("P34-error-errors", _error_member("errors", lambda value, _: isinstance(value, list) and bool(value)))
_errs("P34-entry-code", _entry("code"))
_errs("P34-entry-message", _entry("message"))
_errs("P34-entry-more-info", _entry("more_info"))


# a token that no service knows
REFUSED = "eyJ-refused-9f8e7d6c5b4a"


@judge("P34-no-secret")
def no_secret(subject: ServiceRun) -> tuple[Answer, str]:
    """Errors do not repeat the token."""
    answers = [subject.error, subject.ask("GET", "no-such-id"), subject.ask("POST", "", body=b"{")]
    asked = [(answer, subject.token) for answer in answers]
    # a token that is refused may be one that was valid a minute ago, or is so elsewhere
    asked.append((subject.ask("GET", headers={"Authorization": f"Bearer {REFUSED}"}), REFUSED))
    return next(
        (
            (answer, "the body repeats the token")
            for answer, token in asked
            if answer.status >= 400 and stands_in(token, answer.body.decode("utf-8", "replace"))
        ),
        (answers[0], ""),
    )


# ------------------------------------------------------------------------------------------------------- listing


@judge("P34-list-array")
def list_array(subject: ServiceRun) -> tuple[Answer, str]:
    """A list has an array named for what it lists."""
    answer = subject.ask("GET")
    right = answer.status == 200 and isinstance(answer.members.get("sources"), list)
    return answer, "" if right else f"the answer is {answer.status}, and `sources` is no array"


def _counts(requirement: str, name: str) -> None:
    @judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = subject.list()
        value = answer.members.get(name)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return answer, "" if is_number else f"`{name}` is {json.dumps(value)}"


for _name in ("total_count", "limit", "offset"):
    _counts(f"P34-list-{_name.replace('_', '-')}", _name)
status("P34-limit-low", 400, lambda s: s.ask("GET", query={"limit": 0}))
status("P34-limit-high", 400, lambda s: s.ask("GET", query={"limit": 101}))
status("P34-offset-negative", 400, lambda s: s.ask("GET", query={"offset": -1}))


def _ids(answer: Answer) -> list[Any]:
    sources = answer.members.get("sources")
    if not isinstance(sources, list):
        raise Skipped("a list has no array of sources, see P34-list-array")
    return [each.get("id") for each in sources if isinstance(each, dict)]


@judge("P34-limit-honoured")
def limit_honoured(subject: ServiceRun) -> tuple[Answer, str]:
    """No more than asked for."""
    assert subject.many
    answer = subject.list(limit=2)
    found = len(_ids(answer))
    return answer, "" if found <= 2 else f"there are {found} entries, and the limit was 2"


@judge("P34-search-nothing")
def search_nothing(subject: ServiceRun) -> tuple[Answer, str]:
    """A text that no name has."""
    assert subject.many
    answer = subject.ask("GET", query={"search": NO_NAME})
    if wrong := other_than(answer, 200):
        return answer, wrong
    count, total = len(_ids(answer)), answer.members.get("total_count", 0)
    return answer, "" if count == total == 0 else f"there are {count} entries, and total_count is {json.dumps(total)}"


# of letters and digits, as the command line of Event Notifications wants it
NO_NAME = "nosourceofthisname7"


@judge("P34-offset-honoured")
def offset_honoured(subject: ServiceRun) -> tuple[Answer, str]:
    """A page begins where it was asked to."""
    assert subject.many
    first, answer = _ids(subject.list(limit=2)), subject.list(limit=1, offset=1)
    return answer, "" if _ids(answer)[:1] == first[1:2] else "the page does not begin at the offset"


def _links(requirement: str, name: str, query: Callable[[int], dict[str, int]], there: bool) -> None:
    @judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = subject.list(**query(subject.many))
        value = answer.members.get(name)
        if there:
            right = isinstance(value, dict) and isinstance(value.get("href"), str) and bool(value["href"])
            return answer, "" if right else f"`{name}` is {json.dumps(value)}"
        return answer, "" if value is None else f"`{name}` is {json.dumps(value)}"


_links("P34-first", "first", lambda total: {"limit": 2}, True)
_links("P34-next", "next", lambda total: {"limit": 2}, True)
_links("P34-next-absent", "next", lambda total: {"limit": 1, "offset": total - 1}, False)
_links("P34-previous", "previous", lambda total: {"limit": 1, "offset": 2}, True)
_links("P34-previous-absent", "previous", lambda total: {"limit": 2}, False)


@judge("P34-next-offset")
def next_offset(subject: ServiceRun) -> tuple[Answer, str]:
    """SDKs read the offset of the next page from the link."""
    assert subject.many
    answer = subject.list(limit=2)
    link = answer.members.get("next")
    href = str(link.get("href", "")) if isinstance(link, dict) else ""
    if not href:
        raise Skipped("there is no link to the next page, see P34-next")
    return answer, "" if "offset=2" in urlsplit(href).query.split("&") else f"the link is {href}"


@judge("P34-walk")
def walk(subject: ServiceRun) -> tuple[Answer, str]:
    """Every source once."""
    found: list[Any] = []
    try:
        total = subject.many
    except Skipped:
        total = subject.counted
    answer = subject.list(limit=2)
    if len(_ids(answer)) > total:
        return answer, f"{total} entries are counted, and a page has {len(_ids(answer))}"
    for offset in range(0, total, 2):
        answer = subject.list(limit=2, offset=offset)
        found += _ids(answer)
    right = len(found) == len(set(found)) == total
    return answer, "" if right else f"{total} entries are counted, {len(set(found))} of {len(found)} listed differ"
