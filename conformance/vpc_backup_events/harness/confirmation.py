"""Whether the failed backup job that an event speaks of is there, and agrees with it (position P36)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from vpc_backup_events import catalog
from vpc_backup_events.catalog import normal_form
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.findings import finding
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.checking.rules import Context, codes
from vpc_backup_events.delivery import Request, Response, Target, Transport, TransportError, transport_for
from vpc_backup_events.delivery.http import url_parts
from vpc_backup_events.reading import EventLike, Reading, read
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.errors import UnreadableInputError, UsageError
from vpc_backup_events.values.report import Profile, Report
from vpc_backup_events.values.tokens import clean, without

__all__ = ["Confirmation", "VpcApiError", "compare", "confirm"]

Job = Mapping[str, Any]

# of the VPC API, as IBM's client sends it
VERSION = "2026-10-06"
# of every path
BASE = "/v1"
# a reference service that was given no token takes any
NO_TOKEN = "no-token-was-given"
# stands in place of the token wherever the API repeats it
MASK = "$TOKEN"
# pages of a list that are read at most
PAGES = 100


class VpcApiError(UnreadableInputError):
    """The VPC API could not be asked, or its answer is none that says something of the job."""

    code = "vpc-api"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the VPC API says of an event."""

    #: in what the event contradicts the job
    report: Report
    #: as the API has it; None where there is none
    job: Job | None
    #: how the job was found, for a person
    how: str

    @property
    def ok(self) -> bool:
        """The job is there, and agrees."""
        return self.report.ok


def confirm(
    event: EventLike,
    vpc: Target,
    *,
    token: str = "",
    profile: Profile = "documented",
    timeout: float = 10.0,
    version: str = VERSION,
) -> Confirmation:
    """Finds the job of an event and compares them (position P36).

    `event` is what `check` takes. `vpc` is the base URL of the VPC API, which ends in `/v1`, or an ASGI or WSGI
    application of it; `token` the bearer token. An event without the id of its job is confirmed by the failed job of
    its policy and plan that agrees best and is nearest in time. Raises `VpcApiError` where the API can't be asked, and
    `UsageError` where the event names no policy.
    """
    reading = read(event)
    facts = interpretation(reading)
    policy = facts.get("backup_policy")
    if policy is None:
        raise UsageError(
            "The event names no backup policy, so its job can't be looked for.", "See what `check` says of it."
        )
    with closing(_Api(vpc, token, timeout, version)) as api:
        if "backup_policy_job" in facts:
            job = api.job(policy, facts["backup_policy_job"])
            how = f"job {facts['backup_policy_job']} of policy {policy}"
        else:
            job = _likeliest(reading, api.failed(policy, facts.get("backup_policy_plan")))
            how = f"the failed jobs of policy {policy}: the event has no job id"
    findings = [finding(breach, profile, None, False) for breach in compare(reading, job)]
    return Confirmation(Report(profile, tuple(filter(None, findings))), job, how)


def compare(reading: Reading, job: Job | None) -> list[Breach]:
    """In what the event contradicts the job; only what both say is compared."""
    if job is None:
        return [Breach("P36-failed", (LONG,), {"value": "(there is no such job)"})]
    facts = interpretation(reading)
    breaches = []
    if job.get("status") != "failed":
        breaches.append(Breach("P36-failed", (LONG,), {"value": job.get("status")}))
    breaches += _differs("P36-job-type-agrees", facts.get("job_type"), job.get("job_type"))
    breaches += _reason_differs(reading, job)
    plan = _member(job.get("backup_policy_plan"), "id")
    breaches += _differs("P36-plan-agrees", facts.get("backup_policy_plan"), plan)
    breaches += _differs("P36-resource-agrees", facts.get("resource"), _member(job.get("source"), "crn"))
    return breaches


def _differs(requirement: str, stated: str | None, actual: Any) -> list[Breach]:
    if stated is None or stated == actual:
        return []
    return [Breach(requirement, (LONG,), {"value": stated, "expected": actual})]


def _reason_differs(reading: Reading, job: Job) -> list[Breach]:
    """A code that the event has must be one of the job; one that its token is mapped to should."""
    own, mapped = _codes(reading)
    either = own | mapped
    actual = [str(reason.get("code")) for reason in _objects(job.get("status_reasons"))]
    if not either or any(either & _same(code) for code in actual):
        return []
    requirement = "P36-reason-agrees" if own else "P36-reason-mapped"
    return _differs(requirement, " or ".join(sorted(either)), ", ".join(actual) or "(none)")


def _codes(reading: Reading) -> tuple[set[str], set[str]]:
    """The API codes that the event has itself, and those that the kit maps its tokens to."""
    context = Context.of(reading)
    by_form = {normal_form(code): code for code in catalog.api_codes}
    own: set[str] = set()
    mapped: set[str] = set()
    for _, code in codes.occurrences(context):
        if normal_form(code) in by_form:
            own |= _same(by_form[normal_form(code)])
        for pair in codes.pairs_of(context, code):
            if pair.api_code.code is not None:
                mapped |= _same(pair.api_code.code)
    return own, mapped


def _same(code: str) -> set[str]:
    """The code, and the ones that it was renamed to or from."""
    codes_of = {code} | {other.code for other in catalog.api_codes.values() if other.renamed_to == code}
    if code in catalog.api_codes:
        codes_of.add(catalog.api_codes[code].renamed_to)
    return codes_of - {""}


def _likeliest(reading: Reading, jobs: Iterable[Job]) -> Job | None:
    """The job that contradicts the event least, the nearest in time among those."""
    event = reading.event if isinstance(reading.event, dict) else {}

    def rank(job: Job) -> tuple[int, float]:
        return len(compare(reading, job)), _distance(
            event.get("time"), job.get("completed_at") or job.get("created_at")
        )

    return min(jobs, key=rank, default=None)


def _distance(one: Any, other: Any) -> float:
    """Seconds between two times; infinite where one is none."""
    try:
        return abs((datetime.fromisoformat(one.upper()) - datetime.fromisoformat(other.upper())).total_seconds())
    except (AttributeError, TypeError, ValueError):
        return float("inf")


def _member(value: Any, name: str) -> Any:
    """A member of what may be an object."""
    return value.get(name) if isinstance(value, Mapping) else None


def _objects(value: Any) -> list[Job]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


class _Api:
    """The two operations of the VPC API."""

    def __init__(self, vpc: Target, token: str, timeout: float, version: str) -> None:
        self._vpc = vpc
        self._transport: Transport = transport_for(vpc)
        path = url_parts(vpc).path.rstrip("/") if isinstance(vpc, str) else ""
        self._base = path if path.endswith(BASE) else path + BASE
        self._token = clean(token) or NO_TOKEN
        self._timeout = timeout
        self._query = {"version": version, "generation": "2"}

    def close(self) -> None:
        """Ends what was started."""
        if self._transport is not self._vpc:
            self._transport.close()

    def job(self, policy: str, id: str) -> Job | None:
        """A job, or None where there is none."""
        return self._ask(f"{_path(policy)}/{quote(id, safe='')}", {})

    def failed(self, policy: str, plan: str | None) -> list[Job]:
        """The failed jobs of a policy, of all pages."""
        query = {"status": "failed", **({"backup_policy_plan.id": plan} if plan else {})}
        jobs: list[Job] = []
        for _ in range(PAGES):
            page = self._ask(_path(policy), query)
            if page is None:
                break
            jobs += _objects(page.get("jobs"))
            href = _member(page.get("next"), "href")
            start = dict(parse_qsl(urlsplit(str(href)).query)).get("start") if href else None
            if not start:
                break
            query = {**query, "start": start}
        return jobs

    def _ask(self, path: str, query: Mapping[str, str]) -> Job | None:
        target = f"{self._base}{path}?{urlencode({**self._query, **query})}"
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self._token}"}
        try:
            answer = self._transport.send(Request("GET", headers, b"", target), self._timeout)
        except TransportError as problem:
            reason = without(self._token, str(problem), MASK)
            raise VpcApiError(f"The VPC API can't be reached: {reason}.", "Check its URL.") from None
        if answer.status == 404:
            return None
        if answer.status != 200:
            reason = without(self._token, _reason(answer), MASK)
            raise VpcApiError(f"The VPC API answered {answer.status}{reason}.", _HINTS.get(answer.status, _HINT))
        try:
            body = json.loads(answer.body)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise VpcApiError("The VPC API answered 200 with a body that is no JSON object.", _HINT)
        return body


_HINT = "Check that the URL is that of the VPC API."
_HINTS = {
    401: "Give a valid token.",
    403: "Use the token of somebody who may view backup policies.",
    429: "Wait, and ask again.",
}


def _path(policy: str) -> str:
    return f"/backup_policies/{quote(policy, safe='')}/jobs"


def _reason(answer: Response) -> str:
    """The message of the first error, where there is one."""
    try:
        message = json.loads(answer.body)["errors"][0]["message"]
    except (ValueError, LookupError, TypeError):
        return ""
    return f": {str(message)[:200].rstrip('.')}"
