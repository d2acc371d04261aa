"""The report for programs: one document valid under `schemas/report/report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vpc_backup_events.report import Report
from vpc_backup_events.reporting.visible import encodable


def render(report: Report, *, color: bool = False, inputs: Mapping[str, int] | None = None, what: str = "event") -> str:
    """The report as indented JSON."""
    return dump(report.as_json())


def dump(document: Any) -> str:
    """Any document as indented JSON that every encoding, JSON reader and terminal survives."""
    return encodable(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"
