"""How a client of the API is judged: it registers a source at the reference service, which may misbehave."""

from __future__ import annotations

from vpc_backup_events.trials.account import TOKEN

# each registers its trials
from vpc_backup_events.trials.client import abilities, answers, creation  # noqa: F401
from vpc_backup_events.trials.client.loopback import MOST
from vpc_backup_events.trials.client.run import CLIENT, Abilities, ClientRun, Register

__all__ = ["CLIENT", "MOST", "TOKEN", "Abilities", "ClientRun", "Register"]
