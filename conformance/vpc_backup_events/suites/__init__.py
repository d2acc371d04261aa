"""The conformance tests, one module a subject: subclass a suite in a test module and override its fixtures."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vpc_backup_events.suites.client import ClientSuite
    from vpc_backup_events.suites.consumer import ConsumerSuite
    from vpc_backup_events.suites.email import EmailSuite
    from vpc_backup_events.suites.producer import ProducerSuite
    from vpc_backup_events.suites.service import ServiceSuite

__all__ = ["ClientSuite", "ConsumerSuite", "EmailSuite", "ProducerSuite", "ServiceSuite"]

_HOME = {
    "ClientSuite": "client",
    "ConsumerSuite": "consumer",
    "EmailSuite": "email",
    "ProducerSuite": "producer",
    "ServiceSuite": "service",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
