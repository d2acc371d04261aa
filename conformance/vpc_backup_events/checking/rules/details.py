"""Rules for the details: members, links, resource (P12, P17, P18)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from urllib.parse import parse_qs, urlsplit

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules import codes
from vpc_backup_events.checking.rules.registry import Context, rule, string
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.breach import INSIDE, Breach, Path
from vpc_backup_events.values.memo import memo

__all__ = [
    "INNER",
    "general_topics",
    "more_info_topic",
    "resource_agrees",
    "status_failure",
    "topic_of",
    "unknown_member",
]

INNER: Path = (LONG, INSIDE)
_WORD = re.compile("[a-z]+")


@rule("P12-unknown-member")
def unknown_member(context: Context) -> Iterator[Breach]:
    """A member that neither the payload nor the email of the documentation has."""
    documented = _documented_members()
    for name in context.details:
        if name not in documented:
            yield Breach("P12-unknown-member", (*INNER, name), {"name": name})


@cache
def _documented_members() -> frozenset[str]:
    return frozenset(catalog.examples.details_members)


@rule("P12-status-failure")
def status_failure(context: Context) -> Iterator[Breach]:
    """A status with a word of success in it, and none of failure."""
    status = "" if context.prose else string(context.details, "status")
    if _is_of_success(status):
        values = {"value": status, "expected": catalog.examples.short_text}
        yield Breach("P12-status-failure", (*INNER, "status"), values)


@memo
def _is_of_success(status: str) -> bool:
    if not _success().search(status):
        return False
    failure = tuple(catalog.examples.failure_words)
    return not any(word.startswith(failure) for word in _WORD.findall(status.lower()))


@cache
def _success() -> re.Pattern[str]:
    words = "|".join(map(re.escape, catalog.examples.success_words))
    return re.compile(rf"(?<![A-Za-z])(?i:{words})(?![A-Za-z])", re.ASCII)


@cache
def general_topics() -> frozenset[str]:
    """The two topics that the documentation's own examples link."""
    return frozenset(catalog.examples.general_topics)


@memo
def topic_of(link: str) -> str:
    """The topic that a link into the documentation names, or an empty string."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    topics = parse_qs(parts.query).get("topic", [""])
    return topics[0] if parts.path == "/docs/vpc" else ""


@rule("P17-more-info-topic")
def more_info_topic(context: Context) -> Iterator[Breach]:
    """A link that is neither the reason's topic nor a general one."""
    for path, link, status in _links(context):
        if not isinstance(link, str) or is_blank(link):
            continue
        topic = topic_of(link)
        if topic in general_topics():
            continue
        topics: list[str] = []
        for pair in _pairs(context, status):
            topics += pair.topics
        # the topics of a code that the group does not have are not known
        if topics and topic not in topics:
            expected = f"https://cloud.ibm.com/docs/vpc?topic={topics[0]}"
            yield Breach("P17-more-info-topic", path, {"name": "more_info", "value": link, "expected": expected})


def _links(context: Context) -> Iterator[tuple[Path, object, object]]:
    """Where the details have a link, the link, and the code beside it."""
    if context.has_details and not context.prose:
        yield (*INNER, "more_info"), context.details.get("more_info"), None
    for index, item in codes.reason_items(context):
        yield (*INNER, "reasons", index, "more_info"), item.get("more_info"), item.get("status")


def _pairs(context: Context, status: object) -> Iterable[Pair]:
    """The reasons that the link may be about: of the given code, or of `status_reason`."""
    if status is not None:
        return codes.pairs_of(context, str(status))
    reason = string(context.details, "status_reason")
    if reason:
        return codes.pairs_of(context, codes.code_of(reason))
    statuses = (str(item.get("status")) for _, item in codes.reason_items(context))
    return chain.from_iterable(codes.pairs_of(context, status) for status in statuses)


@rule("P18-resource-agrees")
def resource_agrees(context: Context) -> Iterator[Breach]:
    """A CRN of another kind of resource than `match_resource_type` says."""
    resource = string(context.details, "resource").split(":")
    expected = string(context.details, "match_resource_type")
    types = (*catalog.resource_types, codes.SHARE)
    if len(resource) == 10 and resource[8] and resource[8] != expected and expected in types:
        yield Breach("P18-resource-agrees", (*INNER, "resource"), {"value": resource[8], "expected": expected})
