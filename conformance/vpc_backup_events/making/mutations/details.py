"""Mutations of the details (P12 to P18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from vpc_backup_events import catalog
from vpc_backup_events.catalog import normal_form, pair_of
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.checking.rules.codes import groups
from vpc_backup_events.making.choices import Choices
from vpc_backup_events.making.draft import Draft, canonical_codes, email_details, sibling
from vpc_backup_events.making.mutations.envelope import NOTHING
from vpc_backup_events.making.mutations.registry import MISSING, Marks, member, mutation, required_members, with_member
from vpc_backup_events.values.scenario import Scenario

for _name in required_members("P12"):
    member(f"P12-{_name.replace('_', '-')}", _name, NOTHING)
member(
    "P12-status-failure",
    "status",
    {"completed": "Backup job completed", "succeeded": "succeeded", "ok": "OK", "success": "Success: backup created"},
)
member("P12-unknown-member", "attempt", {"number": 3, "object": {"of": 3}})


@mutation("P12-reasons-instead/reasons", ledger=("D23",))
def reasons_instead(draft: Draft, choices: Choices) -> None:
    del draft.details["status_reason"]
    draft.details["reasons"] = email_details(draft.scenario)["reasons"]


def _in_capitals(draft: Draft, choices: Choices) -> str:
    """The id of the policy with a UUID that has a letter, in upper case."""
    prefix, uuid = draft.scenario.backup_policy[:5], draft.scenario.backup_policy[5:]
    return prefix + "A" + uuid[1:].upper()


for _name in ("backup_policy", "backup_policy_plan", "backup_policy_job"):
    member(
        "P13-id-form",
        _name,
        {
            f"{_name}-words": "my-policy",
            f"{_name}-short": lambda draft, choices: draft.scenario.backup_policy[:-1],
            f"{_name}-no-hyphens": lambda draft, choices: draft.scenario.backup_policy.replace("-", ""),
            f"{_name}-long-prefix": lambda draft, choices: "r0" + draft.scenario.backup_policy,
            f"{_name}-prefix-in-capitals": lambda draft, choices: "R" + draft.scenario.backup_policy[1:],
        },
    )
    member(
        "P13-id-prefix",
        _name,
        {f"{_name}-bare-uuid": lambda draft, _, name=_name: getattr(draft.scenario, name)[5:]},
        ledger=("D33",),
    )
    member("P13-id-lower-case", _name, {f"{_name}-capitals": _in_capitals})
member(
    "P13-id-form",
    "backup_policy_job",
    {"backup_policy_job-null": None, "backup_policy_job-number": 5, "backup_policy_job-empty": ""},
)

member("P14-resource-type-known", "match_resource_type", {"disk": "disk", "capitals": "Volume", "plural": "volumes"})


@mutation("P14-resource-type-share/share", ledger=("D11",), also=("P16-code-share",))
def share(draft: Draft, choices: Choices) -> None:
    _share(draft, choices.of(_share_codes(draft.scenario)))


@mutation(
    "P16-code-share/token-of-every-group",
    ledger=("D11",),
    also=("P14-resource-type-share",),
    fits=lambda scenario: scenario.reason in _everywhere(),
)
def share_token(draft: Draft, choices: Choices) -> None:
    _share(draft, draft.scenario.reason)


def _share(draft: Draft, code: str) -> None:
    draft.details["match_resource_type"] = "share"
    draft.details["status_reason"] = f"{code}: no backup of the share"
    del draft.details["resource"]


def _share_codes(scenario: Scenario) -> list[str]:
    codes = [c.code for c in catalog.api_codes.values() if c.share_only or c.without_token]
    return _everywhere() + [code for code in codes if scenario.job_type in catalog.api_codes[code].job_types]


def _everywhere() -> list[str]:
    return [r.name for r in catalog.reasons.values() if len(r.pairs) == len(catalog.event_types)]


member("P15-job-type-known", "job_type", {"backup": "backup", "capitals": "Creation", "delete": "delete"})
member(
    "P15-job-type-retention",
    "job_type",
    {"retention": "retention"},
    ledger=("D14",),
    fits=lambda scenario: scenario.job_type != catalog.job_types[0],
)


# ---------------------------------------------------------------------------------------------------- reason codes


def _code(name: str, code: Callable[[Scenario, Choices], str], **marks: Unpack[Marks]) -> None:
    """A mutation of the code."""

    @mutation(name, **marks)
    def change(draft: Draft, choices: Choices) -> None:
        draft.details["status_reason"] = f"{code(draft.scenario, choices)}: it failed"


_code("P16-code-known/invented", lambda *_: "disk-on-fire")
_code("P16-code-known/cut", lambda scenario, _: scenario.reason[:-1])
_code("P16-code-known/token-in-brackets", lambda scenario, _: f"[{scenario.reason}]")
_code("P16-code-group/of-another-group", lambda scenario, choices: choices.of(_foreign(scenario)))
_code(
    "P16-code-group/of-the-other-job", lambda scenario, choices: choices.of(_foreign(scenario, scenario.resource_type))
)


def _foreign(scenario: Scenario, resource_type: str = "") -> list[str]:
    """Codes that other groups have and this one does not, in any spelling."""
    codes: set[str] = set()
    for group in groups().values():
        if resource_type in ("", group.resource_type):
            codes.update(group.canonical)
    without = {normal_form(code.code) for code in catalog.api_codes.values() if code.without_token}
    own = without.union(groups()[scenario.resource_type, scenario.job_type].spellings)
    return sorted(code for code in codes if normal_form(code) not in own)


def _other_spellings(pair: Pair, entry: str) -> list[str]:
    """Spellings with this ledger entry that are not canonical in the pair's group."""
    event_type = catalog.event_types[pair.event_type]
    canonical = groups()[event_type.resource_type, event_type.job_type].canonical
    return [s.spelling for s in pair.spellings if entry in s.ledger and s.spelling not in canonical]


def _documented_as(entry: str) -> None:
    def spellings(scenario: Scenario) -> list[str]:
        return _other_spellings(pair_of(scenario), entry)

    _code(
        f"P16-code-spelling/documented-as-{entry}",
        lambda scenario, choices: choices.of(spellings(scenario)),
        ledger=(entry,),
        fits=lambda scenario: bool(spellings(scenario)),
    )


for _entry in catalog.ledger:
    if any(_other_spellings(pair, _entry) for pair in catalog.pairs.values()):
        _documented_as(_entry)
_code("P16-code-spelling/capitals", lambda scenario, _: scenario.reason.upper())
_code(
    "P16-code-spelling/underscores",
    lambda scenario, _: _underscores(scenario),
    fits=lambda s: _underscores(s) not in canonical_codes(pair_of(s)),
)


def _underscores(scenario: Scenario) -> str:
    return scenario.reason.replace("-", "_")


def _without(scenario: Scenario) -> list[str]:
    own = groups()[scenario.resource_type, scenario.job_type].spellings
    return [
        c.code
        for c in catalog.api_codes.values()
        if c.without_token and scenario.job_type in c.job_types and normal_form(c.code) not in own
    ]


_code(
    "P16-code-without-token/api-code",
    lambda scenario, choices: choices.of(_without(scenario)),
    ledger=("D10",),
    fits=lambda s: bool(_without(s)),
)
member(
    "P16-reason-text",
    "status_reason",
    {
        "code-alone": lambda draft, _: draft.scenario.reason,
        "nothing-after-the-colon": lambda draft, _: draft.scenario.reason + ": ",
    },
    ledger=("D23",),
)

# ------------------------------------------------------------------------------------------------- links, resource

member(
    "P17-more-info-url",
    "more_info",
    {
        "http": lambda draft, _: draft.details["more_info"].replace("https", "http"),
        "relative": "/docs/vpc?topic=vpc-baas-troubleshoot",
        "words": "see the documentation",
        "blank-within": "https://cloud.ibm.com/docs/vpc?topic=vpc-baas troubleshoot",
        "line-feed-at-the-end": "https://cloud.ibm.com/docs/vpc?topic=vpc-baas-troubleshoot\n",
        "no-host": "https:///docs/vpc?topic=vpc-baas-troubleshoot",
    },
)
member(
    "P17-more-info-host",
    "more_info",
    {
        "another-host": "https://example.com/docs/vpc?topic=vpc-baas-troubleshoot",
        "host-as-a-prefix": "https://cloud.ibm.com.example.com/docs/vpc",
        "outside-docs": "https://cloud.ibm.com/apidocs/vpc",
        "dot-segments": "https://cloud.ibm.com/docs/../login",
    },
)
member(
    "P17-more-info-topic",
    "more_info",
    {"no-topic": "https://cloud.ibm.com/docs/vpc", "another-topic": "https://cloud.ibm.com/docs/vpc?topic=vpc-about"},
)
member(
    "P18-resource-crn",
    "resource",
    {
        "bare-id": lambda draft, _: draft.scenario.resource.rpartition(":")[2],
        "nine-segments": lambda draft, _: draft.scenario.resource.replace("::", ":"),
        "another-service": lambda draft, _: draft.scenario.resource.replace(":is:", ":cloud-object-storage:"),
        "no-account": lambda draft, _: draft.scenario.resource.replace(f":a/{draft.scenario.account_id}:", "::"),
        "blank-within": lambda draft, _: draft.scenario.resource.replace("bluemix", "blue mix"),
        "line-feed-at-the-end": lambda draft, _: draft.scenario.resource + "\n",
        "empty": "",
        "null": None,
        "number": 5,
    },
)
member(
    "P18-resource-agrees",
    "resource",
    {
        "other-resource": lambda draft, _: draft.scenario.resource.replace(
            f":{draft.scenario.resource_type}:", f":{sibling(draft.scenario, 'resource_type').resource_type}:"
        ),
        "snapshot": lambda draft, _: draft.scenario.resource.replace(f":{draft.scenario.resource_type}:", ":snapshot:"),
    },
)


# ------------------------------------------------------------- the email's members, beside `status_reason` (P23)


def _reasons(name: str, member: str, value: Any) -> None:
    """A mutation of the one entry of `reasons`, or of the whole where `member` is empty."""

    @mutation(name)
    def change(draft: Draft, choices: Choices) -> None:
        entry = with_member(email_details(draft.scenario)["reasons"][0], member, value)
        draft.details["reasons"] = [entry] if member else value


for _what, _value in NOTHING.items():
    if _value is not MISSING:
        _reasons(f"P23-reasons/{_what}", "", _value)
    _reasons(f"P23-reason-status/{_what}", "status", _value)
    _reasons(f"P23-reason-more-info/{_what}", "more_info", _value)
_reasons("P23-reasons/list-of-text", "", ["x"])
_reasons("P23-reasons/list-of-null", "", [None])
_reasons("P17-more-info-url/words-in-reasons", "more_info", "see the documentation")
_reasons("P17-more-info-host/another-host-in-reasons", "more_info", "https://example.com/docs/vpc")
_reasons("P17-more-info-host/dot-segments-in-reasons", "more_info", "https://cloud.ibm.com/docs/../login")
