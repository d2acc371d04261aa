"""Writers of emails that conform, and writers that break one requirement each, by requirement."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from email_forms import EMAIL_FORMS
from vpc_backup_events import catalog
from vpc_backup_events.catalog import event_type_of, pair_of
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import draft, email_body, email_details, plain_email
from vpc_backup_events.making.mutations import Mutation, mutations
from vpc_backup_events.reading import LONG
from vpc_backup_events.reference.producer import build_event
from vpc_backup_events.values.scenario import Scenario

Writer = Callable[[Scenario], Any]
SHORT = "ibmendefaultshort"


def by_hand(scenario: Scenario) -> str:
    """The sample of the documentation with the facts put in, as anybody would write it."""
    kind = "Volume" if scenario.resource_type == "volume" else "Instance"
    job = "Creation" if scenario.job_type == "creation" else "Retention"
    details = {
        "backup_policy": scenario.backup_policy,
        "backup_policy_job": scenario.backup_policy_job,
        "backup_policy_plan": scenario.backup_policy_plan,
        "match_resource_type": scenario.resource_type,
        "job_type": scenario.job_type,
        "reasons": [
            {
                "more_info": "https://cloud.ibm.com/docs/vpc?topic=vpc-troubleshooting-backup-for-vpc",
                "status": scenario.reason,
            }
        ],
        "resource": scenario.resource,
    }
    return (
        f"From: IBM Cloud <no-reply@cloud.ibm.com>\nSubject: {kind} Backup Job {job} Failure\n"
        "Content-Type: text/plain; charset=utf-8\n\n"
        f"{kind} Backup Job {job} Failure. Resource: {scenario.resource}. BackupJobID: {scenario.backup_policy_job}.\n"
        f"Reason: The job could not do what it had to do.\n\nNotification details:\n\n{json.dumps(details, indent=4)}\n"
    )


def encoded(form: str) -> Writer:
    """The canonical email in one of the forms of mail programs."""
    return lambda scenario: EMAIL_FORMS[form](event_type_of(scenario).title, email_body(scenario))


def pair(scenario: Scenario) -> tuple[str, str]:
    """Title and text."""
    return event_type_of(scenario).title, email_body(scenario)


def mapped(event: dict[str, Any]) -> EmailMessage:
    """What Event Notifications makes of an event: the short text as subject, the long text as body."""
    message = EmailMessage()
    message["Subject"] = event.get(SHORT, "")
    message.set_content(event.get(LONG, "") + "\n", cte="quoted-printable")
    return message


def with_payload(event: dict[str, Any]) -> str:
    """The same with the event in it."""
    text = f"{event.get(LONG, '')}\n\nNotification details:\n\n{json.dumps(event, indent=2)}"
    return plain_email(event.get(SHORT, ""), text)


CONFORMING: dict[str, Writer] = {
    "by-hand": by_hand,
    "pair": pair,
    **{form: encoded(form) for form in EMAIL_FORMS},
}
# what documented passes too
MAPPED: dict[str, Writer] = {
    "mapped": lambda scenario: mapped(build_event(scenario)),
    "with-payload": lambda scenario: with_payload(build_event(scenario)),
}


def mutated(mutation: Mutation, write: Callable[[Any], Any]) -> Writer:
    """A writer whose emails have one mutation, wherever it fits."""
    choices = Seeded(5)

    def produce(scenario: Scenario) -> Any:
        made = draft(scenario, str(uuid4()))
        return write(mutation.apply(made, choices) if mutation.fits(scenario) else made.event())

    return produce


def stating(**facts: Callable[[Scenario], Any]) -> Writer:
    """A writer that states other facts than the scenario has, in the prose as well."""

    def write(scenario: Scenario) -> str:
        details, body = email_details(scenario), email_body(scenario)
        for name, value in facts.items():
            body = body.replace(str(details[name]), value(scenario))
        return plain_email(event_type_of(scenario).title, body)

    return write


def other_id(scenario: Scenario) -> str:
    return f"r006-{uuid4()}"


def other_failure(fact: str) -> Writer:
    """A writer that takes one failure for another, where the reason is one of both."""

    def write(scenario: Scenario) -> str:
        reason = catalog.reasons[scenario.reason]
        other = next(
            e
            for e in catalog.event_types.values()
            if (e.resource_type == scenario.resource_type) == (fact != "resource_type")
            and (e.job_type == scenario.job_type) == (fact != "job_type")
        )
        if len(reason.pairs) < len(catalog.event_types):
            return plain_email(*pair(scenario))
        body = email_body(scenario).replace(event_type_of(scenario).title, other.title)
        before, now = getattr(scenario, fact), getattr(other, fact)
        # in the CRN of the resource as well
        facts = body.replace(f'"{before}"', f'"{now}"').replace(f"::{before}:", f"::{now}:")
        return plain_email(other.title, facts.replace(*_causes(scenario, other.type)))

    return write


def _causes(scenario: Scenario, type: str) -> tuple[str, str]:
    other = next(p for p in catalog.reasons[scenario.reason].pairs if p.event_type == type)
    return pair_of(scenario).cause, other.cause


def other_reason(scenario: Scenario) -> str:
    """Another reason of the group, in text and code."""
    group = [p for p in catalog.pairs.values() if p.event_type == scenario.event_type]
    other = group[([p.id for p in group].index(pair_of(scenario).id) + 1) % len(group)]
    body = email_body(scenario).replace(scenario.reason, other.reason)
    body = body.replace(pair_of(scenario).topics[0], other.topics[0])
    return plain_email(
        event_type_of(scenario).title,
        body.replace(pair_of(scenario).cause.rstrip("."), other.cause.rstrip(".")),
    )


def leaking(scenario: Scenario) -> str:
    """A writer that signs with everything it has."""
    extra = {name: getattr(scenario, name) for name in ("api_key", "endpoint") if hasattr(scenario, name)}
    return plain_email(event_type_of(scenario).title, f"{email_body(scenario)}\n\nsent with {extra}")


def raw_line_breaks(scenario: Scenario) -> str:
    """The event as the documentation prints its payload."""
    text = with_payload(build_event(scenario))
    return text.replace(',"status_reason', ',\n"status_reason').replace(',\\"status_reason', ',\n\\"status_reason')


# in place of mutations, which would change the facts as well
OWN: dict[str, Writer] = {
    "P12-policy-as-given": stating(backup_policy=other_id),
    "P12-plan-as-given": stating(backup_policy_plan=other_id),
    "P12-job-as-given": stating(backup_policy_job=lambda s: s.backup_policy),
    "P11-event-duplicate-member": lambda s: with_payload(build_event(s)).replace('"time":', '"time": "", "time":'),
    "P11-raw-line-break": raw_line_breaks,
    "P13-id-lower-case": stating(
        backup_policy_plan=lambda s: s.backup_policy_plan[:5] + s.backup_policy_plan[5:].upper()
    ),
    "P14-resource-type-as-given": other_failure("resource_type"),
    "P15-job-type-as-given": other_failure("job_type"),
    "P16-every-pair": lambda s: "" if s.reason == "snapshot-quota-reached" else by_hand(s),
    "P16-reason-as-given": other_reason,
    "P18-resource-as-given": stating(resource=lambda s: s.resource[:-1] + ("0" if s.resource[-1] != "0" else "1")),
    "P20-no-secret": leaking,
}
ALSO: dict[str, set[str]] = {
    # the CRN names the kind of resource
    "P14-resource-type-as-given": {"P18-resource-as-given"},
}


def fakes() -> list[tuple[str, str, Writer, set[str]]]:
    """Requirement, name, writer that breaks it, and all that is found in some profile."""
    made: list[tuple[str, str, Writer, set[str]]] = [
        (id, id, writer, {id, "P22-body-prose" if "P11-" in id else "P21-body-mapping"} | ALSO.get(id, set()))
        for id, writer in OWN.items()
    ]
    for m in mutations.values():
        if m.form == "email":
            made.append((m.requirement, m.name, mutated(m, lambda email: email), {m.requirement, *m.also}))
        elif m.form == "object" and m.requirement and m.requirement not in OWN:
            ids = {m.requirement, *m.also}
            # the body is then what the email's body is anyway
            own = {"P21-body-mapping"} if "P11-prose" in ids else {"P22-body-prose"}
            made.append((m.requirement, f"{m.name}, mapped", mutated(m, mapped), ids - {"P11-prose"} | own))
            made.append((m.requirement, f"{m.name}, payload", mutated(m, with_payload), ids | {"P22-body-prose"}))
    return made
