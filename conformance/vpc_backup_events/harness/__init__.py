"""The harness protocol: subjects in any language, over standard input and output, one JSON message a line."""

from __future__ import annotations

from vpc_backup_events.harness.subject import Subject, SubjectError

__all__ = ["Subject", "SubjectError"]
