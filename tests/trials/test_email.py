"""The email suite passes what conforms, and catches each fake by its requirement and no other."""

from __future__ import annotations

from functools import cache

import pytest

from helpers.emails import CONFORMING, MAPPED, fakes
from vpc_backup_events import catalog
from vpc_backup_events.trials.email import EMAIL, EmailRun
from vpc_backup_events.trials.trial import result_of, verdict

BROKEN = ("failed", "warned", "reported", "errored", "skipped")
IDS = [trial.requirement.id for trial in EMAIL]


def results(writer, profile="documented"):
    run = EmailRun(writer, profile)
    return [result_of(trial, run, profile) for trial in EMAIL]


def broken(made):
    return {r.requirement.id: r for r in made if r.status in BROKEN}


@cache
def by_requirement():
    """The fakes of each requirement; one that is a mutation of the email itself comes first."""
    chosen = {}
    for requirement, name, writer, found in fakes():
        chosen.setdefault(requirement, []).append((name, writer, found))
    return chosen


@pytest.mark.representatives("pair-documented", "by-hand-strict", "flowed-documented", "folded-strict")
@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize("writer", CONFORMING.values(), ids=CONFORMING)
def test_a_writer_that_conforms_passes(writer, profile):
    made = results(writer, profile)
    # prose is contradicted by the mapping that Event Notifications documents
    assert set(broken(made)) == ({"P21-body-mapping"} if profile == "documented" else set())
    assert verdict(made) == "conforming"


@pytest.mark.parametrize("writer", MAPPED.values(), ids=MAPPED)
def test_the_mapping_of_event_notifications_conforms_in_documented_only(writer):
    assert broken(results(writer)) == {}
    assert set(broken(results(writer, "strict"))) == {"P22-body-prose"}


@pytest.mark.representatives(
    "P01-id",
    "P11-prose",
    "P12-job-type",
    "P16-reason-text",
    "P18-resource-crn",
    "P21-readable",
    "P22-title-agrees",
    "P23-resource",
)
@pytest.mark.parametrize("requirement", IDS)
def test_a_fake_is_caught_by_its_requirement_and_no_other(requirement):
    profile = "strict" if catalog.requirements[requirement].profiles["documented"] == "none" else "documented"
    unlike = []
    for name, writer, expected in by_requirement()[requirement][:12]:
        found = broken(results(writer, profile))
        if requirement in found and set(found) == {
            id for id in expected if catalog.requirements[id].profiles[profile] != "none"
        }:
            message = found[requirement].message
            assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
            came = "came: " if requirement == "P16-every-pair" else "produced: "
            for part in ("case: ", came, "finding: ", "fix: ", "doc: https://", "reproduce: email("):
                assert part in message
            return
        unlike.append((name, set(found)))
    raise AssertionError(f"no fake of {requirement} is caught by it alone: {unlike}")


def test_a_writer_whose_result_is_no_email_is_told_what_one_is():
    found = broken(results(lambda scenario: {"subject": "failed"}))
    assert set(found) == {"P21-readable"}
    assert "EmailMessage" in found["P21-readable"].message


def test_a_writer_that_fails_breaks_one_requirement():
    def failing(scenario):
        raise RuntimeError("no template")

    run = EmailRun(failing)
    made = [result_of(trial, run, "documented") for trial in EMAIL]
    assert [r.requirement.id for r in made if r.status == "failed"] == ["P16-every-pair"]
    assert verdict(made) == "not conforming"
    assert all(str(error) == "no template" for error in run.errors.values())


@pytest.mark.exhaustive
def test_the_suite_runs_as_a_pytest_class(pytester):
    pytester.makepyfile(
        """
        import pytest
        from vpc_backup_events.catalog import event_type_of
        from vpc_backup_events.making.draft import email_body
        from vpc_backup_events.suites import EmailSuite

        class TestGood(EmailSuite):
            @pytest.fixture
            def email(self):
                return lambda scenario: (event_type_of(scenario).title, email_body(scenario))

        class TestBad(EmailSuite):
            @pytest.fixture
            def email(self):
                return lambda s: (event_type_of(s).title, email_body(s).replace("BackupJobID", "Job"))
        """
    )
    ran = pytester.runpytest_subprocess(
        "-q", "-p", "no:cacheprovider", "--backup-events-profile", "strict", "-k", "requirement"
    )
    outcomes = ran.parseoutcomes()
    assert outcomes["failed"] == 1
    ran.stdout.fnmatch_lines(["FAILED *TestBad::test_requirement?P22-body-job?*"])
