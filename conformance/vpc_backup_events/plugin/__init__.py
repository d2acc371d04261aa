"""The pytest plugin: fixtures, options and the marker; thin, and everything heavy is imported when it is used."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from vpc_backup_events.plugin.options import FAIL_ON, OUTCOMES, add_options
from vpc_backup_events.suites.settings import setting
from vpc_backup_events.values.levels import PROFILES

if TYPE_CHECKING:
    from types import ModuleType

    from vpc_backup_events.making.corpus import Case
    from vpc_backup_events.plugin.deliver import Deliverer as DeliverBackupEvent
    from vpc_backup_events.plugin.judged import CheckBackupEvent
    from vpc_backup_events.plugin.mock import Mock
    from vpc_backup_events.reference.server import Server

MARKER = "backup_events(requirement): the test judges this requirement; where it is a known gap, the test is an xfail"
CORPUS = (
    "backup_event_corpus(profile=, verdict=, event_type=, reason=, requirement=, ledger=, kind=): "
    "which cases of the corpus the fixture of this name gives to the test"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options and the ini keys; an option wins over its ini key."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker, and refuses settings that no test could follow."""
    config.addinivalue_line("markers", MARKER)
    config.addinivalue_line("markers", CORPUS)
    for name, values in (("profile", PROFILES), ("fail_on", FAIL_ON)):
        if setting(config, name) not in values:
            raise pytest.UsageError(f"backup_events_{name}: {setting(config, name)!r} is none of {', '.join(values)}")
    if config.getoption("backup_events_known_gap") or config.getini("backup_events_known_gaps"):
        from vpc_backup_events.plugin import gaps

        gaps.declare(config)
    if config.getoption("backup_events_report"):
        from vpc_backup_events.plugin import report

        report.configure(config)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes the reports that were asked for; under xdist in the process that has all results."""
    config = session.config
    if _reports(config) and not hasattr(config, "workerinput"):
        from vpc_backup_events.plugin import report

        report.finish(session)


def _reports(config: pytest.Config) -> bool:
    """Whether a report is asked for, or a share of requirements that is to be exercised."""
    return bool(config.getoption("backup_events_report")) or config.getoption("backup_events_fail_under") is not None


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Ties marked tests to their requirements; an id that is not in the register is a usage error."""
    tests = [item for item in items if item.get_closest_marker("backup_events")]
    if tests:
        from vpc_backup_events.plugin import gaps

        try:
            gaps.tie(session.config, tests)
        except pytest.UsageError as error:
            if not hasattr(session.config, "workerinput"):
                raise
            # xdist loses the exception of a worker, and passes on why the worker stopped
            items.clear()
            session.shouldstop = str(error)


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> None:
    """Refuses a suite that is a `unittest.TestCase` too: pytest gives such a class no fixtures."""
    unittest = sys.modules.get("unittest")
    if unittest is None or not isinstance(obj, type) or not issubclass(obj, unittest.TestCase):
        return
    suites = [base.__name__ for base in obj.__mro__ if base.__module__.startswith("vpc_backup_events.suites.")]
    if suites:
        raise collector.CollectError(
            f"{name} is a unittest.TestCase and a {suites[0]}, and pytest gives a TestCase no fixtures. "
            f"Write `class {name}({suites[0]}):` without TestCase."
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives a test that asks for the corpus its cases, one a test."""
    if "backup_event_corpus" in metafunc.fixturenames:
        from vpc_backup_events.plugin import corpus

        corpus.parametrize(metafunc)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that passed but for known gaps is expected to fail, not passed."""
    report = yield
    if report.when == "call" and report.passed and any(name == "backup_events" for name, _ in item.user_properties):
        from vpc_backup_events.plugin import gaps

        gaps.expect(item, report)
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Shows tests and findings by requirement, when there is anything to show; works under xdist."""
    if _reports(config) or any(
        name.startswith("backup_events")
        for outcome in OUTCOMES
        for report in terminalreporter.stats.get(outcome, ())
        for name, _ in getattr(report, "user_properties", ())
    ):
        from vpc_backup_events.plugin import summary

        summary.write(terminalreporter, config)


@pytest.fixture
def check_backup_event(request: pytest.FixtureRequest) -> CheckBackupEvent:
    """A callable that judges one event: `check_backup_event(event, profile=None, *, expect_ok=True) -> Report`.

    The test fails, with the findings as text, when the event does not conform; with `expect_ok=False` the report is
    only returned. Findings of a known gap do not fail the test at once: it ends as xfail.
    """
    from vpc_backup_events.plugin.judged import CheckBackupEvent

    return CheckBackupEvent(request.node)


@pytest.fixture
def backup_event_corpus(request: pytest.FixtureRequest) -> Case:
    """One case of the corpus: its `event`, `expected` verdicts by profile, `scenario`, `requirement`, and more.

    The test runs once for each case that check judges, or that the marker of this name selects, by `verdict` (valid or
    invalid), `event_type`, `reason`, `requirement`, `ledger` entry or `kind`, in the `profile` of the run or another.
    """
    case: Case = request.param
    return case


@pytest.fixture
def deliver_backup_event() -> Generator[DeliverBackupEvent, None, None]:
    """A callable that delivers an event: `deliver_backup_event(event, target, *, mode="structured", ...) -> Outcome`.

    `event` is a dict, a `Scenario`, or a pair of headers and body; `target` a URL, an ASGI or WSGI application, or a
    callable that takes headers and body. `faults` is text such as `503*2,lost`, `policy` the name of a retry policy.
    """
    from vpc_backup_events.plugin.deliver import Deliverer

    with closing(Deliverer()) as deliverer:
        yield deliverer


@pytest.fixture(scope="session")
def backup_event_catalog() -> ModuleType:
    """The catalog: event types, reasons, severities, requirements, positions and ledger."""
    from vpc_backup_events import catalog

    return catalog


@pytest.fixture
def event_notifications_server() -> Iterator[Server]:
    """The reference service on a free port of loopback, for any client: `url`, and `app.state` with the record.

    Event Notifications is below `url` + `/event-notifications`, the backup jobs below `url` + `/v1`. Any token is
    accepted and any instance is there; `app.state` has `record`, `faults`, `access`, `deliveries`, `service` and
    `backup_jobs`. Needs the extra `api`.
    """
    from vpc_backup_events.reference.server import both, serve

    with serve(both()) as server:
        yield server


@pytest.fixture
def event_notifications_mock() -> Iterator[Mock]:
    """A router of respx: for clients that use httpx, the hosts of IBM Cloud are answered by the reference service.

    `app.state` is as that of `event_notifications_server`. Needs the extras `api` and `mock`; other hosts raise.
    """
    from vpc_backup_events.plugin.mock import Mock

    router = Mock()
    with router:
        yield router


@pytest.fixture
def event_notifications_mock_httpx2() -> Iterator[Mock]:
    """As `event_notifications_mock`, for clients that use httpx2."""
    from vpc_backup_events.plugin.mock import httpx2_mock

    router = httpx2_mock()
    with router:
        yield router


@pytest.fixture
def event_notifications_mock_requests() -> Iterator[Any]:
    """As `event_notifications_mock`, for clients that use requests, as IBM's do: a `RequestsMock` of responses."""
    from vpc_backup_events.plugin.mock import requests_mock

    with requests_mock() as mock:
        yield mock
