"""`schemas`: the bundled JSON Schemas, usable without this program."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from vpc_backup_events.cli import _export, _terminal

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
    if arguments.folder is not None:
        _export.export(root, arguments.folder, arguments.force, "schema files")
        return 0
    _terminal.write("".join(f"{id}  {path}  {title}\n" for id, path, title in sorted(_schemas(root))))
    return 0


def _schemas(root: Path) -> Iterator[tuple[str, str, str]]:
    for path in _export.files(root):
        if path.suffix != ".json":
            continue
        document = json.loads(path.read_bytes())
        if isinstance(document, dict) and "$schema" in document and "$id" in document:
            yield document["$id"], path.relative_to(root).as_posix(), document.get("title", "")
