"""Runs of pytest with the plugin of the kit, on tests that a test wrote."""

from __future__ import annotations

from typing import Any

import pytest

# what such runs use: imported once, it stays from one run in this process to the next
import vpc_backup_events.suites
import vpc_backup_events.trials.run  # noqa: F401

# what the run around it says of itself
OUTER = ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT")


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs know nothing of the one around them, and load no plugin that is installed by chance."""
    for name in OUTER:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def run_pytest(pytester: pytest.Pytester, *arguments: str, process: bool = False) -> Any:
    """The result of a run: in this process, unless workers or a `process` of its own are asked for."""
    plugin = ("-p", "vpc_backup_events.plugin")
    if "-n" in arguments:
        return pytester.runpytest_subprocess(*plugin, "-p", "xdist.plugin", *arguments, timeout=240)
    if process:
        return pytester.runpytest_subprocess(*plugin, *arguments, timeout=240)
    return pytester.runpytest_inprocess(*plugin, *arguments)
