"""Lists what is bundled, or copies it to where the user wants it, without touching what is there already."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from vpc_backup_events.cli import _terminal
from vpc_backup_events.values.errors import OutputError
from vpc_backup_events.values.output import replacing


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of a verb that exports."""
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="where to; nothing lists what there is")
    parser.add_argument("--force", action="store_true", help="write into a FOLDER that is not empty")


def run(arguments: argparse.Namespace, root: Path, noun: str, listing: Iterable[str]) -> int:
    """Copies all files under `root` and says how many, or prints the lines of the listing. Raises `OutputError`."""
    if arguments.folder is None:
        _terminal.write("".join(f"{line}\n" for line in listing))
        return 0
    target = Path(arguments.folder)
    try:
        is_full = target.is_dir() and not arguments.force and any(target.iterdir())
        if is_full or (target.exists() and not target.is_dir()):
            what = "is not empty" if is_full else "is a file"
            raise OutputError(
                f"{arguments.folder} {what}.", "Name another folder, or add --force to write into this one."
            )
        paths = files(root)
        for path in paths:
            copy = target / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with replacing(copy) as file:
                file.write(path.read_bytes())
    except OSError as error:
        raise OutputError.at(arguments.folder, error, "Name a folder that you may write to.") from error
    _terminal.write(f"{len(paths)} {noun} exported to {_terminal.safe(arguments.folder)}\n")
    return 0


def files(root: Path) -> list[Path]:
    """All files under `root`, sorted, without what the file system or an interpreter left there."""
    paths = (path for path in root.rglob("*") if path.is_file() and not _is_left(path.relative_to(root)))
    return sorted(paths, key=lambda path: path.relative_to(root).as_posix())


def _is_left(path: Path) -> bool:
    return any(part.startswith((".", "__pycache__")) for part in path.parts)
