"""Forms of an event that the documentation shows somewhere and contradicts elsewhere: a consumer survives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair, Spelling
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.jobs import named
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import accepts, trial_of

__all__ = ["spellings"]


def _mutated(requirement: str, *breaks: str) -> None:
    """The trial that every event which breaks one of these requirements is accepted."""
    documented = [
        m
        for m in mutations.values()
        if m.name.startswith(breaks) and not m.errors("documented") and m.form in ("object", "text")
    ]
    assert documented, requirement

    @trial_of(requirement, accepts)
    def deliveries(subject: ConsumerRun) -> Iterator[Exchange]:
        for mutation in documented:
            if mutation.form == "text" and subject.mode == "binary":
                subject.needs_json()
            yield from subject.send_in_each_mode(named(mutation), partial(subject.jobs.mutated, mutation))


_mutated("P25-unknown-members", "P12-unknown-member/")
_mutated("P25-quirk-raw-line-breaks", "P11-raw-line-break/")
_mutated("P25-quirk-escaped-line-breaks", "P11-line-break/")
_mutated("P25-quirk-bare-id", "P11-unquoted-id/")
_mutated("P25-quirk-prose", "P11-prose/")
_mutated("P25-quirk-reasons-array", "P12-reasons-instead/")
_mutated("P25-quirk-type-contradiction", "P14-agrees-with-type/")
_mutated("P25-quirk-retention-word", "P15-job-type-retention/")
_mutated("P25-quirk-deletion-type", "P05-type-retention/")
_mutated("P25-quirk-bare-code", "P16-reason-text/")
_mutated("P25-quirk-share", "P14-resource-type-share/", "P16-code-share/")
_mutated("P25-quirk-severity-case", "P08-severity-medium/medium-")
_mutated(
    "P25-quirk-severity-other",
    *(f"P08-severity-medium/{s.name}" for s in catalog.severities.values() if not s.canonical and not s.fallback),
)
_mutated("P25-quirk-crn-source", "D30/")
_mutated("P25-quirk-policy-source", "D41/")
_mutated("P25-quirk-crn-source-id", "D28/")
_mutated("P25-quirk-no-time", "P02-time-present/")
_mutated("P25-quirk-no-severity", "P02-severity-present/")
_mutated("P25-quirk-bare-uuid", "P13-id-prefix/")
_mutated(
    "P25-quirk-received-names",
    *(f"P03-attribute-name-underscore/{name}" for name in ("en-source-id", "message-subject")),
    "D73/attachments",
)


def spellings() -> list[tuple[Pair, Spelling]]:
    """Each documented spelling of the reason of each pair, but for the catalog's own."""
    return [
        (pair, spelling)
        for pair in catalog.pairs.values()
        for spelling in pair.spellings
        if spelling.spelling != pair.reason
    ]


def _in_table(spelling: Spelling) -> bool:
    """The event table spells it so, or the VPC API as it is now."""
    return spelling.where.startswith("seed") or spelling.where == "vpc-api"


def _spelled(requirement: str, takes: Callable[[Spelling], bool]) -> None:
    """The trial that the reason is spelled so."""

    @trial_of(requirement, accepts)
    def deliveries(subject: ConsumerRun) -> Iterator[Exchange]:
        for pair, spelling in spellings():
            if takes(spelling):
                _, event = subject.jobs.of_scenario(pair, spelling.spelling)
                title = f"an event of {pair.reason} ({pair.id}) spelled {spelling.spelling}"
                yield subject.send(title, event)


_spelled("P25-quirk-other-spelling", _in_table)
_spelled("P25-quirk-page-spelling", lambda spelling: not _in_table(spelling))
_mutated("P25-quirk-undocumented-spelling", "P16-code-spelling/capitals", "P16-code-spelling/underscores")


@trial_of("P25-quirk-tokenless-code", accepts)
def tokenless_code(subject: ConsumerRun) -> Iterator[Exchange]:
    """Every code that has no token, in every event type whose job and resource it belongs to."""
    # an old name counts as a spelling of the reason that it was renamed to
    other_names = {spelling.spelling for _, spelling in spellings()}
    codes = [c for c in catalog.api_codes.values() if c.without_token and c.code not in other_names]
    for kind in catalog.event_types.values():
        pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
        for code in codes:
            if kind.job_type in code.job_types and kind.resource_type in code.resource_types:
                _, event = subject.jobs.of_scenario(pair, code.code)
                yield subject.send(f"{kind.type} with {code.code}", event)
