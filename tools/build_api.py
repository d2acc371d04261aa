"""Builds the descriptions of the two APIs, OpenAPI 3.1, and of the events as messages, AsyncAPI 3.

python tools/build_api.py           writes schemas/api/*.openapi.json and *.asyncapi.json
python tools/build_api.py --check   exits 1 and names the files that would change

`x-requirements` names the requirements that a part of the description carries: in a schema keyword by keyword, as in
the other schemas, elsewhere a list.
"""

from __future__ import annotations

import argparse
import json
import sys

import api_backup_jobs
import api_event_notifications
import api_messages
from vpc_backup_events.values.data import data_root


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    check: bool = parser.parse_args().check
    folder = data_root("schemas") / "api"
    documents = {
        "event-notifications.openapi.json": api_event_notifications.document(),
        "vpc-backup-jobs.openapi.json": api_backup_jobs.document(),
        "backup-events.asyncapi.json": api_messages.document(),
    }
    texts = {folder / name: json.dumps(made, indent=2, ensure_ascii=False) + "\n" for name, made in documents.items()}
    changed = sorted(path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text)
    for path in changed:
        if check:
            print(f"{path.relative_to(folder.parents[1])} is not what its tool makes; run tools/build_api.py")
        else:
            folder.mkdir(exist_ok=True)
            path.write_text(texts[path], "utf-8", newline="\n")
    if not check:
        print(f"{len(texts)} descriptions, {len(changed)} written")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
