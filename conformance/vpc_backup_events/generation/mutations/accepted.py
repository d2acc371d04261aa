"""Documented forms that contradict each other and that both profiles accept: no requirement is broken."""

from __future__ import annotations

import json

from vpc_backup_events import catalog
from vpc_backup_events.generation.choices import Choices
from vpc_backup_events.generation.draft import LINK, Draft, registration_crn
from vpc_backup_events.generation.mutations._registry import mutation


@mutation("D20/details-in-data")
def data(draft: Draft, choices: Choices) -> None:
    """As Event Notifications wants it: the machine's part in `data`, too."""
    draft.attributes |= {"datacontenttype": "application/json", "data": json.loads(draft.text)}


@mutation("D24/no-job-no-resource", ledger=("D71",))
def bare(draft: Draft, choices: Choices) -> None:
    """As the payload example has it."""
    del draft.details["backup_policy_job"], draft.details["resource"]


@mutation("D27/short-text-of-the-payload")
def short(draft: Draft, choices: Choices) -> None:
    draft.attributes["ibmendefaultshort"] = draft.details["status"] = catalog.examples["short_text"]


@mutation("D28/source-id-of-a-sibling", ledger=("D58",))
def source_id(draft: Draft, choices: Choices) -> None:
    """A CRN, as every other source of IBM Cloud has."""
    draft.attributes["ibmensourceid"] = registration_crn(draft.scenario)


@mutation("D30/registration-crn", ledger=("D64",))
def source(draft: Draft, choices: Choices) -> None:
    draft.attributes["source"] = registration_crn(draft.scenario)


@mutation("D41/registration-crn-of-a-policy")
def policy(draft: Draft, choices: Choices) -> None:
    draft.attributes["source"] = registration_crn(draft.scenario, draft.scenario.backup_policy)


for _topic in catalog.examples["general_topics"]:

    @mutation(f"D35/{_topic}")
    def topic(draft: Draft, choices: Choices, name: str = _topic) -> None:
        draft.details["more_info"] = LINK + name
