"""Says whether the working schemas accept everything that an older bundle accepted, as text for the changelog.

    git show v0.1.0:schemas/bundle.schema.json > old.json
    python tools/compare_schemas.py old.json [--new BUNDLE] [--corpus FOLDER] [--strict]

Each schema is taken apart into its properties and the keywords beside them; what changed is subtracted, old less new,
by jsonschema-rs. Nothing left proves that the new one accepts all; something left, that it does not; where that can't
be decided, a person has to look. The events of a corpus, which may be older too, are held against both.

Exit status: 0 nothing became narrower; 1 something did, or with --strict something is undecided; 2 unreadable input.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import jsonschema_rs

from vpc_backup_events.reading import NOTHING, Message, read
from vpc_backup_events.spec.engines.jsonschema_rs_engine import JsonschemaRsEngine
from vpc_backup_events.values.data import data_root

Schema = dict[str, Any]
Bundle = Mapping[str, Schema]
ANNOTATIONS = {
    "$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated", "x-requirements",
    "contentMediaType", "contentSchema", "$defs",
}  # fmt: skip
# keywords that hold subschemas by name, each of which is compared alone
NAMED = ("properties", "patternProperties", "dependentSchemas")
COMPATIBLE, NARROWER, UNDECIDED = "Compatible", "Narrower", "Undecided"


# keywords whose parts have places of their own
TAKEN_APART = ("$ref", "allOf", "required", *NAMED)


@dataclass
class Parts:
    """A schema taken apart: what holds at each place, all of it together."""

    at: dict[str, list[Schema]] = field(default_factory=dict)

    def add(self, place: str, schema: Schema) -> None:
        """What holds at the place as well."""
        bare_schema = bare(schema)
        if bare_schema not in self.at.setdefault(place, []):
            self.at[place].append(bare_schema)


def bare(node: Any) -> Any:
    """The schema without annotations, at any depth."""
    if isinstance(node, list):
        return [bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword in NAMED:
            plain[keyword] = {name: bare(schema) for name, schema in value.items()}
        elif keyword not in ANNOTATIONS:
            plain[keyword] = bare(value)
    return plain


def resolved(uri: str, base: str, bundle: Bundle) -> tuple[Schema, str]:
    """The schema that a `$ref` leads to within the bundle, and the `$id` that it stands in."""
    id, _, path = uri.partition("#")
    here: Any = bundle[id or base]
    for step in path.split("/")[1:]:
        here = here[step.replace("~1", "/").replace("~0", "~")]
    return here, id or base


def inlined(node: Any, base: str, bundle: Bundle) -> Any:
    """The schema with every `$ref` replaced by what it leads to."""
    if isinstance(node, list):
        return [inlined(item, base, bundle) for item in node]
    if not isinstance(node, dict):
        return node
    rest = {k: inlined(v, base, bundle) for k, v in node.items() if k not in ("$ref", *ANNOTATIONS)}
    if "$ref" not in node:
        return rest
    target, home = resolved(node["$ref"], base, bundle)
    return {**rest, "allOf": [*rest.get("allOf", []), inlined(target, home, bundle)]}


def take_apart(schema: Schema, base: str, bundle: Bundle, parts: Parts) -> Parts:
    """Adds what the schema demands at each place to the parts."""
    if "$ref" in schema:
        take_apart(*resolved(schema["$ref"], base, bundle), bundle, parts)
    for part in schema.get("allOf", []):
        take_apart(part, base, bundle, parts)
    for keyword in NAMED:
        for name, member in schema.get(keyword, {}).items():
            parts.add(name if keyword == "properties" else f"{keyword} {name}", inlined(member, base, bundle))
    for name in schema.get("required", []):
        parts.add(f"required {name}", {"required": [name]})
    rest = {k: inlined(v, base, bundle) for k, v in schema.items() if k not in (*TAKEN_APART, *ANNOTATIONS)}
    conditional: Schema = {str(k): rest.pop(k) for k in ("if", "then", "else") if k in rest}
    wholes: list[Schema] = [conditional, *({k: v} for k, v in rest.items())]
    for whole in wholes:
        if whole:
            parts.add(" ".join(whole), whole)
    return parts


def documents(bundle: Bundle) -> Iterator[tuple[str, Schema, str]]:
    """Every schema that an instance is held against: name, schema, and the `$id` that it stands in."""
    for id, schema in bundle.items():
        yield id, schema, id
        for name, definition in schema.get("$defs", {}).items():
            yield f"{id}#/$defs/{name}", definition, id


def compare(old: Bundle, new: Bundle) -> Iterator[tuple[str, str]]:
    """What changed: a verdict, and a line that says where."""
    before, after = by_name(old), by_name(new)
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield NARROWER, f"`{name}` was removed"
        elif name not in before:
            yield COMPATIBLE, f"`{name}` was added"
        else:
            one = take_apart(*before[name], old, Parts()).at
            two = take_apart(*after[name], new, Parts()).at
            for place in dict.fromkeys([*one, *two]):
                verdict = difference(one.get(place, []), two.get(place, []))
                if verdict:
                    yield verdict, f"`{name}`: `{place}` {change(one.get(place, []), two.get(place, []))}"


def by_name(bundle: Bundle) -> dict[str, tuple[Schema, str]]:
    """Every schema of a bundle, and the `$id` that it stands in."""
    return {name: (schema, base) for name, schema, base in documents(bundle)}


def difference(old: list[Schema], new: list[Schema]) -> str:
    """Whether all that is accepted at a place by the old is accepted by the new; empty where nothing changed."""
    added = [schema for schema in new if schema not in old]
    if not added:
        return "" if len(old) == len(new) else COMPATIBLE
    try:
        before, after = (jsonschema_rs.canonicalize({"allOf": all} if all else {}) for all in (old, added))
        left = str(before.subtract(after).satisfiability()).rpartition(".")[2].upper()
    except Exception:
        # the library refuses what it can't represent, with classes of several kinds
        return UNDECIDED
    return {"NO": COMPATIBLE, "YES": NARROWER}.get(left, UNDECIDED)


def change(old: list[Schema], new: list[Schema]) -> str:
    """The change as text."""
    now = joined([schema for schema in new if schema not in old])
    if not old:
        return f"is new: {now}"
    was = joined([schema for schema in old if schema not in new])
    return "is no longer demanded" if not new else f"was {was}, is {now}"


def joined(schemas: list[Schema]) -> str:
    """The schemas as one, as JSON."""
    return json.dumps(schemas[0] if len(schemas) == 1 else {"allOf": schemas}, ensure_ascii=False)


def corpus(folder: Path, old: Bundle, new: Bundle) -> Iterator[tuple[str, str]]:
    """Cases that a schema of the old bundle accepted, and that its namesake refuses."""
    before, after = JsonschemaRsEngine(old), JsonschemaRsEngine(new)
    shared = [name for name in by_name(old) if name in by_name(new)]
    validators = {name: (before.validator(name), after.validator(name)) for name in shared}
    for case in json.loads((folder / "manifest.json").read_bytes())["cases"]:
        data = (folder / case["file"]).read_bytes()
        reading = read(Message.parse(data) or data)
        for name, (accepts, still_accepts) in validators.items():
            is_event = ":schema:event:" in name and "#" not in name
            instance = reading.event if is_event else reading.details
            if instance is not NOTHING and accepts.is_valid(instance) and not still_accepts.is_valid(instance):
                yield NARROWER, f"`{name}` refuses the case `{case['file']}`, which it accepted"


def loaded(path: Path) -> Bundle:
    """The schemas of a bundle by `$id`; ends the program where there is none."""
    try:
        bundle = json.loads(path.read_bytes())
        schemas: dict[str, Any] = bundle["$defs"]
        if not all("$id" in dict(schema) for schema in schemas.values()):
            raise KeyError("$id")
    except OSError as error:
        stop(f"{path}: {error.strerror}. Name a bundle, such as an older schemas/bundle.schema.json.")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        stop(f"{path} is no bundle of schemas ({error}). Name an older schemas/bundle.schema.json.")
    return schemas


def stop(message: str) -> NoReturn:
    """Ends the program: the question could not be asked."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


def main() -> int:
    """Compares, prints, and returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, metavar="OLD", help="bundle of an older version")
    parser.add_argument("--new", type=Path, default=data_root("schemas") / "bundle.schema.json")
    parser.add_argument("--corpus", type=Path, default=data_root("fixtures"), help="folder with a manifest")
    parser.add_argument("--strict", action="store_true", help="what is undecided fails as well")
    arguments = parser.parse_args()
    old, new = loaded(arguments.old), loaded(arguments.new)
    try:
        changes = [*compare(old, new), *corpus(arguments.corpus, old, new)]
    except (OSError, ValueError, KeyError) as error:
        stop(
            f"The schemas or the corpus can't be read: {error!r}. Name whole bundles, and a folder with manifest.json."
        )
    for verdict in (NARROWER, UNDECIDED, COMPATIBLE):
        lines = dict.fromkeys(line for kind, line in changes if kind == verdict)
        if lines:
            print(f"### {verdict}\n\n" + "".join(f"- {line}\n" for line in lines))
    if not changes:
        print("No schema changed.")
    verdicts = {verdict for verdict, _ in changes}
    return 1 if NARROWER in verdicts or (arguments.strict and UNDECIDED in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
