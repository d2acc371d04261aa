"""Files that a tool makes of the catalog: written, or with `--check` compared with what is there."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def as_json(value: Any, indent: int = 2) -> bytes:
    """JSON as the repository has it."""
    return (json.dumps(value, indent=indent, ensure_ascii=False) + "\n").encode()


def write_or_compare(
    about: str | None, make: Callable[[], Mapping[Path, bytes]], present: Callable[[], Iterable[Path]] = tuple
) -> int:
    """Writes the files that `make` gives, or compares them; of those that are `present` the others are stale.

    `about` is what `--help` says. Returns the exit status: 1 where files differ and nothing may be written.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    is_check: bool = parser.parse_args().check
    files = make()
    changed = sorted(path for path, data in files.items() if not path.exists() or path.read_bytes() != data)
    stale = sorted(set(present()) - set(files))
    if is_check:
        for path in [*changed, *stale]:
            print(f"{path.relative_to(ROOT)} is not what its tool makes; run tools/{Path(sys.argv[0]).name}")
        return 1 if changed or stale else 0
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path])
    for path in stale:
        path.unlink()
    print(f"{len(files)} files, {len(changed)} written, {len(stale)} removed")
    return 0
