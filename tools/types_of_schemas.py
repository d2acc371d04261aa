"""The schemas for generators of types, and the npm package of schemas, corpus and TypeScript types.

    python tools/types_of_schemas.py document FILE            writes the document that the generators read
    python tools/types_of_schemas.py pack --node FOLDER DIST  packs for npm

FOLDER has what tools/types_of_schemas/package.json names installed. `nox -s build` packs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events._version import __version__
from vpc_backup_events.spec.openapi import with_event_schemas
from vpc_backup_events.spec.schemas import PREFIX
from vpc_backup_events.values.data import data_root

ROOT = Path(__file__).parents[1]
DOCUMENT = "types.schema.json"
# what a type can say; patterns, conditions and ids of requirements are for validators
KEPT = ("type", "const", "enum", "title", "description", "required")
COMPONENT = "#/components/schemas/"

Node = dict[str, Any]


# ------------------------------------------------------------------------------------------------- the document


def document() -> Node:
    """One schema with a definition for each event type, for any of them, and for the details; an event type has all
    members in one place, and nothing is referred to outside of the document.
    """
    sources = {type_name(kind.name): f"event:{kind.name}" for kind in catalog.event_types.values()}
    events = list(sources)
    sources["Details"] = "details:long-text"
    contained = with_event_schemas(
        {"components": {"schemas": {}}, "sources": {name: {"$ref": PREFIX + uri} for name, uri in sources.items()}}
    )
    schemas = contained["components"]["schemas"]
    definitions = {name: {**shape(node, schemas), "title": name} for name, node in contained["sources"].items()}
    definitions["BackupEvent"] = {
        "title": "BackupEvent",
        "description": "An event of Backup for VPC; `ibmendefaultlong` has the details as JSON.",
        "anyOf": [{"$ref": f"#/definitions/{name}"} for name in events],
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "EventWithDetails",
        "description": "An event, and the details that it has as text.",
        "type": "object",
        "required": ["event", "details"],
        "properties": {
            "event": {"$ref": "#/definitions/BackupEvent"},
            "details": {"$ref": "#/definitions/Details"},
        },
        "definitions": definitions,
    }


def type_name(event_type: str) -> str:
    """The name of the type of an event: `BackupVolumeCreation` for `backup-volume-creation`."""
    return "".join(word.capitalize() for word in event_type.split("-"))


def shape(node: Node, schemas: Node) -> Node:
    """What is left of a schema for a type: everything that it builds on in one place, and no more than `KEPT`."""
    parts = [shape(part, schemas) for part in node.get("allOf", ())]
    if "$ref" in node:
        parts.append(shape(schemas[node["$ref"].removeprefix(COMPONENT)], schemas))
    own = {keyword: node[keyword] for keyword in KEPT if keyword in node}
    if "properties" in node:
        own["properties"] = {name: shape(value, schemas) for name, value in node["properties"].items()}
    if "items" in node:
        own["items"] = shape(node["items"], schemas)
    return reduce(merged, [*parts, own], {})


def merged(first: Node, second: Node) -> Node:
    """Both shapes in one; what the second says of a member goes before what the first says."""
    both = {**first, **second}
    if "required" in first and "required" in second:
        both["required"] = list(dict.fromkeys([*first["required"], *second["required"]]))
    if "properties" in first and "properties" in second:
        here, there = first["properties"], second["properties"]
        common = {name: merged(here[name], there[name]) for name in here.keys() & there.keys()}
        both["properties"] = {name: common.get(name, value) for name, value in {**here, **there}.items()}
    return both


# ------------------------------------------------------------------------------------------------- the npm package


def pack(node: Path, dist: Path) -> Path:
    """Packs schemas, corpus and TypeScript types for npm, and says where the package is."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for data in ("schemas", "fixtures"):
            shutil.copytree(data_root(data), folder / data)
        write(folder / "schemas" / DOCUMENT)
        generator = node / "node_modules" / ".bin" / "json2ts"
        run([generator, "--input", folder / "schemas" / DOCUMENT, "--output", folder / "types.d.ts"], folder)
        for file in ("index.mjs", "index.d.ts", "README.md"):
            shutil.copy(Path(__file__).with_suffix("") / "package" / file, folder)
        shutil.copy(ROOT / "LICENSE", folder)
        manifest = {
            "name": "vpc-backup-events",
            "version": __version__,
            "description": "Schemas, conformance cases and types of the events of IBM Cloud Backup for VPC",
            "license": "Apache-2.0",
            "type": "module",
            "exports": {
                ".": {"types": "./index.d.ts", "default": "./index.mjs"},
                "./schemas/*": "./schemas/*",
                "./fixtures/*": "./fixtures/*",
            },
            "files": ["fixtures", "schemas", "types.d.ts", "index.d.ts", "index.mjs"],
        }
        (folder / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
        dist.mkdir(parents=True, exist_ok=True)
        (packed,) = json.loads(run(["npm", "pack", "--json", "--pack-destination", dist.resolve()], folder))
    return dist / str(packed["filename"])


def write(path: Path) -> None:
    """Writes the document."""
    path.write_text(json.dumps(document(), indent=2) + "\n", "utf-8")


def run(command: list[Any], folder: Path, **options: Any) -> str:
    """What a program prints; one that fails says why, and ends this one."""
    process = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", **options)
    if process.returncode:
        printed = process.stdout[-3_000:] + process.stderr[-3_000:]
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{printed}")
    return str(process.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("document").add_argument("file", type=Path)
    packing = verbs.add_parser("pack")
    packing.add_argument("--node", type=Path, required=True, help="folder with node_modules")
    packing.add_argument("dist", type=Path)
    arguments = parser.parse_args()
    if arguments.verb == "document":
        write(arguments.file)
    else:
        print(pack(arguments.node.resolve(), arguments.dist))


if __name__ == "__main__":
    main()
