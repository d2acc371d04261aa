"""How a writer of emails is judged: every email that it makes is held against its scenario and the register."""

from __future__ import annotations

from vpc_backup_events.trials.email.run import EmailRun
from vpc_backup_events.trials.email.trials import EMAIL

__all__ = ["EMAIL", "EmailRun"]
