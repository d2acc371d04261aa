"""Documented forms that contradict each other and that both profiles accept: no requirement is broken."""

from __future__ import annotations

import json

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.catalog.names import SHORT, SOURCE_ID
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import LINK, Draft, canonical_codes, registration_crn
from vpc_backup_events.making.mutations.registry import mutation
from vpc_backup_events.values.scenario import Scenario


@mutation("D20/details-in-data")
def data(draft: Draft, choices: Choices) -> None:
    """As Event Notifications wants it: the machine's part in `data`, too."""
    draft.attributes |= {"datacontenttype": "application/json", "data": json.loads(draft.text)}


@mutation("D73/attachments")
def attachments(draft: Draft, choices: Choices) -> None:
    """An attribute that the payload page documents."""
    draft.attributes["attachments"] = []


@mutation("D24/no-job-no-resource", ledger=("D71",))
def bare(draft: Draft, choices: Choices) -> None:
    """As the payload example has it."""
    del draft.details["backup_policy_job"], draft.details["resource"]


@mutation("D27/short-text-of-the-payload")
def short(draft: Draft, choices: Choices) -> None:
    draft.attributes[SHORT] = draft.details["status"] = catalog.examples.short_text


@mutation("D28/source-id-of-a-sibling", ledger=("D58",))
def source_id(draft: Draft, choices: Choices) -> None:
    """A CRN, as every other source of IBM Cloud has."""
    draft.attributes[SOURCE_ID] = registration_crn(draft.scenario)


@mutation("D30/registration-crn", ledger=("D64",))
def source(draft: Draft, choices: Choices) -> None:
    draft.attributes["source"] = registration_crn(draft.scenario)


@mutation("D41/registration-crn-of-a-policy")
def policy(draft: Draft, choices: Choices) -> None:
    draft.attributes["source"] = registration_crn(draft.scenario, draft.scenario.backup_policy)


for _topic in catalog.examples.general_topics:

    @mutation(f"D35/{_topic}")
    def topic(draft: Draft, choices: Choices, name: str = _topic) -> None:
        draft.details["more_info"] = LINK + name


@mutation("D01/api-code", fits=lambda scenario: len(canonical_codes(pair_of(scenario))) > 1)
def api_code(draft: Draft, choices: Choices) -> None:
    """The code of the VPC API, as both examples have it."""
    _code(draft, canonical_codes(pair_of(draft.scenario))[1])


@mutation("D05/source-in-the-code", fits=lambda scenario: bool(_with_source(scenario)))
def source_code(draft: Draft, choices: Choices) -> None:
    """The API says `source` where the token does not."""
    _code(draft, choices.of(_with_source(draft.scenario)))


@mutation("D07/bad-state-on-creation", fits=lambda scenario: _is_listed_for_both(scenario))
def bad_state(draft: Draft, choices: Choices) -> None:
    """Listed for both jobs, though its pages know the deletion only."""


def _code(draft: Draft, code: str) -> None:
    draft.details["status_reason"] = draft.details["status_reason"].replace(draft.scenario.reason, code, 1)


def _with_source(scenario: Scenario) -> list[str]:
    return [c for c in canonical_codes(pair_of(scenario)) if "source" in c and "source" not in scenario.reason]


def _is_listed_for_both(scenario: Scenario) -> bool:
    """Whether D07 speaks of the reason, and the job is a creation."""
    entries: set[str] = set()
    for pair in catalog.reasons[scenario.reason].pairs:
        for spelling in pair.spellings:
            entries.update(spelling.ledger)
    return scenario.job_type == catalog.job_types[0] and "D07" in entries
