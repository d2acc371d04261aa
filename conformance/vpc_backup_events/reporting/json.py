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
    errors: list[str] = []
    results: list[dict[str, Any]] = []
    for suite in run.suites:
        name = {"suite": suite.role} if run.verb == "pytest" else {}
        errors += suite.errors
        results += ({**name, **result} for result in suite.results_as_json())
    return {
        **run.report.as_json(),
        "ok": run.ok,
        "verdict": max((suite.verdict for suite in run.suites), key=_VERDICTS.index),
        "errors": errors,
        "results": results,
    }


def dump(document: Any) -> str:
    """Any document as indented JSON that every encoding, JSON reader and terminal survives."""
    return encodable(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"
