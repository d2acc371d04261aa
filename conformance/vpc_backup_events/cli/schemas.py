"""`schemas`: the bundled JSON Schemas, usable without this program."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from vpc_backup_events.cli import _export

EXAMPLES = """\
examples:
  vpc-backup-events schemas
  vpc-backup-events schemas ./schemas
  vpc-backup-events schemas ./schemas --force
"""

configure = _export.configure


def run(arguments: argparse.Namespace) -> int:
    """Exports the schemas to the folder, or lists id, file and title of each."""
    from vpc_backup_events.values.data import data_root

    root = data_root("schemas")
    return _export.run(arguments, root, "schema files", _listing(root))


def _listing(root: Path) -> Iterator[str]:
    schemas = []
    for path in _export.files(root):
        document = json.loads(path.read_bytes()) if path.suffix == ".json" else None
        if isinstance(document, dict) and "$schema" in document and "$id" in document:
            schemas.append((document["$id"], path.relative_to(root).as_posix(), document.get("title", "")))
    yield from map("  ".join, sorted(schemas))
