"""Draws docs/architecture.svg from the contract of import-linter in pyproject.toml: the floors, from the top down.

python tools/draw_architecture.py            draws
python tools/draw_architecture.py --check    whether the drawing is that of the contract
"""

from __future__ import annotations

import argparse
import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "conformance" / "vpc_backup_events"
DRAWING = ROOT / "docs" / "architecture.svg"
# floors that hold no room of their own
NOT_DRAWN = {"_version"}

# in pixels: a room on its floor, what is around the rooms, and between two floors
ROOM, AROUND, GAP = 38, 8, 8
WIDTH = 840

TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" role="img" aria-labelledby="t d">
<title id="t">The floors of the package</title>
<desc id="d">From the top: {{ names | join("; ") }}. A floor imports only floors below it.</desc>
<style>
text { font: 14px system-ui, sans-serif; fill: #161616 }
.name { font-weight: 600 }
.what { font-size: 12.5px; fill: #525252 }
.floor { fill: #edf5ff; stroke: #4589ff }
.data { fill: #defbe6; stroke: #24a148 }
@media (prefers-color-scheme: dark) {
  text { fill: #f4f4f4 } .what { fill: #c6c6c6 }
  .floor { fill: #001d6c; stroke: #4589ff } .data { fill: #022d0d; stroke: #24a148 }
}
</style>
{% for box in boxes %}
<rect x="20" y="{{ box.top }}" width="{{ width - 40 }}" height="{{ box.height }}" rx="6" class="{{ box.kind }}"/>
{% for room in box.rooms %}
<text x="36" y="{{ box.top + around + loop.index0 * size + 14 }}" class="name">{{ room.name }}</text>
<text x="36" y="{{ box.top + around + loop.index0 * size + 31 }}" class="what">{{ room.what }}</text>
{% endfor %}
{% endfor %}
</svg>
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A package or module at the root, and the first sentence that it says of itself."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Box:
    """A floor as it is drawn; `top` and `height` in pixels, `kind` a class of the style."""

    rooms: tuple[Room, ...]
    top: int
    kind: str

    def __str__(self) -> str:
        return ", ".join(room.name for room in self.rooms)

    @property
    def height(self) -> int:
        """What its rooms take, and what is around them."""
        return len(self.rooms) * ROOM + AROUND


def main() -> int:
    """Draws, or compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 where the drawing is another one")
    check = parser.parse_args().check
    drawing = draw(floors())
    if not check:
        DRAWING.write_text(drawing, "utf-8")
        return 0
    if DRAWING.read_text("utf-8") == drawing:
        return 0
    print(f"{DRAWING.relative_to(ROOT)} is not what the contract says; run tools/draw_architecture.py")
    return 1


def floors() -> list[tuple[Room, ...]]:
    """The floors from the top down."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    floors: list[tuple[Room, ...]] = []
    for layer in layers:
        names = [name.strip() for name in layer.split("|")]
        if not NOT_DRAWN & set(names):
            floors.append(tuple(Room(name, _sentence(name)) for name in names))
    return floors


def _sentence(name: str) -> str:
    """The first line of the docstring of a package or module."""
    folder = PACKAGE / name
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0].replace("`", "")


def draw(floors: list[tuple[Room, ...]]) -> str:
    """The drawing, as SVG."""
    boxes: list[Box] = []
    top = 20
    for rooms in floors:
        boxes.append(Box(rooms, top, "floor"))
        top += boxes[-1].height + GAP
    boxes.append(Box((DATA,), top + GAP, "data"))
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.from_string(TEMPLATE).render(
        boxes=boxes,
        names=[str(box) for box in boxes],
        width=WIDTH,
        height=boxes[-1].top + boxes[-1].height + 20,
        around=AROUND,
        size=ROOM,
    )


DATA = Room("schemas/, fixtures/", "The specification as data, and the corpus: plain JSON, useful without Python.")


if __name__ == "__main__":
    raise SystemExit(main())
