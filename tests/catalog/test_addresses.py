"""Every address of the documentation that the project prints leads to a page, and to a section of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.values.data import data_root

ROOT = Path(__file__).parents[2]
TOPICS = json.loads((data_root("schemas") / "catalog" / "topics.json").read_bytes())["topics"]
ADDRESS = re.compile(
    r"https://cloud\.ibm\.com/docs/[\w-]+\?(?:[\w=&-]+&)?topic=(?P<topic>[\w-]+)(?:&[\w=]+)?(?:#(?P<anchor>[\w-]+))?"
)
# in the documentation's own example of an email, and on no page since
PRINTED = set(catalog.examples.general_topics)
TEXTS = sorted(
    path
    for folder, pattern in (
        (".", "*.md"),
        ("docs", "**/*.md"),
        ("examples", "**/*.md"),
        ("schemas", "**/*.json"),
        ("conformance", "**/*.py"),
    )
    for path in (ROOT / folder).glob(pattern)
    # addresses that are wrong on purpose
    if "mutations" not in path.parts
)


def leads_somewhere(topic: str, anchor: str | None) -> bool:
    return topic in TOPICS and (not anchor or anchor in TOPICS[topic]["anchors"])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_address_in_a_text_is_a_published_page(path):
    nowhere = [
        match[0]
        for match in ADDRESS.finditer(path.read_text("utf-8"))
        if match["topic"] not in PRINTED and not leads_somewhere(match["topic"], match["anchor"])
    ]
    assert nowhere == []


def citations():
    yield from (requirement.source for requirement in catalog.requirements.values())
    yield from (entry.source for entry in catalog.destinations.values())
    yield from (entry.source for entry in catalog.event_types.values())
    yield from (entry.source for entry in catalog.severities.values())
    yield from (entry.source for entry in catalog.api_codes.values())
    yield from (entry.source for entry in catalog.retry_policies.values())
    yield from (spelling.source for pair in catalog.pairs.values() for spelling in pair.spellings)


def test_every_citation_is_a_published_section():
    urls = sorted({citation.url for citation in citations() if citation.url.startswith("https://cloud.ibm.com/docs/")})
    assert len(urls) > 30
    matches = {url: ADDRESS.fullmatch(url) for url in urls}
    assert [url for url, match in matches.items() if not match or not leads_somewhere(**match.groupdict())] == []


def test_every_topic_of_a_reason_or_an_event_type_is_published():
    topics = {topic for entry in catalog.event_types.values() for topic in entry.topics}
    topics |= {topic for pair in catalog.pairs.values() for topic in pair.topics}
    assert topics - set(TOPICS) == set()


def test_the_kind_of_a_requirement_is_that_of_its_document():
    said = {
        requirement.id: (requirement.kind, requirement.source.document.kind)
        for requirement in catalog.requirements.values()
        if requirement.kind in ("documented", "external")
    }
    assert {id: kinds for id, kinds in said.items() if kinds[0] != kinds[1]} == {}


def test_what_is_derived_rests_on_a_document_that_is_no_page_of_the_project():
    derived = [requirement for requirement in catalog.requirements.values() if requirement.kind == "derived"]
    assert len(derived) > 40
    assert {requirement.source.document.kind for requirement in derived} <= {"documented", "external"}


def test_no_citation_is_the_page_of_a_package():
    assert [d.id for d in catalog.documents.values() if "pypi.org" in d.url or "npmjs.com" in d.url] == []
