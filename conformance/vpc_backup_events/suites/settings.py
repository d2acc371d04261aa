"""The settings of a pytest run that judges, and the names under which its tests record what came out."""

from __future__ import annotations

import pytest

# user property of a test of a suite: JSON of suite, requirement and status
RESULT = "backup_events_result"


def setting(config: pytest.Config, name: str) -> str:
    """The option of this name, else its ini key."""
    return str(config.getoption(f"backup_events_{name}") or config.getini(f"backup_events_{name}"))


def shows_events(config: pytest.Config) -> bool:
    """Whether a report is asked for that shows events beside what is wrong with them."""
    return any(text.partition("=")[0] == "html" for text in config.getoption("backup_events_report"))
