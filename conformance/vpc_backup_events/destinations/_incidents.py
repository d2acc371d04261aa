"""PagerDuty and ServiceNow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.delivery import Severity
from vpc_backup_events.catalog.names import LONG, SEVERITY, SHORT
from vpc_backup_events.destinations._rendering import Options, Parts, pretty, text_of
from vpc_backup_events.making.draft import compact
from vpc_backup_events.values.errors import UsageError

TABLES = ("A", "B")


def pagerduty(event: Mapping[str, Any], options: Options) -> Parts:
    """A `trigger` of the Events API v2."""
    table = options.table.upper()
    if table not in TABLES:
        raise UsageError(f"There is no table {options.table!r}.", f"There are: {', '.join(TABLES)}.")
    severity = _severity(event).pagerduty[f"table_{table.lower()}"]
    payload = {
        "summary": text_of(event, LONG),
        "source": text_of(event, "source"),
        **({"severity": severity} if severity else {}),
        **({"timestamp": event["time"]} if "time" in event else {}),
        **({"custom_details": event["data"]} if "data" in event else {}),
    }
    key = {"routing_key": options.routing_key} if options.routing_key else {}
    alert = {**key, "event_action": "trigger", "payload": payload}
    notes = () if severity else (f"Table {table} has no row for this ibmenseverity, so the alert has no severity.",)
    return Parts(alert, pretty(alert), "json", (LONG,), notes)


def servicenow(event: Mapping[str, Any], options: Options) -> Parts:
    """An incident."""
    severity = _severity(event)
    incident = {
        "short_description": text_of(event, SHORT),
        "description": compact(event["data"]) if "data" in event else text_of(event, LONG),
        **severity.servicenow,
    }
    return Parts(incident, pretty(incident), "json", (LONG,))


def _severity(event: Mapping[str, Any]) -> Severity:
    """The row of the tables for the event, that of all other values where it has none."""
    value = event.get(SEVERITY)
    name = value.lower() if isinstance(value, str) else ""
    fallback = next(severity for severity in catalog.severities.values() if severity.fallback)
    return catalog.severities.get(name, fallback)
