"""How a consumer is judged: events are delivered to it in every documented form, and what it answers is compared."""

from __future__ import annotations

# in the order in which they build on each other; each registers its trials
from vpc_backup_events.trials.consumer import accept, meaning, refuse, repeat, variants  # noqa: F401
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import LIMIT, ConsumerRun
from vpc_backup_events.trials.consumer.trials import CONSUMER, OVER_HTTP, SIDE_BY_SIDE

__all__ = ["CONSUMER", "LIMIT", "OVER_HTTP", "SIDE_BY_SIDE", "ConsumerRun", "Exchange"]
