"""The reference producer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from vpc_backup_events.making.draft import draft
from vpc_backup_events.values.scenario import Scenario

__all__ = ["build_event"]


def build_event(scenario: Scenario) -> dict[str, Any]:
    """The event of a failed job in its one canonical form, with every fact of the scenario and an id of its own."""
    return draft(scenario, str(uuid4())).event()
