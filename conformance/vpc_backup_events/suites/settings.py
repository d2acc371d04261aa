"""The settings of a pytest run that judges, and the names under which its tests record what came out."""

from __future__ import annotations

import pytest

__all__ = ["RESULT", "SUITE", "put", "setting", "shows_events"]

# user properties of a test of a suite: JSON of a `SuiteTest`, and of a `Recorded`
SUITE = "backup_events_suite"
RESULT = "backup_events_result"


def setting(config: pytest.Config, name: str) -> str:
    """The option of this name, else its ini key."""
    return str(config.getoption(f"backup_events_{name}") or config.getini(f"backup_events_{name}"))


def shows_events(config: pytest.Config) -> bool:
    """Whether a report is asked for that shows events beside what is wrong with them."""
    return any(text.partition("=")[0] == "html" for text in config.getoption("backup_events_report"))


def put(item: pytest.Item, name: str, value: str) -> None:
    """Sets the user property, once a test: where it is run again, the last run counts."""
    others = [property for property in item.user_properties if property[0] != name]
    item.user_properties[:] = [*others, (name, value)]
