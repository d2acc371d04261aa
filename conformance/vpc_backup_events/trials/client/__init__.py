"""How a client of the API is judged: it registers a source at the reference service, which may misbehave."""

from __future__ import annotations

from vpc_backup_events.trials.client import abilities, answers, creation
from vpc_backup_events.trials.client.facts import TOKEN
from vpc_backup_events.trials.client.loopback import MOST, Loopback
from vpc_backup_events.trials.client.run import Abilities, ClientRun, Register
from vpc_backup_events.trials.client.trials import CLIENT

__all__ = [
    "CLIENT",
    "MOST",
    "TOKEN",
    "Abilities",
    "ClientRun",
    "Loopback",
    "Register",
    "abilities",
    "answers",
    "creation",
]
