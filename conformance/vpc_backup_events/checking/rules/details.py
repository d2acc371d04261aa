"""Rules for the details: members, links, resource (P12, P17, P18)."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qs, urlsplit

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.rules import codes
from vpc_backup_events.checking.rules.registry import Context, Places, rule, string
from vpc_backup_events.reading.json_values import is_blank
from vpc_backup_events.values.breach import INSIDE, Path

INNER: Path = (LONG, INSIDE)
_WORD = re.compile("[a-z]+")


@rule("P12-unknown-member")
def unknown_member(context: Context) -> Places:
    """A member that neither the payload nor the email of the documentation has."""
    for name in context.details:
        if name not in catalog.examples["details_members"]:
            yield (*INNER, name), {"name": name}


@rule("P12-status-failure")
def status_failure(context: Context) -> Places:
    """A status with a word of success in it, and none of failure."""
    status = "" if context.prose else string(context.details, "status")
    words = _WORD.findall(status.lower())
    if any(word.startswith(tuple(catalog.examples["failure_words"])) for word in words):
        return
    if not set(catalog.examples["success_words"]).isdisjoint(words):
        yield (*INNER, "status"), {"value": status, "expected": catalog.examples["short_text"]}


@cache
def general_topics() -> frozenset[str]:
    """The two topics that the documentation's own examples link."""
    return frozenset(catalog.examples["general_topics"])


def topic_of(link: str) -> str:
    """The topic that a link into the documentation names, or an empty string."""
    page, _, topic = link.partition("?topic=")
    if page == "https://cloud.ibm.com/docs/vpc" and topic.replace("-", "").isalnum():
        # the usual form, in which nothing has to be decoded
        return topic
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    topics = parse_qs(parts.query).get("topic", [""])
    return topics[0] if parts.path == "/docs/vpc" else ""


@rule("P17-more-info-topic")
def more_info_topic(context: Context) -> Places:
    """A link that is neither the reason's topic nor a general one."""
    if context.prose or not context.has_details:
        places = []
    else:
        places = [((*INNER, "more_info"), "more_info", context.details.get("more_info"), _pairs(context, None))]
    for index, item in codes.reason_items(context):
        path = (*INNER, "reasons", index, "more_info")
        places.append((path, "more_info", item.get("more_info"), _pairs(context, item.get("status"))))
    for path, name, link, pairs in places:
        if not isinstance(link, str) or is_blank(link):
            continue
        topics = [topic for pair in pairs for topic in pair.topics]
        # the topics of a code that the group does not have are not known
        if topics and (topic := topic_of(link)) not in topics and topic not in general_topics():
            expected = f"https://cloud.ibm.com/docs/vpc?topic={topics[0]}"
            yield path, {"name": name, "value": link, "expected": expected}


def _pairs(context: Context, status: object) -> list[Pair]:
    """The reasons that the link may be about: of the given code, or of `status_reason`."""
    if status is None:
        reason = string(context.details, "status_reason")
        status = codes.code_of(reason) if reason else None
        if status is None:
            return [
                pair
                for _, item in codes.reason_items(context)
                for pair in codes.pairs_of(context, str(item.get("status")))
            ]
    return codes.pairs_of(context, str(status))


@rule("P18-resource-agrees")
def resource_agrees(context: Context) -> Places:
    """A CRN of another kind of resource than `match_resource_type` says."""
    resource = string(context.details, "resource").split(":")
    expected = string(context.details, "match_resource_type")
    known = (*catalog.resource_types, "share")
    if len(resource) == 10 and resource[8] and expected in known and resource[8] != expected:
        yield (*INNER, "resource"), {"value": resource[8], "expected": expected}
