"""Everything that a conforming event may look like: one choice for each thing that the documentation leaves open."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.catalog.names import LONG, SHORT
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import LINK, Draft, canonical_codes, registration_crn

Variation = Callable[[Draft, Choices], None]


def vary(draft: Draft, choices: Choices, profile: str = "strict") -> dict[str, Any]:
    """An event of the draft's facts without any finding in the profile; the draft is used up."""
    for variation in STRICT if profile == "strict" else (*STRICT, *DOCUMENTED):
        variation(draft, choices)
    return draft.event()


def _optional(draft: Draft, choices: Choices) -> None:
    """The two members that the payload example does not have."""
    for name in ("backup_policy_job", "resource"):
        if choices.below(3) == 2:
            del draft.details[name]


def _code(draft: Draft, choices: Choices) -> None:
    code = choices.of(canonical_codes(pair_of(draft.scenario)))
    text = choices.of((pair_of(draft.scenario).cause, *pair_of(draft.scenario).texts, "x", "Größe: 5 TB (zu groß) ✓"))
    draft.details["status_reason"] = f"{code}: {text}"


def _link(draft: Draft, choices: Choices) -> None:
    topics = (*pair_of(draft.scenario).topics, *catalog.examples.general_topics)
    draft.details["more_info"] = LINK + choices.of(topics)


def _texts(draft: Draft, choices: Choices) -> None:
    stated = catalog.examples.short_text
    draft.details["status"] = choices.of((event_type_of(draft.scenario).group, stated, "failed"))
    draft.attributes[SHORT] = choices.of((event_type_of(draft.scenario).title, stated))


def _source(draft: Draft, choices: Choices) -> None:
    last = choices.of(("", draft.scenario.backup_policy))
    draft.attributes["source"] = choices.of((draft.attributes["source"], registration_crn(draft.scenario, last)))


def _fraction(draft: Draft, choices: Choices) -> None:
    # a time of the user's own may have any form
    time = draft.attributes["time"]
    if isinstance(time, str) and "." not in time:
        draft.attributes["time"] = time.replace("Z", choices.of(("Z", ".5Z", ".123456Z")))


def _extensions(draft: Draft, choices: Choices) -> None:
    more: tuple[dict[str, Any], ...] = (
        {},
        {"datacontenttype": "application/json", "data": {"attempt": 1, "of": [None, 1.5, {"a b": ""}]}},
        {"datacontenttype": "Application/JSON; charset=utf-8", "dataschema": "https://example.com/schema#v1"},
        {"subject": "nightly", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"sequence": 0, "test": False, "ibmenmarkdown": "*failed*", "a0": "ß✓"},
    )
    draft.attributes |= choices.of(more)


def _layout(draft: Draft, choices: Choices) -> None:
    """The order of the members, and the blanks between them."""
    if choices.below(3) == 2:
        draft.details = dict(reversed(draft.details.items()))
    if choices.below(3) == 2:
        draft.attributes = dict(reversed(draft.attributes.items()))
    if choices.below(3) == 2:
        draft.attributes[LONG] = json.dumps(draft.details, ensure_ascii=False)


def _offset(draft: Draft, choices: Choices) -> None:
    time = draft.attributes["time"]
    if isinstance(time, str):
        draft.attributes["time"] = time.replace("Z", choices.of(("Z", "z", "+02:00", "-11:30")))


def _capitals(draft: Draft, choices: Choices) -> None:
    if choices.below(4) == 3:
        draft.attributes["id"] = draft.attributes["id"].upper()
    if choices.below(4) == 3:
        plan = draft.details["backup_policy_plan"]
        draft.details["backup_policy_plan"] = plan[:5] + plan[5:].upper()
        draft.attributes.pop(LONG, None)


def _own_words(draft: Draft, choices: Choices) -> None:
    texts = (draft.attributes[SHORT], "Backup failed", "x")
    draft.attributes[SHORT] = choices.of(texts)


STRICT: tuple[Variation, ...] = (_optional, _code, _link, _texts, _source, _fraction, _extensions, _layout)
# what the documented profile takes without a word, and strict does not
DOCUMENTED: tuple[Variation, ...] = (_offset, _capitals, _own_words)
