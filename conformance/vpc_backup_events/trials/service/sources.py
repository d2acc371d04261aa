"""Sources are created, found, changed, refused and listed, and each answer is looked at (positions P31 to P34)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.making.draft import source as event_source
from vpc_backup_events.trials.service.answers import Answer, is_text, is_time
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import member, refusal, status, trial_of
from vpc_backup_events.trials.trial import Skipped

# of letters and digits, as the command line of Event Notifications wants it
NO_NAME = "nosourceofthisname7"


def _after(subject: ServiceRun, answer: Answer) -> Answer:
    """The answer; raises `Skipped` where no source is created at all."""
    subject.created()
    return answer


status("P31-created", 201)(lambda s: s.create(**s.least))
status("P31-accepts-minimal", 201)(lambda s: _after(s, s.create()))
status("P31-accepts-description", 201)(lambda s: _after(s, s.create(description="d")))
status("P31-accepts-store-notifications", 201)(lambda s: _after(s, s.create(store_notifications=False)))
refusal("P31-refuses-no-name", "P31-refuses-no-name-status")(lambda s: s.ask("POST", "", {"enabled": True}))
refusal("P31-refuses-enabled-type", "P31-refuses-enabled-type-status")(lambda s: s.create(enabled="true"))
status("P31-refuses-empty-name", 400)(lambda s: s.create(name=""))
status("P31-refuses-long-name", 400)(lambda s: s.create(name="n" * 256))
status("P31-refuses-no-enabled", 400)(lambda s: s.ask("POST", "", {"name": s.name()}))
status("P31-refuses-long-description", 400)(lambda s: s.create(description="d" * 256))
status("P31-refuses-source-form", 400)(lambda s: s.create(source=event_source()))
status("P33-encoded-id", 200)(lambda s: s.find(s.source()))
status("P33-plain-id", 200)(lambda s: s.ask("GET", quote(s.source(), safe=":")))


def _members(subject: ServiceRun) -> dict[str, Any]:
    """The members of a new source that is disabled."""
    return {"name": subject.name(), "enabled": False, "description": "of the kit"}


def _source(subject: ServiceRun) -> Answer:
    """The answer to such a source."""
    return subject.ask("POST", "", _members(subject)).require(201, "create a source", "P31-created")


member("P31-answer-id", "id", is_text)(_source)
member("P31-answer-enabled", "enabled", lambda value: value is False)(_source)
member("P31-answer-created-at", "created_at", is_time)(_source)


@trial_of("P31-answer-name")
def answer_name(subject: ServiceRun) -> None:
    """As it was asked for."""
    answer = _source(subject)
    answer.expect_member(answer.members.get("name") == json.loads(answer.request.body)["name"], "name")


@trial_of("P31-answer-description")
def answer_description(subject: ServiceRun) -> None:
    """Also where the request has none."""
    for create in (_source, ServiceRun.created):
        answer = create(subject)
        answer.expect_member(isinstance(answer.members.get("description"), str), "description")


@trial_of("P32-serves-base")
def serves_base(subject: ServiceRun) -> None:
    """Where IBM's clients look for it."""
    answer = subject.ask("GET")
    answer.expect(subject.base.endswith(API_BASE), f"the base is {subject.base or '/'}, not {API_BASE}")


@trial_of("P34-update-keeps")
def update_keeps(subject: ServiceRun) -> None:
    """One member at a time, and none."""
    members = _members(subject)
    id = subject.ask("POST", "", members).new_id()
    changes: tuple[dict[str, Any], ...] = ({}, {"description": "changed by the kit"}, {"enabled": True})
    for change in changes:
        update = subject.ask("PATCH", subject.at("sources", id), change)
        update.require(200, "update a source", "P34-answer-form")
        answer = subject.find(id).require(200, "find a source", "P33-encoded-id")
        members |= change
        for name, value in members.items():
            now = answer.members.get(name)
            otherwise = (
                f"`{name}` was {json.dumps(value)} and is {json.dumps(now)[:100]} "
                f"after an update of {', '.join(change) or 'nothing'}"
            )
            answer.expect(name in change or now == value, otherwise)


# ------------------------------------------------------------------------------------------------------------- lists


def _page(subject: ServiceRun, **query: int) -> Answer:
    """The answer to a page where there are several; raises `Skipped` where there are not."""
    assert subject.many
    return subject.list(**query)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_link(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("href"), str) and bool(value["href"])


def _is_absent(value: Any) -> bool:
    return value is None


status("P34-limit-low", 400)(lambda s: s.ask("GET", query={"limit": 0}))
status("P34-limit-high", 400)(lambda s: s.ask("GET", query={"limit": 101}))
status("P34-offset-negative", 400)(lambda s: s.ask("GET", query={"offset": -1}))
member("P34-list-total-count", "total_count", _is_number, None)(ServiceRun.list)
member("P34-list-limit", "limit", _is_number, None)(ServiceRun.list)
member("P34-list-offset", "offset", _is_number, None)(ServiceRun.list)
member("P34-first", "first", _is_link, None)(lambda s: _page(s, limit=2))
member("P34-next", "next", _is_link, None)(lambda s: _page(s, limit=2))
member("P34-next-absent", "next", _is_absent, None)(lambda s: _page(s, limit=1, offset=s.many - 1))
member("P34-previous", "previous", _is_link, None)(lambda s: _page(s, limit=1, offset=2))
member("P34-previous-absent", "previous", _is_absent, None)(lambda s: _page(s, limit=2))


def _ids(answer: Answer) -> list[Any]:
    sources = answer.members.get("sources")
    if not isinstance(sources, list):
        raise Skipped("a list has no array of sources, see P34-list-array")
    return [source.get("id") for source in sources if isinstance(source, dict)]


@trial_of("P34-list-array")
def list_array(subject: ServiceRun) -> None:
    """A list has an array named for what it lists."""
    answer = subject.ask("GET")
    right = answer.status == 200 and isinstance(answer.members.get("sources"), list)
    answer.expect(right, f"the answer is {answer.status}, and `sources` is no array")


@trial_of("P34-limit-honoured")
def limit_honoured(subject: ServiceRun) -> None:
    """No more than asked for."""
    answer = _page(subject, limit=2)
    count = len(_ids(answer))
    answer.expect(count <= 2, f"there are {count} entries, and the limit was 2")


@trial_of("P34-search-nothing")
def search_nothing(subject: ServiceRun) -> None:
    """A text that no name has."""
    assert subject.many
    answer = subject.ask("GET", query={"search": NO_NAME})
    answer.expect_status(200)
    count, total = len(_ids(answer)), answer.members.get("total_count", 0)
    answer.expect(count == total == 0, f"there are {count} entries, and total_count is {json.dumps(total)}")


@trial_of("P34-offset-honoured")
def offset_honoured(subject: ServiceRun) -> None:
    """A page begins where it was asked to."""
    first, answer = _ids(_page(subject, limit=2)), subject.list(limit=1, offset=1)
    answer.expect(_ids(answer)[:1] == first[1:2], "the page does not begin at the offset")


@trial_of("P34-next-offset")
def next_offset(subject: ServiceRun) -> None:
    """SDKs read the offset of the next page from the link."""
    answer = _page(subject, limit=2)
    link = answer.members.get("next")
    href = str(link.get("href", "")) if isinstance(link, dict) else ""
    if not href:
        raise Skipped("there is no link to the next page, see P34-next")
    answer.expect("offset=2" in urlsplit(href).query.split("&"), f"the link is {href}")


@trial_of("P34-walk")
def walk(subject: ServiceRun) -> None:
    """Every source once."""
    try:
        total = subject.many
    except Skipped:
        total = subject.counted
    answer = subject.list(limit=2)
    count = len(_ids(answer))
    answer.expect(count <= total, f"{total} entries are counted, and a page has {count}")
    ids: list[Any] = []
    for offset in range(0, total, 2):
        answer = subject.list(limit=2, offset=offset)
        ids += _ids(answer)
    right = len(ids) == len(set(ids)) == total
    answer.expect(right, f"{total} entries are counted, {len(set(ids))} of {len(ids)} listed differ")
