"""The producer suite passes what conforms, and catches each fake by its requirement and no other."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import datetime, timedelta, timezone

import pytest

from helpers.producers import fakes
from vpc_backup_events import catalog
from vpc_backup_events.reference.producer import build_event
from vpc_backup_events.trials.producer import PRODUCER, ProducerRun
from vpc_backup_events.trials.run import judge_producer
from vpc_backup_events.trials.trial import result_of, verdict
from vpc_backup_events.values.errors import Declined, UsageError

BROKEN = ("failed", "warned", "reported", "errored")


def results(producer, profile="documented"):
    run = ProducerRun(producer, profile)
    return [result_of(trial, run, profile) for trial in PRODUCER]


def by_requirement():
    """Two fakes of each requirement at most."""
    chosen = {}
    for requirement, producer, found in fakes():
        chosen.setdefault(requirement, []).append((producer, found))
    return [
        pytest.param(requirement, producer, found, id=f"{requirement}-{number}")
        for requirement, each in chosen.items()
        for number, (producer, found) in enumerate(each[:2], 1)
    ]


def test_every_requirement_that_binds_a_producer_and_is_judged_has_a_trial_and_a_fake():
    judged = {
        r.id
        for r in catalog.requirements.values()
        if r.status == "checked" and r.check not in ("confirm", "email", "render") and "producer" in r.subject
    }
    assert {trial.requirement.id for trial in PRODUCER} == judged
    assert {requirement for requirement, _, _ in fakes()} == judged


@pytest.mark.representatives(
    "P01-specversion-1",
    "P05-type-as-given-1",
    "P06-source-known-1",
    "P10-id-example-1",
    "P11-line-break-1",
    "P12-match-resource-type-2",
    "P16-code-spelling-2",
    "P18-resource-agrees-2",
    "P23-backup-policy-job-2",
)
@pytest.mark.parametrize(("requirement", "producer", "found"), by_requirement())
def test_a_fake_is_caught_by_its_requirement_and_no_other(requirement, producer, found):
    profile = "strict" if catalog.requirements[requirement].profiles["documented"] == "none" else "documented"
    broken = {r.requirement.id: r for r in results(producer, profile) if r.status in BROKEN}
    assert set(broken) == {id for id in found if catalog.requirements[id].profiles[profile] != "none"}
    message = broken[requirement].message
    assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
    came = "came: " if requirement == "P16-every-pair" else "produced: "
    for part in ("case: ", came, "finding: ", "fix: ", "doc: https://", "reproduce: producer("):
        assert part in message


def seed_style(scenario):
    """As the payload example has it, but for its mistakes: no job, no resource, JSON text."""
    details = {
        "status": "Backup job creation / retention failed",
        "backup_policy": scenario.backup_policy,
        "backup_policy_plan": scenario.backup_policy_plan,
        "status_reason": f"{scenario.reason}: something happened",
        "match_resource_type": scenario.resource_type,
        "job_type": scenario.job_type,
        "more_info": "https://cloud.ibm.com/docs/vpc?topic=vpc-baas-troubleshoot",
    }
    return json.dumps(
        {
            "ibmendefaultlong": json.dumps(details, indent=None),
            "ibmendefaultshort": "Backup Job creation / retention failed",
            "id": str(uuid.uuid4()),
            "time": scenario.time,
            "ibmenseverity": scenario.severity,
            "type": scenario.event_type,
            "source": "com.ibm.cloud.is.backup-policy",
            "specversion": "1.0",
            "ibmensourceid": scenario.source_id,
        }
    )


def binary_style(scenario):
    """A message in binary mode, with an id made of the job's."""
    from urllib.parse import quote

    event = json.loads(seed_style(scenario))
    event["id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, scenario.backup_policy_job))
    event["source"] = f"crn:v1:bluemix:public:is:{scenario.region}:a/{scenario.account_id}::backup-policy:"
    return {f"ce-{name}": quote(value) for name, value in event.items()}, b""


async def asynchronous(scenario):
    """A coroutine function."""
    return json.loads(seed_style(scenario))


@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize(
    "producer", [build_event, seed_style, binary_style, asynchronous], ids=lambda each: each.__name__
)
def test_a_producer_that_conforms_passes(producer, profile):
    made = results(producer, profile)
    assert [(r.requirement.id, r.message) for r in made if r.status in (*BROKEN, "skipped")] == []
    assert verdict(made) == "conforming"


@pytest.mark.parametrize(
    ("written", "status"),
    [
        (lambda moment: moment.isoformat(), "passed"),
        (lambda moment: moment.isoformat(timespec="microseconds"), "passed"),
        (lambda moment: moment.strftime("%Y-%m-%dt%H:%M:%Sz"), "passed"),
        (lambda moment: moment.astimezone(timezone(timedelta(hours=2))).isoformat(), "passed"),
        (lambda moment: (moment + timedelta(seconds=1)).isoformat(), "failed"),
        (lambda moment: moment.replace(tzinfo=timezone(timedelta(hours=2))).isoformat(), "failed"),
    ],
    ids=["offset of zero", "fraction", "lower case", "other offset", "a second later", "wrong offset"],
)
def test_a_moment_is_the_same_in_every_form(written, status):
    def producer(scenario):
        event = build_event(scenario)
        return {**event, "time": written(datetime.fromisoformat(event["time"]))}

    run = ProducerRun(producer, "documented")
    assert result_of(PRODUCER["P02-time-as-given"], run, "documented").status == status


def raising(scenario):
    raise RuntimeError("no database")


@pytest.mark.parametrize(
    ("producer", "came"),
    [
        (raising, "the producer raised RuntimeError: no database ("),
        (lambda scenario: None, "the producer returned None"),
        (lambda scenario: b"", "the producer returned b''"),
        (lambda scenario: sys.exit(3), "the producer ended the process: SystemExit(3)"),
    ],
    ids=["raises", "returns nothing", "returns no bytes", "ends"],
)
def test_a_producer_that_makes_no_event_breaks_one_requirement_and_is_not_judged_further(producer, came):
    run = ProducerRun(producer)
    made = {trial.requirement.id: result_of(trial, run, "documented") for trial in PRODUCER}
    assert {id for id, r in made.items() if r.status in BROKEN} == {"P16-every-pair"}
    assert {r.status for r in made.values()} == {"failed", "skipped", "not exercised"}
    assert {r.message for r in made.values() if r.status == "skipped"} == {
        "the producer made no event, see P16-every-pair"
    }
    assert verdict(made.values()) == "not conforming"
    message = made["P16-every-pair"].message
    assert f"  came:     {came}" in message
    assert "came to nothing, of all 20 reasons." in message
    assert "decoy" not in made["P16-every-pair"].whole


def test_a_scenario_that_a_producer_declines_is_no_breach():
    def producer(scenario):
        if scenario.job_type == "deletion":
            raise Declined("it makes no events of deletions")
        return build_event(scenario)

    report = judge_producer(producer)
    assert {r.status for r in report.results} == {"passed", "not exercised"}
    assert report.errors == ()


def test_a_producer_whose_program_breaks_is_an_error_of_the_run():
    def producer(scenario):
        raise UsageError("It does not start.", "Start it.")

    report = judge_producer(producer)
    assert report.errors == ("It does not start. Start it.",)
    assert "failed" not in {r.status for r in report.results}
    assert report.verdict == "not conforming"


def test_a_secret_of_the_subject_is_not_printed():
    def leaking(scenario):
        return {**build_event(scenario), "token": "hunter2-hunter2"}

    messages = "".join(r.message for r in results(leaking))
    assert "P20-no-secret" in messages
    assert "hunter2" not in messages
