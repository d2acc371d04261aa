"""What all tests of the kit share."""

import signal
from collections import defaultdict

import pytest

pytest_plugins = ["pytester"]

# a run in the background of a shell ignores interrupts, and so would each program that a test starts and interrupts
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Of a test with the marker `representatives`, every case that it does not name is exhaustive."""
    cases = defaultdict(dict)
    for item in items:
        marker = item.get_closest_marker("representatives")
        if marker is not None:
            cases[item.nodeid.partition("[")[0], marker.args][item.callspec.id] = item
    # of a test that was asked for by the name of a case, only that case is there
    whole = not any("::" in argument for argument in config.args)
    unknown = []
    for (test, names), by_name in cases.items():
        unknown += [f"{test}[{name}]" for name in names if name not in by_name]
        for name, item in by_name.items():
            if name not in names:
                item.add_marker(pytest.mark.exhaustive)
    if unknown and whole:
        raise pytest.UsageError(f"no such cases, which `representatives` names: {', '.join(unknown)}")
