"""What the suites have in common: a trial as a test, its outcome in pytest's words, and one subject a class."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from vpc_backup_events.suites.results import Recorded, SuiteTest
from vpc_backup_events.suites.settings import RESULT, put, setting, shows_events
from vpc_backup_events.trials.consumer import ConsumerRun
from vpc_backup_events.trials.trial import Result, S, Trial, result_of
from vpc_backup_events.values.report import Profile

# parameters -> a subject, and its run
_RUNS = pytest.StashKey[dict[str, tuple[Any, Any]]]()


class BackupEventsWarning(UserWarning):
    """The subject breaks a requirement that it should satisfy."""


def trials(every: Iterable[Trial[Any]]) -> pytest.MarkDecorator:
    """Parametrises a test: one a requirement, named and marked by its id."""
    return pytest.mark.parametrize(
        "trial",
        [pytest.param(t, id=t.requirement.id, marks=pytest.mark.backup_events(t.requirement.id)) for t in every],
    )


def run_of(request: pytest.FixtureRequest, make: Callable[[S | None], S], subject: Any = None) -> S:
    """The run of the class: for as long as the subject is equal, else what `make` makes of the one before.

    A class whose fixtures are parametrised has one for each set of parameters.
    """
    holder = request.node.getparent(pytest.Class) or request.session
    key = _parameters(request)
    runs: dict[str, tuple[Any, Any]] = holder.stash.setdefault(_RUNS, {})
    last_subject, last = runs.get(key, (None, None))
    if last is not None and last_subject == subject:
        return cast(S, last)
    run = make(last)
    runs[key] = subject, run
    if hasattr(run, "close"):
        holder.addfinalizer(run.close)
        if last is not None:
            last.close()
    return run


def _parameters(request: pytest.FixtureRequest) -> str:
    """The parameters of the test's fixtures, without the trial; tests with the same ones have the same subject."""
    callspec = getattr(request.node, "callspec", None)
    parameters = callspec.params if callspec else {}
    return repr(sorted((name, repr(value)) for name, value in parameters.items() if name != "trial"))


def profile_of(request: pytest.FixtureRequest) -> Profile:
    """The profile of the run."""
    return cast(Profile, setting(request.config, "profile"))


def run_trial(request: pytest.FixtureRequest, trial: Trial[S], subject: S) -> None:
    """Runs a trial and ends the test as it came out."""
    fail_on: Any = setting(request.config, "fail_on")
    # a consumer's trials have events of their own, a producer's all have the same ones
    is_consumer = isinstance(subject, ConsumerRun)
    before = getattr(subject, "pairs", {}) if is_consumer else {}
    result = result_of(trial, subject, profile_of(request), fail_on)
    pairs: dict[str, tuple[int, int]] = {}
    for pair, (events, breaches) in getattr(subject, "pairs", {}).items():
        events_before, breaches_before = before.get(pair, (0, 0))
        if (events, breaches) != (events_before, breaches_before):
            pairs[pair] = events - events_before, breaches - breaches_before
    _record(request, result, pairs, request.node.name if is_consumer else _parameters(request))
    message = result.message
    if request.config.get_verbosity() > 0:
        message = result.whole or message
    if result.status == "errored":
        # an error of the subject's program or of the run, and no breach
        pytest.fail(f"ERROR, not judged: {message}", pytrace=False)
    if result.status == "failed":
        pytest.fail(message, pytrace=False)
    if result.status in ("skipped", "not exercised"):
        pytest.skip(message)
    if result.status == "warned":
        warnings.warn(BackupEventsWarning(message), stacklevel=2)


def role_of(suite: type | None) -> str:
    """The role whose suite a test class is, or an empty string."""
    names = [
        base.__name__ for base in (suite.__mro__ if suite else ()) if base.__module__.startswith(__package__ or "")
    ]
    return next((name.removesuffix("Suite").lower() for name in names if name.endswith("Suite")), "")


def suite_test(item: pytest.Item) -> SuiteTest | None:
    """Which requirement of which suite the test is about; None where it is no test of a suite."""
    parameters = getattr(item, "callspec", None)
    trial = parameters.params.get("trial") if parameters else None
    role = role_of(getattr(item, "cls", None))
    if not isinstance(trial, Trial) or not role:
        return None
    return SuiteTest(_suite_of(item), role, trial.requirement.id)


def _suite_of(item: pytest.Item) -> str:
    """The node id of the test's class."""
    suite = item.getparent(pytest.Class)
    return suite.nodeid if suite else item.nodeid


def _record(request: pytest.FixtureRequest, result: Result, pairs: Mapping[str, tuple[int, int]], events: str) -> None:
    """Puts the outcome where it survives xdist; `events` names what `pairs` counts: equal names, equal events."""
    recorded = Recorded(
        _suite_of(request.node),
        role_of(request.cls),
        result.requirement.id,
        result.status,
        result.cases,
        result.message,
    )
    if request.config.getoption("backup_events_report"):
        recorded = replace(recorded, whole=result.whole, pairs=pairs, events=events)
        if result.evidence and shows_events(request.config):
            from vpc_backup_events.reporting.specimens import specimens

            specimens_of = specimens([result])[result.requirement.id]
            recorded = replace(recorded, specimens=tuple(specimen.as_json() for specimen in specimens_of))
    put(request.node, RESULT, recorded.as_json())
