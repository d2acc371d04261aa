"""Builds the pages of the documentation that are made from the catalog.

python tools/build_docs.py           writes docs/requirements.md
python tools/build_docs.py --check   exits 1 where it would change
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Requirement

ROOT = Path(__file__).parents[1]


def requirements_page() -> Iterator[str]:
    """The lines of docs/requirements.md: one a requirement."""
    every = sorted(catalog.requirements.values(), key=lambda requirement: requirement.position)
    yield "# Requirements"
    yield ""
    yield "Made from `schemas/catalog/` by `tools/build_docs.py`; an edit here is lost."
    yield ""
    judged = sum(requirement.status == "checked" for requirement in every)
    yield f"{len(every)} requirements; this version judges {judged}, the others are planned."
    yield "Level: of a finding in the documented profile, then in strict."
    for position, group in groupby(every, key=lambda requirement: requirement.position):
        yield ""
        yield f"## {position} {catalog.positions[position].title}"
        yield ""
        yield "| id | requirement | level | binds | source | state |"
        yield "| --- | --- | --- | --- | --- | --- |"
        yield from map(_row, group)


def _row(requirement: Requirement) -> str:
    levels = ", ".join(requirement.profiles[profile] for profile in ("documented", "strict"))
    source = f"[{requirement.source.document.title}]({requirement.doc})"
    kind = f"inferred: {requirement.basis}" if requirement.basis else requirement.kind
    cells = (
        f"`{requirement.id}`",
        requirement.sentence,
        levels,
        ", ".join(requirement.subject),
        f"{source}, {kind}",
        requirement.status,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    """Writes the page, or compares it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    path = ROOT / "docs" / "requirements.md"
    text = "\n".join(requirements_page()) + "\n"
    if parser.parse_args().check:
        if not path.exists() or path.read_text("utf-8") != text:
            print("docs/requirements.md is not what the catalog makes; run tools/build_docs.py")
            return 1
        return 0
    path.write_text(text, "utf-8", newline="\n")
    print(f"{path.name}: {len(catalog.requirements)} requirements")
    return 0


if __name__ == "__main__":
    sys.exit(main())
