"""Documented forms that contradict each other and that both profiles accept: no requirement is broken."""

from __future__ import annotations

import json

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.catalog.names import SHORT, SOURCE_ID
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import LINK, Draft, canonical_codes, registration_crn
from vpc_backup_events.making.mutations.registry import attribute, member, mutation
from vpc_backup_events.values.scenario import Scenario


@mutation("D20/details-in-data")
def data(draft: Draft, choices: Choices) -> None:
    """As Event Notifications wants it: the machine's part in `data`, too."""
    draft.attributes |= {"datacontenttype": "application/json", "data": json.loads(draft.text)}


# an attribute that the payload page documents
attribute("D73", "attachments", {"attachments": []})


@mutation("D24/no-job-no-resource", ledger=("D71",))
def bare(draft: Draft, choices: Choices) -> None:
    """As the payload example has it."""
    del draft.details["backup_policy_job"], draft.details["resource"]


@mutation("D27/short-text-of-the-payload")
def short(draft: Draft, choices: Choices) -> None:
    draft.attributes[SHORT] = draft.details["status"] = catalog.examples.short_text


# a CRN, as every other source of IBM Cloud has
attribute(
    "D28", SOURCE_ID, {"source-id-of-a-sibling": lambda draft, _: registration_crn(draft.scenario)}, ledger=("D58",)
)
attribute("D30", "source", {"registration-crn": lambda draft, _: registration_crn(draft.scenario)}, ledger=("D64",))
attribute(
    "D41",
    "source",
    {"registration-crn-of-a-policy": lambda draft, _: registration_crn(draft.scenario, draft.scenario.backup_policy)},
)
member("D35", "more_info", {topic: LINK + topic for topic in catalog.examples.general_topics})


def _coded(draft: Draft, code: str) -> str:
    reason: str = draft.details["status_reason"]
    return reason.replace(draft.scenario.reason, code, 1)


def _with_source(scenario: Scenario) -> list[str]:
    return [c for c in canonical_codes(pair_of(scenario)) if "source" in c and "source" not in scenario.reason]


def _is_listed_for_both(scenario: Scenario) -> bool:
    """Whether D07 speaks of the reason, and the job is a creation."""
    entries: set[str] = set()
    for pair in catalog.reasons[scenario.reason].pairs:
        for spelling in pair.spellings:
            entries.update(spelling.ledger)
    return scenario.job_type == catalog.job_types[0] and "D07" in entries


# the code of the VPC API, as both examples have it
member(
    "D01",
    "status_reason",
    {"api-code": lambda draft, _: _coded(draft, canonical_codes(pair_of(draft.scenario))[1])},
    fits=lambda scenario: len(canonical_codes(pair_of(scenario))) > 1,
)
# the API says `source` where the token does not
member(
    "D05",
    "status_reason",
    {"source-in-the-code": lambda draft, choices: _coded(draft, choices.of(_with_source(draft.scenario)))},
    fits=lambda scenario: bool(_with_source(scenario)),
)


@mutation("D07/bad-state-on-creation", fits=_is_listed_for_both)
def bad_state(draft: Draft, choices: Choices) -> None:
    """Listed for both jobs, though its pages know the deletion only."""
