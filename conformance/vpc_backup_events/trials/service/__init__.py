"""How a service of the API is judged: one module a part of the API, each trial one requirement."""

from vpc_backup_events.trials.service import connection, deliveries, fuzz, jobs, notifications, operations, sources
from vpc_backup_events.trials.service.run import FUZZ, SERVICE, ServiceFacts, ServiceRun

__all__ = [
    "FUZZ",
    "SERVICE",
    "ServiceFacts",
    "ServiceRun",
    "connection",
    "deliveries",
    "fuzz",
    "jobs",
    "notifications",
    "operations",
    "sources",
]
