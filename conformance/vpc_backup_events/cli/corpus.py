"""`corpus`: the bundled example events with their expected verdicts."""

from __future__ import annotations

import argparse

from vpc_backup_events.cli import _export

EXAMPLES = """\
examples:
  vpc-backup-events corpus
  vpc-backup-events corpus ./corpus
"""

configure = _export.configure


def run(arguments: argparse.Namespace) -> int:
    """Exports the corpus to the folder, or lists its files."""
    from vpc_backup_events.values.data import data_root

    root = data_root("fixtures")
    listing = (path.relative_to(root).as_posix() for path in _export.files(root))
    return _export.run(arguments, root, "corpus files", listing)
