"""Conformance kit for the event notifications of IBM Cloud Backup for VPC.

`check(event)` judges one event, `confirm(event, vpc)` compares it with its backup job, `render(event, to)` shows what a
destination receives; `catalog` is the documentation as data. Everything is imported on first use, so that importing the
package, or its pytest plugin, costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vpc_backup_events._version import __version__

if TYPE_CHECKING:
    from vpc_backup_events import catalog
    from vpc_backup_events._check import check
    from vpc_backup_events.confirmation import confirm
    from vpc_backup_events.destinations import Rendering, render
    from vpc_backup_events.events import Message
    from vpc_backup_events.report import Finding, Report, Source

__all__ = [
    "Finding",
    "Message",
    "Rendering",
    "Report",
    "Source",
    "__version__",
    "catalog",
    "check",
    "confirm",
    "render",
]

_HOME = {
    "Finding": "report",
    "Message": "events",
    "Rendering": "destinations",
    "Report": "report",
    "Source": "report",
    "check": "_check",
    "confirm": "confirmation",
    "render": "destinations",
}


def __getattr__(name: str) -> Any:
    if name == "catalog":
        return import_module(f"{__name__}.catalog")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
