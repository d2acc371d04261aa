"""Builds the descriptions of the two APIs, OpenAPI 3.1, and of the events as messages, AsyncAPI 3.

python tools/build_api.py           writes schemas/api/*.openapi.json and *.asyncapi.json
python tools/build_api.py --check   exits 1 and names the files that would change

`x-requirements` names the requirements that a part of the description carries: in a schema keyword by keyword, as in
the other schemas, elsewhere a list.
"""

from __future__ import annotations

import sys
from pathlib import Path

import api_messages
import backup_jobs
import event_notifications
from generated import as_json, write_or_compare
from vpc_backup_events.values.data import data_root


def files() -> dict[Path, bytes]:
    """The descriptions."""
    folder = data_root("schemas") / "api"
    return {
        folder / "event-notifications.openapi.json": as_json(event_notifications.document()),
        folder / "vpc-backup-jobs.openapi.json": as_json(backup_jobs.document()),
        folder / "backup-events.asyncapi.json": as_json(api_messages.document()),
    }


if __name__ == "__main__":
    sys.exit(write_or_compare(__doc__, files))
