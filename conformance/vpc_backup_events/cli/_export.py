"""Copies a bundled folder to where the user wants it, without touching what is there already."""

from __future__ import annotations

import argparse
from pathlib import Path

from vpc_backup_events.cli import _terminal
from vpc_backup_events.values.errors import OutputError
from vpc_backup_events.values.output import replacing


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of a verb that exports."""
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="where to; nothing lists what there is")
    parser.add_argument("--force", action="store_true", help="write into a FOLDER that is not empty")


def export(root: Path, folder: str, force: bool, noun: str) -> None:
    """Copies all files under `root` and says how many; without `force` a folder with files raises `OutputError`."""
    target = Path(folder)
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())) and not (force and target.is_dir()):
            what = "is not empty" if target.is_dir() else "is a file"
            raise OutputError(f"{folder} {what}.", "Name another folder, or add --force to write into this one.")
        paths = files(root)
        for path in paths:
            copy = target / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with replacing(copy) as file:
                file.write(path.read_bytes())
    except OSError as error:
        raise OutputError.at(folder, error, "Name a folder that you may write to.") from error
    _terminal.write(f"{len(paths)} {noun} exported to {_terminal.safe(folder)}\n")


def files(root: Path) -> list[Path]:
    """All files under `root`, sorted, without what the file system or an interpreter left there."""
    paths = (path for path in root.rglob("*") if path.is_file() and not _is_left(path.relative_to(root)))
    return sorted(paths, key=lambda path: path.relative_to(root).as_posix())


def _is_left(path: Path) -> bool:
    return any(part.startswith((".", "__pycache__")) for part in path.parts)
