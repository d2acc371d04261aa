"""The report for programs: one document valid under `schemas/report/report.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.visible import encodable

# of suites, the best first
_VERDICTS = ("conforming", "partly judged", "not conforming")


def render(run: Run) -> str:
    """The report as indented JSON."""
    return dump(document(run))


def document(run: Run) -> dict[str, Any]:
    """The run as one document valid under the schema; of pytest, each result names its suite."""
    if run.archive:
        return {**run.report.as_json(), "archive": run.archive.as_json()}
    if not run.suites:
        return run.report.as_json()
    parts = [suite.as_json() for suite in run.suites]
    results = [
        {**({"suite": suite.role} if run.verb == "pytest" else {}), **result}
        for suite, part in zip(run.suites, parts, strict=True)
        for result in part["results"]
    ]
    return {
        **run.report.as_json(),
        "ok": run.ok,
        "verdict": max((suite.verdict for suite in run.suites), key=_VERDICTS.index),
        "errors": [error for part in parts for error in part["errors"]],
        "results": results,
    }


def dump(document: Any) -> str:
    """Any document as indented JSON that every encoding, JSON reader and terminal survives."""
    return encodable(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"
