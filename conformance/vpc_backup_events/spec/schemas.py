"""The registry of schemas and the compiled validators, on one of two engines that find the same.

jsonschema-rs where it is installed, jsonschema elsewhere; chosen on import. The environment variable
VPC_BACKUP_EVENTS_ENGINE forces one of the two by name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from vpc_backup_events.spec.engines import Engine, Schema, Validator
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import UsageError

__all__ = [
    "ENGINES",
    "PREFIX",
    "Validator",
    "engine_for",
    "engine_name",
    "finder",
    "load_engine",
    "schema",
    "schemas",
    "validator",
]

PREFIX = "urn:vpc-backup-events:schema:"
# the engines by the name of their library, the fastest first: module and class
_CLASSES = {
    "jsonschema-rs": ("jsonschema_rs_engine", "JsonschemaRsEngine"),
    "jsonschema": ("jsonschema_engine", "JsonschemaEngine"),
}
ENGINES = tuple(_CLASSES)
_VARIABLE = "VPC_BACKUP_EVENTS_ENGINE"


@cache
def schemas() -> Mapping[str, Schema]:
    """Every schema of an event, its details and its reasons, by `$id`."""
    bundle = json.loads((data_root("schemas") / "bundle.schema.json").read_bytes())
    defs: dict[str, Schema] = bundle["$defs"]
    return defs


def schema(uri: str) -> Schema:
    """The schema at `uri`, a `$id` with or without a JSON Pointer after `#`."""
    node: Any = schemas()
    id, _, path = uri.partition("#")
    node = node[id]
    for step in path.split("/")[1:]:
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node  # type: ignore[no-any-return]


@cache
def validator(uri: str) -> Validator:
    """The compiled validator of the schema at `uri`, made once in a process."""
    return _engine.validator(uri)


def finder(patterns: Iterable[str]) -> Callable[[str], bool]:
    """What says of a text whether one of the patterns, which are such as schemas have, stands in it."""
    return _engine.finder(patterns)


def engine_name() -> str:
    """Which engine judges: `jsonschema-rs` or `jsonschema`."""
    return _name


def engine_for(more: Mapping[str, Schema]) -> Engine:
    """The engine in use, on other schemas: by `$id`."""
    return load_engine(_name, more)


def load_engine(name: str, schemas: Mapping[str, Schema]) -> Engine:
    """One of `ENGINES` on these schemas, by `$id`; raises `ImportError` where its library is not installed."""
    module, class_name = _CLASSES[name]
    engine: Engine = getattr(import_module(f"vpc_backup_events.spec.engines.{module}"), class_name)(schemas)
    return engine


def _choose() -> tuple[str, Engine]:
    choice = os.environ.get(_VARIABLE, "")
    if choice and choice not in ENGINES:
        raise UsageError(f"{_VARIABLE} is {choice!r}.", hint=f"Set it to one of {', '.join(ENGINES)}, or unset it.")
    for name in [choice] if choice else ENGINES:
        try:
            import_module(f"vpc_backup_events.spec.engines.{_CLASSES[name][0]}")
        except ImportError as error:
            if choice:
                raise UsageError(
                    f"{_VARIABLE} asks for {name}, which can't be imported: {error}.",
                    hint=f"Install {name}, or unset {_VARIABLE}.",
                ) from None
        else:
            return name, load_engine(name, schemas())
    raise UsageError("Neither jsonschema-rs nor jsonschema can be imported.", hint="Install jsonschema.")


_name, _engine = _choose()
