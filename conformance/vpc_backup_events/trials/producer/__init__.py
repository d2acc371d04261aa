"""How a producer is judged: every event that it makes is held against its scenario and against the register."""

from __future__ import annotations

from vpc_backup_events.trials.producer.run import Produce, ProducerRun, Product
from vpc_backup_events.trials.producer.scenarios import FACTS, DecoyScenario, concurrent, scenarios
from vpc_backup_events.trials.producer.trials import PRODUCER

__all__ = ["FACTS", "PRODUCER", "DecoyScenario", "Produce", "ProducerRun", "Product", "concurrent", "scenarios"]
