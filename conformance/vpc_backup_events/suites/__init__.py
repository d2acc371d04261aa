"""The conformance tests, one module a subject: subclass a suite in a test module and override its fixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpc_backup_events.values.lazy import homes, lazy_names

if TYPE_CHECKING:
    from vpc_backup_events.suites.client import ClientSuite
    from vpc_backup_events.suites.consumer import ConsumerSuite
    from vpc_backup_events.suites.producer import EmailSuite, ProducerSuite
    from vpc_backup_events.suites.service import ServiceSuite

__all__ = ["ClientSuite", "ConsumerSuite", "EmailSuite", "ProducerSuite", "ServiceSuite"]

_HOMES = {
    "ClientSuite": "client",
    "ConsumerSuite": "consumer",
    "EmailSuite": "producer",
    "ProducerSuite": "producer",
    "ServiceSuite": "service",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, homes(__name__, _HOMES))
