"""A trial: what a suite does to judge one requirement, without pytest; and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Generic, Literal, Protocol, TypeVar, get_args

from vpc_backup_events import catalog
from vpc_backup_events.catalog.masking import masked
from vpc_backup_events.catalog.model import Requirement
from vpc_backup_events.trials.breach import Breached, Evidence
from vpc_backup_events.trials.words import text_of
from vpc_backup_events.values.errors import Declined, KitError
from vpc_backup_events.values.report import Level, Profile


class SubjectRun(Protocol):
    """A subject under test, which counts what it is judged by."""

    # events made, deliveries, registrations or requests so far
    cases: int
    profile: Profile


S = TypeVar("S", bound=SubjectRun)

# events of a breach that reports show
EVENTS = 3

__all__ = [
    "EVENTS",
    "STATUSES",
    "Breached",
    "Evidence",
    "NotExercised",
    "Result",
    "Skipped",
    "Status",
    "SubjectRun",
    "Trial",
    "Trials",
    "aside",
    "result_of",
    "verdict",
]

Status = Literal["passed", "reported", "warned", "not exercised", "skipped", "failed", "errored"]
# the best first: of several, the worst is the status of all
STATUSES: tuple[Status, ...] = get_args(Status)
_OF_LEVEL: dict[str, Status] = {"error": "failed", "warning": "warned", "note": "reported"}


class NotExercised(Exception):
    """The requirement has a condition that the subject does not meet; `str()` says which."""


class Skipped(Exception):
    """The requirement could not be judged; `str()` says why. It is not known whether the subject conforms."""


@contextmanager
def aside(subject: SubjectRun) -> Iterator[None]:
    """What the subject is asked inside is preparation, and no case of the trial that happens to be the first."""
    before = subject.cases
    try:
        yield
    finally:
        subject.cases = before


@dataclass(frozen=True, slots=True)
class Trial(Generic[S]):
    """How one requirement is judged on a subject."""

    requirement: Requirement
    # raises one of the above where it does not pass; anything else that it raises is an error of subject or run
    run: Callable[[S], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one trial."""

    requirement: Requirement
    status: Status
    message: str = ""
    # events, deliveries, registrations or requests that it was judged by; 0 where it was not exercised
    cases: int = 0
    # the first of the events by which it is broken
    evidence: tuple[Evidence, ...] = ()
    # the message with nothing cut, where something is
    whole: str = ""

    def without_secrets(self) -> Result:
        """The same result, with every text in it masked."""
        return replace(self, message=masked(self.message), whole=masked(self.whole))


class Trials(Generic[S]):
    """The trials of a suite, in the order of the register."""

    def __init__(self) -> None:
        self._runs: dict[str, Callable[[S], None]] = {}

    def judges(self, requirement: str) -> Callable[[Callable[[S], None]], Callable[[S], None]]:
        """Registers a function as the trial of the requirement."""

        def register(run: Callable[[S], None]) -> Callable[[S], None]:
            assert requirement not in self._runs, requirement
            self._runs[requirement] = run
            return run

        return register

    def __iter__(self) -> Iterator[Trial[S]]:
        for requirement in catalog.requirements.values():
            if requirement.id in self._runs:
                yield Trial(requirement, self._runs[requirement.id])

    def __getitem__(self, requirement: str) -> Trial[S]:
        return Trial(catalog.requirements[requirement], self._runs[requirement])


def result_of(trial: Trial[S], subject: S, profile: Profile, fail_on: Level = "error") -> Result:
    """Runs a trial; the level of the requirement in the profile says what a breach is.

    `fail_on` warning makes a breach of level warning a failure too. No secret is in what is said of it.
    """
    return _result_of(trial, subject, profile, fail_on).without_secrets()


def _result_of(trial: Trial[S], subject: S, profile: Profile, fail_on: Level) -> Result:
    level = trial.requirement.profiles[profile]
    if level == "none":
        return Result(trial.requirement, "not exercised", f"the {profile} profile does not judge it")
    before = subject.cases

    def cases() -> int:
        # a trial that looks at what was made or asked before is about one case
        return max(1, subject.cases - before)

    try:
        trial.run(subject)
    except Breached as breach:
        events = [evidence for evidence in breach.of(trial.requirement).evidence if evidence.is_event]
        return Result(
            trial.requirement,
            "failed" if level == fail_on == "warning" else _OF_LEVEL[level],
            text_of(trial.requirement, breach),
            cases(),
            tuple(events[:EVENTS]),
            text_of(trial.requirement, breach, whole=True),
        )
    except NotExercised as reason:
        return Result(trial.requirement, "not exercised", str(reason))
    except (Skipped, Declined) as reason:
        return Result(trial.requirement, "skipped", str(reason))
    except KitError as error:
        return Result(trial.requirement, "errored", str(error))
    except Exception as error:
        return Result(trial.requirement, "errored", f"{type(error).__name__}: {error}")
    return Result(trial.requirement, "passed", cases=cases())


def verdict(results: Iterable[Result]) -> str:
    """`not conforming`, `partly judged` or `conforming`: a skip is never conformance."""
    statuses = [result.status for result in results if result.status != "not exercised"]
    status = max(statuses, key=STATUSES.index, default="skipped")
    if status in ("failed", "errored"):
        return "not conforming"
    return "partly judged" if status == "skipped" else "conforming"
