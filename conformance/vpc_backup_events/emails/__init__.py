"""Emails about failed backup jobs: what they say, and what is wrong with it (P21 to P23)."""

from __future__ import annotations

from vpc_backup_events.emails._judge import judge_email
from vpc_backup_events.emails._parts import BODY, Letter, read_letter
from vpc_backup_events.emails._texts import named_by

__all__ = ["BODY", "Letter", "judge_email", "named_by", "read_letter"]
