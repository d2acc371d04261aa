"""Lists: pages, links between them, and a search (position P34)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from vpc_backup_events.trials.service.run import Answer, ServiceRun
from vpc_backup_events.trials.service.trials import other_than, status, trial_of
from vpc_backup_events.trials.trial import Skipped


@trial_of("P34-list-array")
def list_array(subject: ServiceRun) -> tuple[Answer, str]:
    """A list has an array named for what it lists."""
    answer = subject.ask("GET")
    right = answer.status == 200 and isinstance(answer.members.get("sources"), list)
    return answer, "" if right else f"the answer is {answer.status}, and `sources` is no array"


def _counts(requirement: str, name: str) -> None:
    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = subject.list()
        value = answer.members.get(name)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return answer, "" if is_number else f"`{name}` is {json.dumps(value)}"


for _name in ("total_count", "limit", "offset"):
    _counts(f"P34-list-{_name.replace('_', '-')}", _name)
status("P34-limit-low", 400)(lambda s: s.ask("GET", query={"limit": 0}))
status("P34-limit-high", 400)(lambda s: s.ask("GET", query={"limit": 101}))
status("P34-offset-negative", 400)(lambda s: s.ask("GET", query={"offset": -1}))


def _ids(answer: Answer) -> list[Any]:
    sources = answer.members.get("sources")
    if not isinstance(sources, list):
        raise Skipped("a list has no array of sources, see P34-list-array")
    return [source.get("id") for source in sources if isinstance(source, dict)]


@trial_of("P34-limit-honoured")
def limit_honoured(subject: ServiceRun) -> tuple[Answer, str]:
    """No more than asked for."""
    assert subject.many
    answer = subject.list(limit=2)
    count = len(_ids(answer))
    return answer, "" if count <= 2 else f"there are {count} entries, and the limit was 2"


@trial_of("P34-search-nothing")
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


@trial_of("P34-offset-honoured")
def offset_honoured(subject: ServiceRun) -> tuple[Answer, str]:
    """A page begins where it was asked to."""
    assert subject.many
    first, answer = _ids(subject.list(limit=2)), subject.list(limit=1, offset=1)
    return answer, "" if _ids(answer)[:1] == first[1:2] else "the page does not begin at the offset"


def _links(requirement: str, name: str, query: Callable[[int], dict[str, int]], there: bool) -> None:
    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = subject.list(**query(subject.many))
        value = answer.members.get(name)
        is_link = isinstance(value, dict) and isinstance(value.get("href"), str) and bool(value["href"])
        right = is_link if there else value is None
        return answer, "" if right else f"`{name}` is {json.dumps(value)}"


_links("P34-first", "first", lambda total: {"limit": 2}, True)
_links("P34-next", "next", lambda total: {"limit": 2}, True)
_links("P34-next-absent", "next", lambda total: {"limit": 1, "offset": total - 1}, False)
_links("P34-previous", "previous", lambda total: {"limit": 1, "offset": 2}, True)
_links("P34-previous-absent", "previous", lambda total: {"limit": 2}, False)


@trial_of("P34-next-offset")
def next_offset(subject: ServiceRun) -> tuple[Answer, str]:
    """SDKs read the offset of the next page from the link."""
    assert subject.many
    answer = subject.list(limit=2)
    link = answer.members.get("next")
    href = str(link.get("href", "")) if isinstance(link, dict) else ""
    if not href:
        raise Skipped("there is no link to the next page, see P34-next")
    return answer, "" if "offset=2" in urlsplit(href).query.split("&") else f"the link is {href}"


@trial_of("P34-walk")
def walk(subject: ServiceRun) -> tuple[Answer, str]:
    """Every source once."""
    ids: list[Any] = []
    try:
        total = subject.many
    except Skipped:
        total = subject.counted
    answer = subject.list(limit=2)
    if len(_ids(answer)) > total:
        return answer, f"{total} entries are counted, and a page has {len(_ids(answer))}"
    for offset in range(0, total, 2):
        answer = subject.list(limit=2, offset=offset)
        ids += _ids(answer)
    right = len(ids) == len(set(ids)) == total
    return answer, "" if right else f"{total} entries are counted, {len(set(ids))} of {len(ids)} listed differ"
