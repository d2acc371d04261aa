"""Conformance kit for the event notifications of IBM Cloud Backup for VPC.

`check(event)` judges one event, `confirm(event, vpc)` compares it with its backup job, `render(event, to)` shows what a
destination receives; `catalog` is the documentation as data. Everything is imported on first use, so that importing the
package, or its pytest plugin, costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpc_backup_events._version import __version__
from vpc_backup_events.values.lazy import homes, lazy_names

if TYPE_CHECKING:
    from vpc_backup_events import catalog
    from vpc_backup_events.checking.check import check
    from vpc_backup_events.destinations import Rendering, render
    from vpc_backup_events.harness.confirmation import Confirmation, confirm
    from vpc_backup_events.reading.messages import Message
    from vpc_backup_events.reading.model import EventLike
    from vpc_backup_events.values.errors import KitError, UsageError
    from vpc_backup_events.values.levels import Profile
    from vpc_backup_events.values.report import Finding, Report, Source
    from vpc_backup_events.values.scenario import Scenario

__all__ = [
    "Confirmation",
    "EventLike",
    "Finding",
    "KitError",
    "Message",
    "Profile",
    "Rendering",
    "Report",
    "Scenario",
    "Source",
    "UsageError",
    "__version__",
    "catalog",
    "check",
    "confirm",
    "render",
]

_HOMES = {
    "Confirmation": "harness.confirmation",
    "EventLike": "reading.model",
    "Finding": "values.report",
    "KitError": "values.errors",
    "Message": "reading.messages",
    "Profile": "values.levels",
    "Rendering": "destinations",
    "Report": "values.report",
    "Scenario": "values.scenario",
    "Source": "values.report",
    "UsageError": "values.errors",
    "catalog": "",
    "check": "checking.check",
    "confirm": "harness.confirmation",
    "render": "destinations",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, homes(__name__, _HOMES))
