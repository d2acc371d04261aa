"""Registers Backup for VPC as a source of Event Notifications; it needs nothing but Python.

BACKUP_EVENTS_BASE_URL, _TOKEN, _INSTANCE_ID, _SOURCE and _INSTANCE_CRN are in the environment.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ATTEMPTS = 4


def register(base_url, token, instance_id, source, instance_crn):
    """The source as the service answers; raises where it can't be registered."""
    body = {
        "name": "Backup for VPC",
        "description": "failed backup jobs",
        "enabled": True,
        "source": source,
        "event_notifications_instance_crn": instance_crn,
    }
    url = f"{base_url.rstrip('/')}/v1/instances/{urllib.parse.quote(instance_id, safe='')}/sources"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            # only what was not done may be asked for again: too many requests
            if error.code != 429 or attempt == ATTEMPTS:
                raise RuntimeError(f"{error.code}: {error.read().decode(errors='replace')[:500]}") from None
            time.sleep(min(float(error.headers.get("Retry-After") or 1), 10))
    raise AssertionError("unreachable")


if __name__ == "__main__":
    names = ("BASE_URL", "TOKEN", "INSTANCE_ID", "SOURCE", "INSTANCE_CRN")
    try:
        source = register(*(os.environ[f"BACKUP_EVENTS_{name}"] for name in names))
    except (KeyError, OSError, RuntimeError, ValueError) as problem:
        sys.exit(f"not registered: {problem}")
    print(f"registered as {source['id']}")
