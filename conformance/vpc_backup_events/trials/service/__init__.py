"""How a service of the API is judged: one module a part of the API, each trial one requirement."""

from __future__ import annotations

# each registers its trials
from vpc_backup_events.trials.service import (  # noqa: F401
    connection,
    deliveries,
    fuzz,
    jobs,
    notifications,
    operations,
    refusals,
    sources,
)
from vpc_backup_events.trials.service.run import FUZZ, ServiceFacts, ServiceRun
from vpc_backup_events.trials.service.trials import SERVICE

__all__ = ["FUZZ", "SERVICE", "ServiceFacts", "ServiceRun"]
