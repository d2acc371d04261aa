"""What all tests of the kit share."""

import gc
import signal
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]
# cases that a test names as its representatives, and does not have
UNKNOWN = pytest.StashKey[list[str]]()

# a run in the background of a shell ignores interrupts, and so would each program that a test starts and interrupts
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# a machine that is busy with other things is no failure; otherwise as Hypothesis has it, here or on CI
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Of a test with the marker `representatives`, every case that it does not name is exhaustive."""
    cases = defaultdict(dict)
    config.stash[UNKNOWN] = []
    for item in items:
        marker = item.get_closest_marker("representatives")
        if marker is not None:
            cases[item.nodeid.partition("[")[0], marker.args][item.callspec.id] = item
    for (test, names), by_name in cases.items():
        config.stash[UNKNOWN].extend(f"{test}[{name}]" for name in names if name not in by_name)
        for name, item in by_name.items():
            if name not in names:
                item.add_marker(pytest.mark.exhaustive)


def pytest_collection_finish():
    """What was collected stays: to look for garbage in it again and again took a tenth of the time of the tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def unknown_representatives(request):
    """Cases that do not exist; of a test that was asked for by the name of a case, the others seem not to."""
    if any("::" in argument for argument in request.config.args):
        pytest.skip("cases were chosen by name")
    return request.config.stash[UNKNOWN]
