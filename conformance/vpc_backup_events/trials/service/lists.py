"""Lists: pages, links between them, and a search (position P34)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from vpc_backup_events.trials.service.answers import Answer
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import member, status, trial_of
from vpc_backup_events.trials.trial import Skipped

# of letters and digits, as the command line of Event Notifications wants it
NO_NAME = "nosourceofthisname7"


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
