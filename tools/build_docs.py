"""Builds what the documentation has from the catalog: a page, and a table in another.

python tools/build_docs.py           writes docs/requirements.md, and the table of docs/destinations.md
python tools/build_docs.py --check   exits 1 where one would change
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


MARK = "<!-- destinations: made by tools/build_docs.py -->"


def destinations_page(text: str) -> str:
    """docs/destinations.md with the table of the catalog between its marks."""
    before, _, rest = text.partition(MARK)
    _, _, after = rest.partition(MARK)
    lines = ["", "| destination | receives | left open |", "| --- | --- | --- |"]
    for each in catalog.destinations.values():
        receives = f"{each.receives} ([source]({each.source.url}))"
        lines.append("| " + " | ".join((f"`{each.name}`", receives, " ".join(each.left_open))) + " |")
    return f"{before}{MARK}{chr(10).join(lines)}{chr(10)}{MARK}{after}"


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
    """Writes the pages, or compares them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    only_check = parser.parse_args().check
    destinations = ROOT / "docs" / "destinations.md"
    pages = {
        ROOT / "docs" / "requirements.md": "\n".join(requirements_page()) + "\n",
        destinations: destinations_page(destinations.read_text("utf-8")),
    }
    changed = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in changed:
        if only_check:
            print(f"{path.relative_to(ROOT)} is not what the catalog makes; run tools/build_docs.py")
        else:
            path.write_text(pages[path], "utf-8", newline="\n")
    print(f"{len(catalog.requirements)} requirements, {len(catalog.destinations)} destinations")
    return 1 if only_check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
