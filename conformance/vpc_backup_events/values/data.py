"""Where the bundled data lies: the schemas and the corpus, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from vpc_backup_events.values.errors import KitError

__all__ = ["data_root"]


def data_root(name: Literal["schemas", "fixtures"]) -> Path:
    """The folder of the bundled schemas or fixtures.

    A wheel carries it inside the package, a checkout at its top. Raises `KitError` where neither is there.
    """
    package = Path(__file__).parents[1]
    for folder in (package / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise KitError(
        f"The folder {name!r} of vpc-backup-events is neither in {package} nor in {package.parents[1]}.",
        "Install the package again; it ships this folder.",
    )
