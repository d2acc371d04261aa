"""A whole suite without pytest: what it is told reaches the run, and what the run found reaches the report."""

from __future__ import annotations

import pytest

from vpc_backup_events import catalog, suites
from vpc_backup_events.reference import build_event, consumer_app, event_notifications_app
from vpc_backup_events.trials import run
from vpc_backup_events.trials.report import SuiteReport
from vpc_backup_events.trials.trial import Breached, Evidence, Result, Trials, verdict
from vpc_backup_events.values.errors import UsageError

pytest.importorskip("uvicorn")
from helpers import clients, services

SUBJECTS = {
    "producer": (run.judge_producer, build_event, {}),
    "consumer": (run.judge_consumer, consumer_app(), {"path": "/hooks"}),
    "client": (run.judge_client, clients.client(), {}),
    "service": (
        run.judge_service,
        event_notifications_app(token=services.TOKEN, instance_id=services.OTHER, deliver=services.undelivered),
        {"token": services.TOKEN, "instance_id": services.OTHER},
    ),
}
# one that judges in both profiles, and warns in documented alone
LEVELS = next(
    r for r in catalog.requirements.values() if (r.profiles["documented"], r.profiles["strict"]) == ("warning", "error")
)


@pytest.fixture
def one_trial(monkeypatch):
    """Each suite has one trial, which keeps its subject and finds a breach."""
    subjects = []

    def breach(subject):
        subjects.append(subject)
        subject.cases += 2
        raise Breached(Evidence(message="broken"))

    trials = Trials()
    trials.judges(LEVELS.id)(breach)
    for name in ("PRODUCER", "CONSUMER", "CLIENT", "SERVICE"):
        monkeypatch.setattr(run, name, trials)
    return subjects


@pytest.mark.parametrize("role", SUBJECTS)
@pytest.mark.parametrize(
    ("options", "profile", "status"),
    [
        ({}, "documented", "warned"),
        ({"fail_on": "warning"}, "documented", "failed"),
        ({"profile": "strict"}, "strict", "failed"),
    ],
    ids=["default", "fail_on", "strict"],
)
def test_profile_and_level_are_those_that_were_asked_for(role, options, profile, status, one_trial):
    judge, subject, known = SUBJECTS[role]
    done = []
    report = judge(subject, **known, **options, gaps={LEVELS.id: "known"}, progress=done.append)
    (result,) = report.results
    assert (result.requirement, result.status, result.cases) == (LEVELS, status, 2)
    assert "  finding:  broken" in result.message
    assert (report.role, report.profile, report.gaps) == (role, profile, {LEVELS.id: "known"})
    assert [judged.profile for judged in one_trial] == [profile]
    assert set(run.TRIALS) == {*SUBJECTS, "email"}
    assert done == [1]
    assert judge(subject, **known, **options).gaps == {}


def test_the_run_has_what_is_known_of_the_subject(one_trial):
    for judge, subject, known in SUBJECTS.values():
        judge(subject, **known)
    producer, consumer, client, service = one_trial
    assert producer.produce is build_event
    assert (consumer.consumer, client.register) == (SUBJECTS["consumer"][1], SUBJECTS["client"][1])
    assert (service.service, service.token, service.instance) == (
        *(SUBJECTS["service"][1], services.TOKEN, services.OTHER),
    )
    facts, observe = services.ServiceFacts(fuzz=0), list
    run.judge_service(SUBJECTS["service"][1], facts=facts)
    run.judge_consumer(SUBJECTS["consumer"][1], observe)
    assert one_trial[-2].facts is facts
    assert one_trial[-1].observer.observe is observe


@pytest.mark.parametrize(
    ("role", "kind"), [("consumer", "ConsumerRun"), ("client", "ClientRun"), ("service", "ServiceRun")]
)
def test_a_run_is_closed_also_where_a_trial_goes_wrong(role, kind, monkeypatch, one_trial):
    closed = []
    monkeypatch.setattr(getattr(run, kind), "close", lambda closes: closed.append(closes))
    judge, subject, known = SUBJECTS[role]
    judge(subject, **known)
    assert closed == one_trial

    def fails(_):
        raise SystemExit

    with pytest.raises(SystemExit):
        judge(subject, **known, progress=fails)
    assert closed == one_trial


def test_a_report_of_a_producer_has_its_errors_once_and_its_pairs():
    def produce(scenario):
        if scenario.job_type == "deletion":
            raise UsageError("There is no such job.", "Make one.")
        raise KeyError

    report = run.judge_producer(produce)
    assert report.errors == ("There is no such job. Make one.",)
    assert [r.requirement.id for r in report.results if r.status == "failed"] == ["P16-every-pair"]
    report = run.judge_producer(build_event)
    assert set(report.pairs) == set(catalog.pairs)
    assert {amiss for _, amiss in report.pairs.values()} == {0}
    assert report.errors == ()


def test_a_report_of_a_consumer_has_the_pairs_of_its_run():
    app = consumer_app()
    report = run.judge_consumer(app, lambda: app.interpretations)
    assert set(report.pairs) == set(catalog.pairs)
    assert {amiss for _, amiss in report.pairs.values()} == {0}


def test_every_role_has_its_trials():
    assert list(run.TRIALS) == list(catalog.roles)
    for role in catalog.roles.values():
        judged = [trial.requirement for trial in run.TRIALS[role.name]]
        assert judged
        assert all(role.binds in requirement.subject for requirement in judged)


def test_every_role_has_its_suite():
    assert {role.suite for role in catalog.roles.values()} == set(suites.__all__)


def test_what_an_interrupt_left_out_is_skipped_and_says_so(monkeypatch):
    judged, done = [], []
    trials = Trials()
    ids = list(catalog.requirements)[:3]

    def judge(subject):
        judged.append(subject)
        if len(judged) == 2:
            raise KeyboardInterrupt

    for id in ids:
        trials.judges(id)(judge)
    monkeypatch.setattr(run, "PRODUCER", trials)
    report = run.judge_producer(build_event, profile="strict", progress=done.append)
    first, *others = report.results
    assert (first.requirement.id, first.status) == (ids[0], "passed")
    assert others == [Result(catalog.requirements[id], "skipped", "interrupted before it was judged") for id in ids[1:]]
    assert len(judged) == 2
    assert done == [1]
    assert verdict(report.results) == "partly judged"


@pytest.mark.parametrize(
    ("statuses", "wanted"),
    [
        ((), "partly judged"),
        (("not exercised",), "partly judged"),
        (("passed", "not exercised"), "conforming"),
        (("passed", "reported", "warned"), "conforming"),
        (("passed", "skipped"), "partly judged"),
        (("skipped", "failed"), "not conforming"),
        (("passed", "errored"), "not conforming"),
    ],
)
def test_the_verdict_is_that_of_the_worst(statuses, wanted):
    assert verdict(Result(LEVELS, status) for status in statuses) == wanted


def test_the_last_line_of_a_report_counts_each_status():
    results = tuple(Result(LEVELS, status, "x") for status in ("passed", "passed", "failed", "skipped"))
    last = SuiteReport("producer", "documented", results, {}, left_out=3).lines()[-1]
    assert last.startswith("producer: not conforming (documented profile): 2 passed, 1 skipped, 1 failed, 3 not run; ")
