"""Compares what a newer version of the Terraform provider declares with `schemas/registration/terraform-provider.json`.

    terraform providers schema -json > schema.json
    python tools/compare_provider.py schema.json

prints each resource and argument that differs, and exits 1 where one does. A file in the form of
terraform-provider.json is taken as well. The output of Terraform does not say which values, lengths, patterns and
conflicts the provider checks itself: these are compared only where both files have them. New resources are those that
begin as one of ours.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vpc_backup_events.values.data import data_root

OURS = data_root("schemas") / "registration" / "terraform-provider.json"
PREFIXES = ("ibm_en_", "ibm_is_backup_policy", "ibm_iam_authorization_policy")
# what only the provider's code says
CODE = ("values", "minLength", "maxLength", "pattern", "min", "max", "default", "conflictsWith", "atLeastOneOf")
FLAGS = ("required", "optional", "computed")
IGNORED = ("deprecated", "sensitive", *CODE)
# how Terraform names the types of values
TYPES = {"number": "int"}
# every resource has it, and no page lists it
IMPLICIT = "id"
Declared = Mapping[str, Any]


def main() -> int:
    """Prints the differences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="output of `terraform providers schema -json`, or a newer copy")
    document = json.loads(parser.parse_args().file.read_bytes())
    ours = json.loads(OURS.read_bytes())["resources"]
    changes = list(differences(ours, resources_of(document)))
    print("\n".join(changes) or f"{len(ours)} resources are declared as they were")
    return 1 if changes else 0


def resources_of(document: Declared) -> Declared:
    """The resources of a file in either form; raises `SystemExit` where it is in none."""
    if "resources" in document:
        resources: Declared = document["resources"]
        return resources
    for name, provider in document.get("provider_schemas", {}).items():
        if name.lower().endswith("/ibm-cloud/ibm"):
            return {
                type: _arguments(schema["block"], is_resource=True)
                for type, schema in provider["resource_schemas"].items()
            }
    raise SystemExit("The file holds no schema of the provider ibm-cloud/ibm.")


def differences(older: Declared, newer: Declared) -> Iterator[str]:
    """One line for each difference between the resources of two files."""
    for type in sorted(older):
        if type in newer:
            yield from _compared(older[type], newer[type], type)
        else:
            yield f"{type}: is gone"
    for type in sorted(set(newer) - set(older)):
        if type.startswith(PREFIXES):
            yield f"{type}: is new"


def _compared(older: Declared, newer: Declared, path: str, is_settable: bool = True) -> Iterator[str]:
    """The differences of one block; what can only be read is compared by names and types."""
    for name in sorted(older):
        where = f"{path}.{name}"
        if name not in newer:
            yield f"{where}: is gone"
            continue
        before, after = older[name], newer[name]
        for member in sorted((set(before) | set(after)) - _left_out(before, is_settable)):
            if before.get(member) != after.get(member):
                yield f"{where}: {member} was {before.get(member)}, is {after.get(member)}"
        for member in CODE:
            if member in before and member in after and before[member] != after[member]:
                yield f"{where}: {member} was {before[member]}, is {after[member]}"
        if ("block" in before) != ("block" in after):
            yield f"{where}: {'is no block any more' if 'block' in before else 'is a block now'}"
        elif "block" in before:
            yield from _compared(before["block"], after["block"], where, "optional" in before or "required" in before)
    for name in sorted(set(newer) - set(older)):
        yield f"{path}.{name}: is new"


def _left_out(declared: Declared, is_settable: bool) -> set[str]:
    """Members that are not compared, or in another way."""
    if not is_settable:
        return {"block", *IGNORED, *FLAGS}
    # Terraform does not say of a block that it is computed, too
    return {"block", *IGNORED, *(["computed"] if "block" in declared else [])}


def _arguments(block: Declared, is_resource: bool = False) -> dict[str, Any]:
    """What Terraform says of a block, in the form of the kit's file."""
    arguments: dict[str, Any] = {}
    for name, attribute in block.get("attributes", {}).items():
        if not (is_resource and name == IMPLICIT):
            arguments[name] = _attribute(attribute)
    for name, nested in block.get("block_types", {}).items():
        argument = {"block": _arguments(nested["block"]), "type": nested["nesting_mode"]}
        argument |= {"required" if nested.get("min_items") else "optional": True}
        if nested.get("max_items"):
            argument["maxItems"] = nested["max_items"]
        arguments[name] = argument
    return arguments


def _attribute(attribute: Declared) -> dict[str, Any]:
    flags = {flag: True for flag in FLAGS if attribute.get(flag)}
    return {**_type(attribute["type"]), **flags}


def _type(type: Any) -> dict[str, Any]:
    """A type as Terraform writes it: a name, or a kind of collection and what is in it."""
    if isinstance(type, str):
        return {"type": TYPES.get(type, type)}
    kind, inside = type
    if isinstance(inside, list) and inside[0] == "object":
        # blocks that can only be read
        return {"type": kind, "block": {name: {**_type(of), "computed": True} for name, of in inside[1].items()}}
    return {"type": kind, **({"of": TYPES.get(inside, inside)} if isinstance(inside, str) else {})}


if __name__ == "__main__":
    sys.exit(main())
